"""JavaScript object literals read as data, never run.

WeChat writes an article's data into its page as `window.cgiDataNew = {...}`: unquoted keys, `JsDecode('…')`,
`'123' * 1` for numbers, `'' || 'x'` (PAGES.md §1.3).
"""

from __future__ import annotations

import re

Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]
"""What a literal holds; `None` also stands for an expression that is no literal."""

_DEEPEST = 40
_LONGEST = 8_000_000
_TOKEN = re.compile(
    r"[\s;]*(?:(?P<mark>[{}\[\](),:])|(?P<quote>['\"`])|(?P<name>[A-Za-z_$][\w$.]*)"
    r"|(?P<number>-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))|(?P<other>\|\||//[^\n]*|/\*|[^\s]))"
)
_BORDER = re.compile(r"[{}\[\](),'\"`]")
_NESTING = re.compile(r"[{}\[\]()'\"`]")
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None, "undefined": None}
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|(\r\n|[\s\S]))")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "", "\n": "", "\r\n": ""}
_COMMON = tuple((f"\\x{ord(char):02x}", char) for char in "<>\"&'\n\r")
_LATE_ESCAPE = re.compile(r"\\x(5c|0d|22|26|27|3c|3e|0a)", re.IGNORECASE)


class NotLiteral(ValueError):
    """The source at this place is no object literal, or one too deep, too long or cut off."""


def read_object(source: str, start: int, *, wanted: frozenset[str] | None = None) -> dict[str, Value]:
    """The object literal whose `{` is at `start`.

    With `wanted`, the values of its other keys are passed over undecoded and are missing from the result.
    Linear in the literal's length. Raises `NotLiteral`.
    """
    if source[start : start + 1] != "{":
        raise NotLiteral(f"no object literal at character {start}")
    return _Reader(source, start + 1).members(0, wanted)


def unescape(raw: str) -> str:
    """The value of the string literal whose inside is `raw` (ECMA-262 §12.9.4)."""
    if "\\" not in raw:
        return raw
    if "\\\\" not in raw:
        text = raw
        for escape, char in _COMMON:
            text = text.replace(escape, char)
        if "\\" not in text.replace("\\x5c", ""):
            return text.replace("\\x5c", "\\")
    text = _ESCAPE.sub(_unescaped, raw)
    if any("\ud800" <= char <= "\udfff" for char in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def js_decode(text: str) -> str:
    """What the page's own `JsDecode` makes of a value: escapes that were escaped once more."""
    return _LATE_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "\\x" in text else text


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        point = int(code, 16)
        return chr(point) if point <= 0x10FFFF else "\ufffd"
    return _SIMPLE.get(match[4], match[4])


class _Reader:
    """A position in the source, moved forward token by token."""

    __slots__ = ("_at", "_limit", "_source")

    def __init__(self, source: str, start: int) -> None:
        self._source, self._at = source, start
        self._limit = min(len(source), start + _LONGEST)

    def value(self, depth: int) -> Value:
        """A value and what is done to it: `'1' * 1`, `f('x')`, or `'' || 'x'`, which is the first not empty."""
        if depth > _DEEPEST:
            raise NotLiteral(f"an object literal nested more than {_DEEPEST} deep at character {self._at}")
        found = self._single(depth)
        while True:
            token = self._peek()
            if token["mark"] in ("}", "]", ")", ",", ":"):
                return found
            if token["other"] not in ("*", "||"):
                self._skip_to_border()
                return found
            self._at = token.end()
            operand = self._single(depth)
            found = _number(found) if token["other"] == "*" else found or operand

    def _single(self, depth: int) -> Value:
        token = self._peek()
        self._at = token.end()
        if token["quote"]:
            return self._string(token["quote"])
        if token["number"]:
            return _number(token["number"])
        if token["name"]:
            return self._named(token["name"], depth)
        if token["mark"] == "{":
            return self.members(depth)
        if token["mark"] == "[":
            return self._array(depth)
        if token["mark"] == "(":
            found = self.value(depth + 1)
            self._close(")")
            return found
        self._at = token.start()
        self._skip_to_border()
        return None

    def _named(self, name: str, depth: int) -> Value:
        if self._peek()["mark"] != "(":
            return _WORDS.get(name)
        self._at = self._peek().end()
        found = None if self._peek()["mark"] == ")" else self.value(depth + 1)
        self._close(")")
        return js_decode(found) if name == "JsDecode" and isinstance(found, str) else found

    def members(self, depth: int, wanted: frozenset[str] | None = None) -> dict[str, Value]:
        """The members of the object literal whose `{` has been read."""
        members: dict[str, Value] = {}
        while True:
            token = self._peek()
            self._at = token.end()
            if token["mark"] == "}":
                return members
            if token["mark"] == ",":
                continue
            key = token["name"] or token["number"]
            if token["quote"]:
                key = self._string(token["quote"])
            if key is None or self._peek()["mark"] != ":":
                self._skip_to_border()
                continue
            self._at = self._peek().end()
            if wanted is not None and key not in wanted:
                self._skip_to_border()
            else:
                members.setdefault(key, self.value(depth + 1))

    def _array(self, depth: int) -> list[Value]:
        items: list[Value] = []
        while True:
            token = self._peek()
            if token["mark"] == "]":
                self._at = token.end()
                return items
            if token["mark"] in (",", ":", ")", "}"):
                self._at = token.end()
                continue
            items.append(self.value(depth + 1))

    def _close(self, mark: str) -> None:
        """Moves past the closing mark of the group entered, over whatever else stands in it."""
        while True:
            token = self._peek()
            self._at = token.end()
            if token["mark"] == mark:
                return
            if token["mark"] in ("}", "]"):
                raise NotLiteral(f"unbalanced brackets at character {token.start()}")
            if token["quote"]:
                self._end_of_string(token["quote"])

    def _skip_to_border(self) -> None:
        """Moves to the `,` or closing bracket that ends the expression at hand."""
        open_brackets = 0
        while True:
            marks = _NESTING if open_brackets else _BORDER
            match = marks.search(self._source, self._at, self._limit)
            if match is None:
                raise NotLiteral(f"the object literal does not end before character {self._limit}")
            mark = match[0]
            if not open_brackets and mark in ",}])":
                self._at = match.start()
                return
            self._at = match.end()
            if mark in "'\"`":
                self._at = self._end_of_string(mark) + 1
            elif mark in "{[(":
                open_brackets += 1
            elif mark in "}])":
                open_brackets -= 1

    def _string(self, quote: str) -> str:
        end = self._end_of_string(quote)
        raw = self._source[self._at : end]
        self._at = end + 1
        return unescape(raw)

    def _end_of_string(self, quote: str) -> int:
        at = self._at
        while True:
            end = self._source.find(quote, at, self._limit)
            if end < 0:
                raise NotLiteral(f"a string opened at character {self._at} does not end")
            before = end - 1
            while before >= self._at and self._source[before] == "\\":
                before -= 1
            if (end - before) % 2:
                return end
            at = end + 1

    def _peek(self) -> re.Match[str]:
        while True:
            match = _TOKEN.match(self._source, self._at, self._limit)
            if match is None:
                raise NotLiteral(f"the object literal does not end before character {self._limit}")
            other = match["other"]
            if other is None or other[:2] not in ("//", "/*"):
                return match
            end = match.end() if other != "/*" else self._source.find("*/", match.end(), self._limit) + 2
            if end < 2:
                raise NotLiteral(f"a comment at character {match.start()} does not end")
            self._at = end


def _number(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    text = value.strip()[:40]
    try:
        return int(text, 0) if text.lower().startswith("0x") else int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return 0 if not text else None
