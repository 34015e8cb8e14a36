"""How fast the store takes observations in and answers, on invented articles.

    python benchmarks/store.py --observations 100000 [--url postgresql+psycopg://…]

Ingest is measured against a bare SQLAlchemy Core bulk insert (`insert(table)` with a list of dictionaries, 10,000 rows
a transaction) of the very same rows in the same run, read back from the store. Both bare inserts write the same tables
with their primary keys and all their indexes: the first as SQLAlchemy makes them, without full text and with the
database's own settings; the second as the migrations make them, with full text (on SQLite the FTS5 table and its
triggers, on PostgreSQL the trigram index and the column of pairs with its own) and foreign keys checked. Ours begins
with what the parsers gave, in transactions of 200 captures: it works out ids, keys of addresses and verdicts on
pages, and looks up and renews what is there already. Queries are measured with a limit of 50 rows; the 95th percentile
is over all repetitions. The databases named must be empty; without them, SQLite in a temporary folder.

Groups are asked for as `holdfast observations --by` does: by rows of observations alone nothing of the product groups,
because a claim that two pages make would count twice. `first` is the first time that anybody asks, when no claims are
kept yet; `after one document more` is the same question when claims have to be looked at again and the answer is
carried on; `again` are all groupings, when nothing has changed since they were first asked for.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, create_engine, func, insert, select, text

from analysis.summing.question import sums_by
from archive.capture import Capture
from db.campaigns import Terms
from db.ingest.writing import BATCH, ReadCapture, write
from db.lists.filters import Filters
from db.lists.queries import count_observations, observations
from db.lists.search import search
from db.models import Row
from db.rows import SHANGHAI
from db.session import connect, reading
from db.upsert import chunks
from parsers.availability.states import Availability
from parsers.document import Document, Precision, Published
from parsers.observation import (
    CountRange,
    DateRange,
    Kind,
    Modality,
    Observation,
    PlaceRef,
    Qualifier,
    Reported,
)
from parsers.page import PageKind, Reading
from parsers.places.gazetteer import path_of, within

PER_DOCUMENT = 10
REPEATS = 5
BEGIN = datetime(2016, 1, 1, tzinfo=UTC)
WORDS = (  # noqa: SIM905  # forty words read better without quotes
    "民警 派出所 群众 采集 血样 虹膜 指纹 信息 工作 入户 宣传 辖区 户籍 人员 数据库 建设 公安局 牧民 村委会 学校 "
    "上门 服务 平安 稳定 任务 完成 推进 组织 开展 深入 走访 检查 安全 防范 责任 落实 会议 部署 领导 干部 基层 社区"
).split()


def articles(documents: int, seed: int = 7, begin: int = 0) -> Iterator[ReadCapture]:
    """Invented articles of 300 to 900 characters, numbered from `begin`, each with ten observations in places of Tibet
    and Qinghai.
    """
    dice = random.Random(seed)
    places = [PlaceRef(code, path_of(code), "") for region in ("54", "63") for code in within(region)]
    modalities = list(Modality)
    for number in range(begin, begin + documents):
        words = "".join(dice.choices(WORDS, k=dice.randint(140, 420)))
        body = f"合成测试页面。第{number}号。{words}。特征词{number % 500:03}"
        published = BEGIN + timedelta(hours=number % 60_000)
        day = published.date()
        url = f"https://account{number % 400}.example/s/{number:022d}"
        made = []
        for _ in range(PER_DOCUMENT):
            start = dice.randrange(len(body) - 12)
            count = int(dice.paretovariate(0.6) * 10) % 2_000_000
            made.append(
                Observation(
                    modality=dice.choices(modalities, (50, 25, 10, 8, 4, 3))[0],
                    quote=body[start : start + 12],
                    start=start,
                    end=start + 12,
                    kind=dice.choice((Kind.INCREMENT, Kind.CUMULATIVE)),
                    count=CountRange(count, count, Qualifier.EXACT),
                    unit="份",
                    dates=DateRange(
                        day - timedelta(days=dice.randint(0, 90)), day, Precision.DAY, "sentence"
                    ),
                    place=dice.choice(places),
                    targets=("residents",),
                    confidence=0.9,
                    rules=("count.verb",),
                )
            )
        document = Document(
            f"标题{number}",
            body,
            account=f"账号{number % 400}",
            publisher=f"账号{number % 400}",
            published=Published(published.astimezone(SHANGHAI), Precision.SECOND, "var ct"),
        )
        capture = Capture(
            f"urn:uuid:{UUID(int=number)}", url, published, 200, "text/html", "bench.warc.gz", number * 900, 900,
            f"sha256:{number:064x}",
        )  # fmt: skip
        reading_ = Reading(
            "wechat", PageKind.ARTICLE, Availability.LIVE, canonical_url=url, document=document
        )
        yield ReadCapture(capture, None, reading_, Reported(True, tuple(made)))


def ingest_rate(engine: Engine, documents: int) -> float:
    """Rows a second, over all tables, of our own writing; making the articles is not counted."""
    spent = 0.0
    for batch in chunks(articles(documents), BATCH):
        began = time.perf_counter()
        with engine.begin() as connection:
            write(connection, "bench", batch, terms=Terms(), reader="bench")
        spent += time.perf_counter() - began
    return _all_rows(engine) / spent


def bare_rate(engine: Engine, url: str, *, full_text: bool) -> float:
    """Rows a second of a bare bulk insert of the same rows into the same tables, with or without full text."""
    bare = connect(url) if full_text else create_engine(url)
    if not full_text:
        Row.metadata.create_all(bare)
    spent, total = 0.0, 0
    for table in Row.metadata.sorted_tables:
        with reading(engine) as source:
            rows = source.execution_options(yield_per=10_000).execute(select(table)).mappings()
            while chunk := [dict(row) for row in islice(rows, 10_000)]:
                began = time.perf_counter()
                with bare.begin() as connection:
                    connection.execute(insert(table), chunk)
                spent += time.perf_counter() - began
                total += len(chunk)
    if not full_text:
        Row.metadata.drop_all(bare)
    bare.dispose()
    return total / spent


def _settle(engine: Engine) -> None:
    """What a database does by itself after so many rows: PostgreSQL's autovacuum, SQLite's statistics."""
    settling = "VACUUM (ANALYZE)" if engine.dialect.name == "postgresql" else "ANALYZE"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(settling))


def _all_rows(engine: Engine) -> int:
    with reading(engine) as connection:
        return sum(
            connection.scalar(select(func.count()).select_from(table)) or 0
            for table in Row.metadata.sorted_tables
        )


def queries(engine: Engine, documents: int) -> dict[str, Callable[[random.Random], object]]:
    """What analysts ask, each with other values at each call."""
    codes = [code for region in ("54", "63") for code in (region, *within(region)) if len(code) <= 6]

    def listed(filters: Filters) -> list[object]:
        return list(observations(engine, filters, limit=50))

    def span(dice: random.Random) -> dict[str, date]:
        first = (BEGIN + timedelta(days=dice.randrange(2000))).date()
        return {"since": first, "until": first + timedelta(days=60)}

    return {
        "place": lambda dice: listed(Filters(place=dice.choice(codes))),
        "place, modality, dates": lambda dice: listed(
            Filters(place=dice.choice(codes), modality=(dice.choice(list(Modality)).value,), **span(dice))
        ),
        "dates": lambda dice: listed(Filters(**span(dice))),
        "count of 10,000 and more": lambda dice: listed(Filters(min_count=dice.randrange(10_000, 100_000))),
        "source": lambda dice: listed(Filters(source=f"账号{dice.randrange(400)}")),
        "text in 1 of 500 documents": lambda dice: listed(Filters(text=f"特征词{dice.randrange(500):03}")),
        "search, 2 characters": lambda dice: list(search(engine, dice.choice(WORDS), limit=50)),
        "search, 4 characters": lambda dice: list(
            search(engine, dice.choice(WORDS) + dice.choice(WORDS), limit=50)
        ),
        "search, rare number": lambda dice: list(
            search(engine, f"第{dice.randrange(documents)}号", limit=50)
        ),
        "count by place": lambda dice: count_observations(engine, Filters(place=dice.choice(codes))),
    }


GROUPINGS = (
    ("county", "modality", "month"),
    ("prefecture", "modality"),
    ("place", "modality"),
    ("source",),
    ("year", "kind"),
)


def sums_asked(engine: Engine, documents: int, repeats: int) -> Iterator[tuple[str, float]]:
    """How long sums by several groupings take: seconds at first and after a change, milliseconds when asked again."""
    name = "sums by " + ", ".join(GROUPINGS[0])

    def asked(grouping: Sequence[str]) -> float:
        began = time.perf_counter()
        list(islice(sums_by(engine, Filters(campaign="bench"), grouping).rows, 50))
        return time.perf_counter() - began

    yield f"{name}, first, s", asked(GROUPINGS[0])
    (last,) = articles(1, begin=documents)
    with engine.begin() as connection:
        write(connection, "bench", [last], terms=Terms(), reader="bench")
    yield f"{name}, after one document more, s", asked(GROUPINGS[0])
    for grouping in GROUPINGS:
        asked(grouping)
    yield "sums, again, p95 ms", p95(lambda dice: asked(dice.choice(GROUPINGS)), repeats)


def p95(call: Callable[[random.Random], object], repeats: int) -> float:
    """The 95th percentile, in milliseconds."""
    taken = []
    for number in range(repeats):
        began = time.perf_counter()
        call(random.Random(number))
        taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken)[int(len(taken) * 0.95)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--observations", type=int, default=100_000)
    parser.add_argument("--url", help="an empty database")
    parser.add_argument("--bare-url", help="another empty database, for the bare insert")
    parser.add_argument("--repeats", type=int, default=20)
    asked = parser.parse_args()
    documents = asked.observations // PER_DOCUMENT
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as folder:
        url = asked.url or f"sqlite:///{Path(folder) / 'holdfast.db'}"
        bare_url = asked.bare_url or f"sqlite:///{Path(folder) / 'bare.db'}"
        engine = connect(url)
        ours = ingest_rate(engine, documents)
        bare = bare_rate(engine, bare_url, full_text=False)
        indexed = bare_rate(engine, bare_url, full_text=True)
        print(f"{engine.dialect.name}: {asked.observations} observations in {documents} documents")
        print(f"{'ingest, rows/s':<32}{ours:>12,.0f}")
        print(f"{'bare Core bulk insert, rows/s':<32}{bare:>12,.0f}")
        print(f"{'the same with full text, rows/s':<32}{indexed:>12,.0f}")
        print(f"{'ratios':<32}{ours / bare:>12.2f}{ours / indexed:>8.2f}")
        _settle(engine)
        for name, call in queries(engine, documents).items():
            print(f"{name + ', p95 ms':<32}{p95(call, asked.repeats):>12,.1f}")
        for name, spent in sums_asked(engine, documents, asked.repeats):
            print(f"{name:<62}{spent:>12,.2f}")
        engine.dispose()


if __name__ == "__main__":
    main()
