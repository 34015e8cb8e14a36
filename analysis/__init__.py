"""Figures from counts: lists, sums, estimates, coverage, exports. The functions here are for notebooks."""

from __future__ import annotations

from typing import Any

_FRAMES = ("captures", "documents", "observations", "pages", "sums")

__all__ = ["captures", "documents", "observations", "pages", "sums"]


def __getattr__(name: str) -> Any:
    """What notebooks use, loaded on first use: commands need none of it."""
    if name in _FRAMES:
        from analysis import frames

        return getattr(frames, name)
    raise AttributeError(f"module 'analysis' has no attribute {name!r}")
