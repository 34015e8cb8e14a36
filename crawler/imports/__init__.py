"""Files that others saved, and lists of sources."""
