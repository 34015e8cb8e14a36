"""What a study rests on, and what it finds besides its figures."""
