"""From a row back to the archive."""
