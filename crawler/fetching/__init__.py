"""What happens to one request on its way: queued, routed, asked for, archived, decoded."""
