"""A study as a report: tables, charts and numbered notes that end in digests, as HTML and Markdown."""
