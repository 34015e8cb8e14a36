"""The `holdfast` command: thin, one file for each group of commands."""
