"""What users list and search."""
