"""Texts of Word files."""
