"""Holidays by name, lunar and solar, as the days that the State Council's yearly notices give them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from lunardate import LunarDate

_LUNAR = {
    "春节": (1, 1, 7),
    "新春": (1, 1, 7),
    "元宵节": (1, 15, 1),
    "元宵": (1, 15, 1),
    "端午节": (5, 5, 3),
    "端午": (5, 5, 3),
    "中秋节": (8, 15, 3),
    "中秋": (8, 15, 3),
}
_SOLAR = {
    "元旦": (1, 1, 3),
    "元旦节": (1, 1, 3),
    "清明": (4, 4, 3),
    "清明节": (4, 4, 3),
    "五一": (5, 1, 5),
    "劳动节": (5, 1, 5),
    "国庆": (10, 1, 7),
    "国庆节": (10, 1, 7),
}
_EVE = "夕"
"""Of 除夕, the eve of the lunar year: its second character is the rarer one."""
_DAYS = {
    "三八节": (3, 8, 1),
    "三八妇女节": (3, 8, 1),
    "六一": (6, 1, 1),
    "七一": (7, 1, 1),
    "八一": (8, 1, 1),
}
NAMES = (*_LUNAR, *_SOLAR)
"""Names of holidays: the month and day on which each begins, by its calendar, and how many days it lasts."""
DAY_NAMES = (*_DAYS, _EVE)
"""Names of single days that are no holidays."""


@lru_cache(maxsize=1024)
def festival(name: str, published: date, year: int | None = None) -> tuple[date, date] | None:
    """First and last day of the latest holiday of this name that had begun on `published`, or of that in `year`.

    None where the lunar calendar of the library (1900 to 2099) does not reach.
    """
    for candidate in (year,) if year else (published.year, published.year - 1):
        try:
            if name == _EVE:
                days, start = 1, LunarDate(candidate, 1, 1).to_solar_date() - timedelta(days=1)
            elif name in _LUNAR:
                month, day, days = _LUNAR[name]
                start = LunarDate(candidate, month, day).to_solar_date()
            else:
                month, day, days = _SOLAR.get(name) or _DAYS[name]
                start = date(candidate, month, day)
        except ValueError:
            return None
        if year or start <= published:
            return start, start + timedelta(days=days - 1)
    return None
