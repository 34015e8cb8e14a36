"""WARC records as bytes."""
