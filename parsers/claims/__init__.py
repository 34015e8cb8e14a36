"""From an article's text to claims: recognisers find spans with values, a composer ties them together."""
