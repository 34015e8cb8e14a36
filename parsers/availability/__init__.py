"""What a look at a page found."""
