"""Claims added up, so that nothing counts twice."""
