"""A store to which anything may happen: documents come, are read anew, are judged, vanish."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random

from sqlalchemy import Engine, select, update

from db.campaigns import Terms
from db.ingest.orphans import supersede_orphans
from db.ingest.rebuild import drop
from db.ingest.writing import write
from db.lists.queries import observations
from db.models import CaptureRow, DocumentRow
from db.reviews.judging import judge
from parsers.document import Precision, Published
from parsers.observation import (
    CountRange,
    DateRange,
    Kind,
    Modality,
    Observation,
    PlaceRef,
    Qualifier,
)
from tests.db.synthetic import article, capture, document, read_capture, reported

CAMPAIGNS = ("tibet-dna", "qinghai-iris")
PLACES = (
    None,
    PlaceRef("54", "西藏自治区", "province"),
    PlaceRef("5401", "西藏自治区拉萨市", "prefecture"),
    PlaceRef("540121", "西藏自治区拉萨市林周县", "county"),
    PlaceRef("540121208", "西藏自治区拉萨市林周县旁多乡", "township"),
    PlaceRef("540329", "西藏自治区昌都市洛隆县", "county"),
    PlaceRef(None, "某处", None),
)
QUOTES = ("采集血样五份", "民警入户采集血样", "派出所采集了群众的血样若干份", "DNA")
BODY = "。".join(QUOTES)
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def _observation(dice: Random) -> Observation:
    quote = dice.choice(QUOTES)
    first = date(2021, 5, dice.randint(1, 9))
    days = dice.choice(
        (None, (None, first), (first, first), (first, first + timedelta(dice.choice((2, 40)))))
    )
    figure = dice.choice((None, 5, 60, 400))
    return Observation(
        modality=dice.choice((Modality.DNA, Modality.DNA, Modality.IRIS)), quote=quote,
        start=BODY.index(quote), end=BODY.index(quote) + len(quote),
        kind=dice.choice((Kind.INCREMENT, Kind.CUMULATIVE)), unit="份",
        rate=dice.choice((None, None, 0.8, 0.92)),
        count=CountRange(figure, figure, Qualifier.EXACT) if figure else None,
        dates=DateRange(*days, Precision.DAY, "sentence", dice.random() < 0.5) if days else None,
        place=dice.choice(PLACES), confidence=dice.choice((0.5, 0.9)), rules=("count.verb",),
        targets=dice.choice(((), ("residents",), ("men",), ("women",))),
        flags=dice.choice(((), (), ("part of 60",), ("part of 400",))),
    )  # fmt: skip


class Invented:
    """What may happen to the store, one after the other, as the dice fall."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self._engine, self._dice = engine, Random(seed)
        self._readers = 0

    def happens(self) -> str:
        """One thing that happens; its name."""
        return self._one_of((*self._changing, self.dropped))

    def changes(self) -> str:
        """One thing that happens and leaves most as it was; its name."""
        return self._one_of(self._changing)

    @property
    def _changing(self) -> tuple[Callable[[], None], ...]:
        return self.come, self.come, self.read_anew, self.judged, self.judged, self.vanish, self.moved

    def _one_of(self, every: tuple[Callable[[], None], ...]) -> str:
        chosen = self._dice.choice(every)
        chosen()
        return chosen.__name__

    def come(self) -> None:
        """Documents come, some of them ones that are there."""
        self._write(self._dice.choice(CAMPAIGNS), [self._dice.randrange(60) for _ in range(6)], "r1")

    def read_anew(self) -> None:
        """Another reader finds other things in the same texts."""
        self._readers += 1
        self._write(
            self._dice.choice(CAMPAIGNS),
            [self._dice.randrange(60) for _ in range(6)],
            f"r{self._readers + 1}",
        )

    def judged(self) -> None:
        """A reviewer accepts, rejects or corrects something, perhaps for the second time."""
        found = sorted(each.id for each in observations(self._engine))
        if not found:
            return
        verdict = self._dice.choice(("accepted", "rejected", "corrected"))
        corrected = self._dice.choice(
            ({"count_min": 400, "count_max": 400}, {"place_code": "540121"}, {"date_end": "2021-05-20"})
        )
        judge(
            self._engine, self._dice.sample(found, min(2, len(found))), verdict, reviewer="A", reason="seen",
            now=NOW + timedelta(minutes=self._dice.randrange(10_000)),
            corrected=corrected if verdict == "corrected" else None,
        )  # fmt: skip

    def vanish(self) -> None:
        """A capture is read as another text, so that its document stands alone."""
        campaign = self._dice.choice(CAMPAIGNS)
        with self._engine.begin() as connection:
            known = connection.scalars(
                select(DocumentRow.id).where(DocumentRow.campaign == campaign).order_by(DocumentRow.id)
            ).all()
            if known:
                chosen = CaptureRow.document_id == self._dice.choice(known)
                connection.execute(update(CaptureRow).where(chosen).values(document_id=None))
            supersede_orphans(connection, campaign)

    def moved(self) -> None:
        """The text of a page changes, and what is judged in it is read in the new one."""
        self._write(self._dice.choice(CAMPAIGNS), [self._dice.randrange(60)], "r1", more="另有一句。")

    def dropped(self) -> None:
        """All of a campaign is dropped, as by `rebuild`, and some comes again."""
        campaign = self._dice.choice(CAMPAIGNS)
        with self._engine.begin() as connection:
            drop(connection, campaign)
        self._write(campaign, [self._dice.randrange(60) for _ in range(20)], "r1")

    def _write(self, campaign: str, numbers: list[int], reader: str, more: str = "") -> None:
        batch = []
        for number in dict.fromkeys(numbers):
            url = f"https://wechat.example/s/{number}"
            told = self._dice.choice(("甲", "乙"))
            at = datetime(2021, 5, 1 + number % 9, number % 24, tzinfo=UTC)
            found = document(
                f"{BODY}{number}{more}", account=told, publisher=told, biz=f"biz{number % 2}",
                published=self._dice.choice((None, Published(at, Precision.SECOND, "var ct"))),
            )  # fmt: skip
            claims = reported(*(_observation(self._dice) for _ in range(self._dice.randint(1, 3))))
            taken = capture(url, day=number, name=f"{campaign}{more}")
            batch.append(read_capture(taken, article(found), claims))
        with self._engine.begin() as connection:
            write(connection, campaign, batch, terms=Terms("54"), reader=reader)
