"""When Python looks for objects that only hold each other: seldom, because what we make much of holds few of them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

EVERY = 50_000
"""Objects more than before that start a look. Python's 700 cost the crawling process a sixth of its time."""


def collect_seldom() -> None:
    """For the rest of this process."""
    gc.set_threshold(EVERY, *gc.get_threshold()[1:])


@contextmanager
def uncollected() -> Iterator[None]:
    """Not until the block ends: the search goes through a million new values again and again, and finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def collecting_nothing() -> Iterator[None]:
    """Not until the block ends, which loads modules. What is there then is left out of every later look, that at the
    process's end included: modules are never garbage, and looking through them costs a short command a third of its
    time.
    """
    with uncollected():
        try:
            yield
        finally:
            gc.freeze()


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Until the block ends."""
    before = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
