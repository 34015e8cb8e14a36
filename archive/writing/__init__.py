"""Records on their way to the disk, durable and whole."""
