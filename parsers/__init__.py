"""Bytes in, documents and observations out: pure functions and values, no I/O."""
