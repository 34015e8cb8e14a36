"""One spider for each sort of host."""
