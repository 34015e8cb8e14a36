"""When a schedule is due next. The moments come from APScheduler's triggers; nothing here knows a clock."""

from __future__ import annotations

import random
import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.cron import CronTrigger

from crawler.errors import UnusableSchedule

SHANGHAI = "Asia/Shanghai"
SHORTEST = 60.0
"""Seconds; what is wanted more often is a program of its own."""

_DURATION = re.compile(r"(\d{1,6})\s*([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


@dataclass(frozen=True, slots=True)
class Timing:
    """Either `cron` (five fields, read in `zone`) or `every` so many seconds; up to `jitter` seconds later."""

    cron: str | None = None
    every: float | None = None
    zone: str = SHANGHAI
    jitter: float = 0.0

    def stored(self) -> dict[str, Any]:
        """The values as they are kept in the database; `Timing(**stored)` gives them back."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Due:
    """A moment by the timing, and that moment with its jitter."""

    planned: datetime
    at: datetime


def timing_of(
    cron: str | None,
    every: str | None,
    zone: str = SHANGHAI,
    jitter: str = "0s",
    *,
    shortest: float = SHORTEST,
) -> Timing:
    """A timing as a user writes it: `cron` "0 3 * * *", or `every` "6h". Raises UnusableSchedule."""
    if (cron is None) == (every is None):
        raise UnusableSchedule("say when: either --cron '0 3 * * *' or --every 6h")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UnusableSchedule(f"{zone!r} is no time zone; write it like Asia/Shanghai or UTC") from error
    seconds = seconds_of(every) if every is not None else None
    if seconds is not None and seconds < shortest:
        raise UnusableSchedule(f"--every {every} is too often; {shortest:.0f}s is the least")
    timing = Timing(cron, seconds, zone, seconds_of(jitter))
    if cron is not None:
        _trigger(timing)
    return timing


def seconds_of(duration: str) -> float:
    """Seconds in a duration such as "90s", "10m", "6h", "2d" or "1w". Raises UnusableSchedule."""
    match = _DURATION.fullmatch(duration.strip().lower())
    if match is None:
        raise UnusableSchedule(f"{duration!r} is no duration; write a number and s, m, h, d or w, such as 6h")
    return float(match[1]) * _SECONDS[match[2]]


def next_due(timing: Timing, planned: datetime | None, now: datetime, chance: random.Random) -> Due | None:
    """The first moment after both `planned` and `now`; moments that passed meanwhile are not made up for."""
    at = _next_interval(timing.every, planned, now) if timing.every else _next_cron(timing, planned, now)
    return Due(at, at + timedelta(seconds=chance.uniform(0, timing.jitter))) if at else None


def _next_interval(every: float, planned: datetime | None, now: datetime) -> datetime:
    """Intervals count from the first moment, so that a late run does not shift those after it."""
    if planned is None:
        return now
    passed = max((now - planned).total_seconds() // every, 0)
    return planned + timedelta(seconds=(passed + 1) * every)


def _next_cron(timing: Timing, planned: datetime | None, now: datetime) -> datetime | None:
    after = max(planned, now) if planned else now
    # The trigger gives a moment that is not before the one asked for, so it is asked for the next instant.
    found: datetime | None = _trigger(timing).get_next_fire_time(None, after + timedelta(microseconds=1))
    return found


def _trigger(timing: Timing) -> CronTrigger:
    *others, weekdays = (timing.cron or "").split() or [""]
    try:
        named = ",".join(_weekday(each) for each in weekdays.split(","))
        return CronTrigger.from_crontab(" ".join((*others, named)), timezone=ZoneInfo(timing.zone))
    except ValueError as error:
        raise UnusableSchedule(
            f"{timing.cron!r} is no cron expression ({error}); five fields are needed: "
            "minute, hour, day, month, weekday"
        ) from error


def _weekday(part: str) -> str:
    """Days by name, for cron counts them from Sunday (crontab(5)) and APScheduler from Monday."""
    days, slash, step = part.partition("/")
    first, dash, last = days.partition("-")
    if not first.isdigit() or (dash and not last.isdigit()):
        return part
    numbers = range(int(first), int(last if dash else first) + 1)
    if numbers.start > 7 or numbers.stop > 8 or not numbers:
        raise ValueError(f"{part!r} names no weekdays; they are 0 (Sunday) to 7 (Sunday)")
    if slash and not step.isdigit():
        raise ValueError(f"{part!r} has no step")
    return ",".join(_WEEKDAYS[number % 7] for number in numbers[:: int(step or 1) or 1])
