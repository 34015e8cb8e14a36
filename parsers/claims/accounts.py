"""Whose account a text is of, by its name."""

from __future__ import annotations

import re
from functools import lru_cache

_POLICE = ("公安", "警", "派出所")
_OTHER_AUTHORITY = re.compile(
    "社保|医保|人社|卫健|疾控|医院|农牧|林草|银行|教育|法院|机关事务|招聘|考试|招考|人才|统计|血站|妇幼|文旅|气象|税务|市场监管|住建|(?<!人)民政|残联"
)
_FICTION = re.compile("小说|文学|故事会|网文|夜读|连载")


@lru_cache(maxsize=4096)
def is_of_police(account: str) -> bool:
    """Whether an account is the police's; 平安 (peace) opens such names, but names a district too."""
    return any(mark in account for mark in _POLICE) or (
        account.startswith("平安") and not account.startswith(("平安区", "平安县"))
    )


@lru_cache(maxsize=4096)
def is_of_another_authority(account: str) -> bool:
    """Whether an account is of a hospital, a school office, an insurance office and the like."""
    return _OTHER_AUTHORITY.search(account) is not None


@lru_cache(maxsize=4096)
def tells_fiction(account: str) -> bool:
    """Whether an account is of stories."""
    return _FICTION.search(account) is not None
