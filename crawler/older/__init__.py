"""Older captures: what web archives of others keep of a page, and how it comes into ours."""
