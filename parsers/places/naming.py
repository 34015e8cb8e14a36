"""The forms in which a division's name appears: short, with its usual ending, with other characters."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from itertools import product

_RULES: dict[str, list[str]] = tomllib.loads(
    files("parsers.places").joinpath("naming.toml").read_text("utf-8")
)
_ENDINGS = {
    level: tuple(endings) for level, endings in _RULES.items() if level not in ("peoples", "variants")
}
_STEMS = {level: re.compile(f"(.+?)({'|'.join(endings)})") for level, endings in _ENDINGS.items()}
_OF_PEOPLES = re.compile(f"(.+?)(?:{'|'.join(sorted(_RULES['peoples'], key=len, reverse=True))})+")
_AUTONOMOUS = ("自治县", "自治州", "自治旗", "民族乡", "乡", "镇")
_SPELLING = {ord(character): group[0] for group in _RULES["variants"] for character in group}
_VARIES = re.compile(f"[{''.join(_RULES['variants'])}]")
_VARIANTS = {character: group for group in _RULES["variants"] for character in group}
_MOST_FORMS = 8


def short_name(name: str, level: str) -> str:
    """`name` without its administrative ending and without the peoples in it (化隆回族自治县: 化隆).

    What stands before the ending is kept when it is only a people's name (东乡族自治县: 东乡).
    """
    parts = _STEMS[level].fullmatch(name)
    if parts is None:
        return name
    stem: str = parts[1]
    if parts[2] in _AUTONOMOUS:
        before = _OF_PEOPLES.fullmatch(stem)
        return before[1] if before else stem.removesuffix("族")
    return stem


def one_spelling(text: str) -> str:
    """`text` with every character that varies in place names written one way; of the same length."""
    return text.translate(_SPELLING) if _VARIES.search(text) else text


def common_name(name: str, level: str) -> str | None:
    """The everyday name of an autonomous area (化隆县, 海南州) or ethnic township (松多乡); None for others."""
    short = short_name(name, level)
    if level == "prefecture" and name.endswith("自治州"):
        return f"{short}州"
    if level == "county" and name.endswith(("自治县", "自治旗")):
        return f"{short}{name[-1]}"
    if level == "township" and name.endswith("乡") and len(short) + 1 < len(name):
        return f"{short}乡"
    return None


def earlier_names(name: str, level: str) -> tuple[str, ...]:
    """Names the place had under the usual promotions: 地区 before 市, 县 before 市 or 区."""
    if level == "prefecture" and name.endswith("市"):
        return (f"{name[:-1]}地区",)
    if level == "county" and name.endswith(("市", "区")) and len(name) > 2:
        return (f"{name[:-1]}县",)
    return ()


@lru_cache(maxsize=65_536)
def spellings(name: str) -> tuple[str, ...]:
    """`name` and the forms in which its characters are written for one another (青石咀镇, 青石嘴镇)."""
    choices = [_VARIANTS.get(character, character) for character in name]
    if all(len(choice) == 1 for choice in choices):
        return (name,)
    forms = ("".join(form) for form in product(*choices))
    return (name, *(form for form, _ in zip(forms, range(_MOST_FORMS), strict=False) if form != name))


def ends_as(name: str, level: str) -> bool:
    """Whether `name` has one of the level's endings."""
    return name.endswith(_ENDINGS[level])


def village_name(name: str) -> str:
    """A statistical village's name as people write it (曲水村委会: 曲水村; 宁巴社区居委会: 宁巴社区)."""
    for ending, people_write in (
        ("社区居民委员会", "社区"),
        ("社区居委会", "社区"),
        ("居民委员会", "社区"),
        ("居委会", "社区"),
        ("村民委员会", "村"),
        ("牧民委员会", "村"),
        ("牧委会", "村"),
        ("村委会", "村"),
    ):
        if name.endswith(ending):
            stem = name[: -len(ending)]
            return stem if stem.endswith(("村", "社区")) else stem + people_write
    return name
