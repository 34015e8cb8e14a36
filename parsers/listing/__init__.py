"""Columns and indexes: the links they list, and where they go on."""
