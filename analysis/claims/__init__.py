"""Observations that say the same, taken as one claim."""
