"""`latest-cumulative`: the running totals alone, nothing for places without one. A floor."""

from __future__ import annotations

from analysis.recipes.recipe import Recipe

LATEST = Recipe("latest-cumulative")
