"""Pages read in a process beside the crawl."""
