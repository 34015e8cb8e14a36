"""Who is told of what: deleted pages, altered figures, new reports, failures; by e-mail, webhook and feed."""
