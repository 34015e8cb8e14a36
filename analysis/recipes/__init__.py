"""Recipes: how totals of some places become a figure for a region. One recipe is one module; a campaign names one."""

from __future__ import annotations

from analysis.recipes.exemplar import EXEMPLAR
from analysis.recipes.latest import LATEST
from analysis.recipes.pooling import POOLING
from analysis.recipes.recipe import Options, Recipe
from analysis.recipes.resampling import BOOTSTRAP

RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in (EXEMPLAR, LATEST, BOOTSTRAP, POOLING)}

__all__ = ["BOOTSTRAP", "EXEMPLAR", "LATEST", "POOLING", "RECIPES", "Options", "Recipe"]
