"""Where places are: their outlines, for maps."""
