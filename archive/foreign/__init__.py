"""WARC, ARC and WACZ files that others wrote."""
