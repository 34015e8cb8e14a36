"""Pages looked at again: when, why, and what is rescued while it is there."""
