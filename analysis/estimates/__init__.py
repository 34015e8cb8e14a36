"""From reported figures to an estimate for a region."""
