"""Pages: their addresses, their looks, what they need and where they lead."""
