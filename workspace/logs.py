"""What is written to the log files of a workspace: events with named values, as lines to read or as JSON.

Loggers of libraries (Scrapy's among them) go to the same file in the same form.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import structlog
from structlog.stdlib import BoundLogger, ProcessorFormatter
from structlog.typing import Processor

from workspace.log_format import LogFormat

OURS = "holdfast"


_WHEN: tuple[Processor, ...] = (
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def event_log(name: str) -> BoundLogger:
    """A logger whose `info(event, **values)` keeps the values apart from the words."""
    made: BoundLogger = structlog.wrap_logger(
        logging.getLogger(f"{OURS}.{name}"),
        wrapper_class=BoundLogger,
        processors=[structlog.stdlib.filter_by_level, *_WHEN, ProcessorFormatter.wrap_for_formatter],
    )
    return made


@contextmanager
def logging_to(folder: Path, what: str, form: LogFormat) -> Iterator[Path]:
    """Writes what is logged meanwhile to `what-YYYYMMDD.log` in `folder` (the day is UTC's), after what is there."""
    file = folder / f"{what}-{datetime.now(UTC):%Y%m%d}.log"
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setLevel(logging.INFO)  # libraries set their own loggers lower
    handler.setFormatter(_formatter(form))
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    try:
        yield file
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()


def _formatter(form: LogFormat) -> ProcessorFormatter:
    render: list[Processor]
    if form is LogFormat.JSON:
        render = [
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ]
    else:
        first = ["timestamp", "level", "logger", "event"]
        render = [structlog.processors.LogfmtRenderer(key_order=first, bool_as_flag=False)]
        render.insert(0, structlog.processors.format_exc_info)
    return ProcessorFormatter(
        processors=[ProcessorFormatter.remove_processors_meta, *render], foreign_pre_chain=_WHEN
    )
