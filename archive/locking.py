"""Locks between processes (flock): they go with the process that holds them, however it ends."""

from __future__ import annotations

import fcntl
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path, *, on_wait: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Waits for, and holds, the lock that the file `path` stands for; makes it when it is not there.

    `on_wait` is called when another process holds it.
    """
    # Opened for both: a pipe that somebody put there would have a mere writer wait for ever.
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def take(stream: io.FileIO) -> bool:
    """Locks an open file until it is closed; False when another process, or another part of this one, has it."""
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_still(path: Path, stream: io.FileIO) -> bool:
    """Whether `path` still names the open file, and was not renamed or removed since it was opened."""
    try:
        return os.path.samestat(path.stat(), os.fstat(stream.fileno()))
    except FileNotFoundError:
        return False


def sync_folder(folder: Path) -> None:
    """Makes names in a folder durable (a rename or a new file is lost on power failure otherwise)."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
