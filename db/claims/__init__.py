"""Claims that are kept of a campaign, and what has changed of them."""
