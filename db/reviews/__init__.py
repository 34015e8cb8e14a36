"""Verdicts of reviewers, and what they make of readings."""
