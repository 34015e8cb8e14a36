"""A calendar expression as it is stated, and the days it means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from parsers.claims.days import (
    When,
    latest_day,
    latest_month,
    month_end,
    month_of,
    on,
    previous_month,
    valid,
    year_of,
)
from parsers.document import Precision

_YEARS_BACK = {"去年": 1, "上年": 1, "上年度": 1, "前年": 2, "明年": -1}
_TEN_DAYS = ("上旬", "中旬", "下旬", "上中旬", "中下旬")
_PARTS = {
    "初": (1, 10),
    "上中旬": (1, 20),
    "中下旬": (11, 0),
    "上旬": (1, 10),
    "中旬": (11, 20),
    "中": (11, 20),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """The stated pieces of an expression that ends at `end` in its text."""

    end: int
    year: int | None = None
    relative_year: str | None = None
    half: str | None = None
    quarter: int | None = None
    month: int | None = None
    relative_month: str | None = None
    part: str | None = None
    day: int | None = None

    def after(self, first: Moment, begun: When) -> Moment:
        """The end of a range, with what only its beginning states (7月1日至10日)."""
        made = self
        if self.month is None and self.relative_month is None and self.half is None and self.quarter is None:
            made = replace(made, month=first.month, relative_month=first.relative_month)
        if (
            self.year is None
            and self.relative_year is None
            and (first.year or first.relative_year)
            and begun.start
        ):
            month = made.month or begun.start.month
            made = replace(made, year=begun.start.year + (1 if month < begun.start.month else 0))
        return made

    def resolve(self, published: date | None, named: date | None) -> When | None:
        """The days meant; None when they hang on a publication day that is not known, or are no days.

        `named` is the day or period read last, which 同年 and 同月 repeat.
        """
        year = self._year(published, named)
        if self.relative_year and year is None:
            return None
        if self.half or self.quarter:
            return self._half_or_quarter(year, published)
        month = self.month
        if self.relative_month == "年":
            year = year or (published.year if published else None)
            return _year_part(year, self.part or "") if year else None
        if self.relative_month:
            if published is None:
                return None
            base = named if self.relative_month in ("同月", "当月") and named else published
            year, month = previous_month(base) if self.relative_month[0] == "上" else (base.year, base.month)
        if self.day:
            return self._day(year, month, published, named)
        if month:
            return self._month(year, month, published)
        if year is None:
            near = named or published
            return self._ten_days(near, published) if near and self.part in _TEN_DAYS else None
        if self.part:
            return _year_part(year, self.part)
        if published and self.relative_year in ("今年", "本年", "本年度"):
            return When(date(year, 1, 1), published, Precision.YEAR)
        return year_of(year)

    def _year(self, published: date | None, named: date | None) -> int | None:
        if self.year or not self.relative_year:
            return self.year
        if self.relative_year in ("同年", "当年"):
            base = named or published
            return base.year if base else None
        return published.year - _YEARS_BACK.get(self.relative_year, 0) if published else None

    def _day(
        self, year: int | None, month: int | None, published: date | None, named: date | None
    ) -> When | None:
        day = self.day or 0
        if month is None and named and published and named.day < day:
            found = valid(named.year, named.month, day)  # 4月6日97份，7日86份
            if found and found <= published:
                return on(found, found)
        if month is None:
            found = latest_day(day, published) if published and year is None and day <= 31 else None
        elif year:
            found = valid(year, month, day)
        elif published:
            found = valid(published.year, month, day)
            if found is None or found > published:
                found = valid(published.year - 1, month, day)
        else:
            found = None
        return on(found, found) if found else None

    def _month(self, year: int | None, month: int, published: date | None) -> When | None:
        if not 1 <= month <= 12:
            return None
        if year is None:
            if published is None:
                return None
            year = latest_month(month, published)
        whole = month_of(year, month)
        if self.part in ("底", "末", "下旬"):
            role = "on" if self.part == "下旬" else "month end"
            return When(date(year, month, 21), whole.end, Precision.DAY, role)
        if self.part:
            first, last = _PARTS[self.part]
            return on(date(year, month, first), date(year, month, last) if last else month_end(year, month))
        if (
            self.relative_month
            and self.relative_month[0] != "上"
            and published
            and whole.end
            and whole.end > published
        ):
            return on(date(year, month, 1), published, Precision.MONTH)
        return whole

    def _ten_days(self, near: date, published: date | None) -> When | None:
        """中旬以来, said on the first of a month: those of the month before, when these are still to come."""
        found = self._month(near.year, near.month, published)
        if found and found.start and published and found.start > published:
            return self._month(*previous_month(near), published)
        return found

    def _half_or_quarter(self, year: int | None, published: date | None) -> When | None:
        """Without a year: the latest that was all but over on publication."""
        length = 6 if self.half else 3
        number = (1 if self.half == "上半年" else 2) if self.half else self.quarter or 1
        first, last = length * (number - 1) + 1, length * number
        if year is None:
            if published is None:
                return None
            year = published.year if published.month >= last - 1 else published.year - 1
        precision = Precision.MONTH if self.half else Precision.QUARTER
        return on(date(year, first, 1), month_end(year, last), precision)


def moment(
    *,
    end: int,
    year: int | None = None,
    relative_year: str | None = None,
    half: str | None = None,
    quarter: int | None = None,
    month: int | None = None,
    relative_month: str | None = None,
    part: str | None = None,
    day: int | None = None,
) -> Moment:
    """The stated pieces; `relative_month` without 份."""
    relative_month = relative_month.removesuffix("份") if relative_month else None
    return Moment(end, year, relative_year, half, quarter, month, relative_month, part, day)


def _year_part(year: int, part: str) -> When:
    """年初 is January, 年中 June, 年底 December; 截至年底 is known to the year."""
    if part in ("底", "末"):
        return When(date(year, 12, 1), date(year, 12, 31), Precision.MONTH, "year end")
    return month_of(year, 1 if part == "初" else 6)
