"""What an article claims: who collected how much of what, where and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from parsers.document import Precision


class Modality(StrEnum):
    """Kinds of biometric data."""

    DNA = "dna"
    IRIS = "iris"
    FINGERPRINT = "fingerprint"
    FACE = "face"
    VOICE = "voice"
    OTHER = "other"


class Kind(StrEnum):
    """What sort of figure a count is."""

    INCREMENT = "increment"
    CUMULATIVE = "cumulative"
    TARGET = "target"
    POPULATION = "population"
    RATE = "rate"
    NONE = "none"


class Qualifier(StrEnum):
    """How a text hedges a figure."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    ALMOST = "almost"
    APPROX = "approx"
    RANGE = "range"
    NONE = "none"


ANOTHER = "another figure for the same"
"""How the flag begins of an observation that another of its text contradicts."""

PART = "part of"
"""How the flag begins of an observation that another of its text includes (300份，其中工地95份): `part of 300`, with
the lower end of the including figure."""


@dataclass(frozen=True, slots=True)
class Article:
    """What `observe` reads: the parts of a document that a claim can rest on.

    `published` is the publication day in Asia/Shanghai. `region` is the GB/T 2260 code prefix
    of the campaign's region (`54` for the TAR) and only breaks ties between namesakes. `words` are the campaign's
    own words for entries of the reading lexicons: `(("modality.dna", ("…",)),)`.
    """

    text: str
    title: str = ""
    published: date | None = None
    account: str | None = None
    region: str | None = None
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class CountRange:
    """A number of samples or people, both ends included."""

    min: int
    max: int
    qualifier: Qualifier


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days in Asia/Shanghai, both ends included; an open end is None.

    `evidence` says where the time expression stood: `sentence`, `paragraph` or `document`; `relative` that its days
    are counted from the publication day (昨日, 近日, 本周), so that a repost's are others.
    """

    start: date | None
    end: date | None
    precision: Precision
    evidence: str = ""
    relative: bool = False


@dataclass(frozen=True, slots=True)
class PlaceRef:
    """A gazetteer place, or what is known of an unresolved one.

    `code` is the statistical division code (2, 4, 6, 9 or 12 digits), None when unresolved;
    `name` is the full official path (`西藏自治区昌都市洛隆县`). `candidates` are the codes among
    which context could not decide.
    """

    code: str | None
    name: str | None
    level: str | None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """One claim: one modality, place, period and figure.

    `quote` is `text[start:end]` of the article. `rate` is a share between 0 and 1 as stated.
    `rules` names the rules and lexicon entries that made the reading; `flags` names what
    contradicts it. `confidence` is the calibrated probability that modality and figure are right.
    """

    modality: Modality
    quote: str
    start: int
    end: int
    kind: Kind
    count: CountRange | None = None
    unit: str | None = None
    rate: float | None = None
    dates: DateRange | None = None
    place: PlaceRef | None = None
    organ: str | None = None
    venue: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    confidence: float = 0.0
    rules: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reported:
    """All that `observe` says of one article: whether it reports police-led collection, and the claims."""

    relevant: bool
    observations: tuple[Observation, ...] = ()
    register: str = "report"
    rules: tuple[str, ...] = ()
