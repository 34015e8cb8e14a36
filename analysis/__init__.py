"""Figures from counts: estimates, coverage, exports."""
