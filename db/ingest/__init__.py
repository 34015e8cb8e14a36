"""From captures to rows, once and again."""
