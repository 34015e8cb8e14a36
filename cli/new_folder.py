"""Folders that appear when they are complete, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from analysis.errors import AnalysisError


def need_free(folder: Path) -> None:
    """Raises AnalysisError when nothing new can go to `folder`, before any work is done."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise AnalysisError(f"{folder} is there already and not empty; name another folder")
    except OSError as error:
        raise AnalysisError(f"cannot look into {folder}: {error.strerror}") from error


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder to write into, which becomes `folder` at the end of the block and is gone if that fails.

    Raises AnalysisError when it cannot be written.
    """
    try:
        part = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise AnalysisError(f"cannot write {folder}: {error.strerror}") from error
    try:
        yield part
        part.chmod(0o755)
        part.replace(folder)
    except OSError as error:
        raise AnalysisError(f"cannot write {folder}: {error.strerror}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
