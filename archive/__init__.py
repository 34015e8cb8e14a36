"""Bytes at rest: WARC files, their index, the custody log, packages for others, replay."""
