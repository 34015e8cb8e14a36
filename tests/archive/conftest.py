"""Collections and exchanges for the archive's tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Collection, CrawlInfo, Exchange

INFO = CrawlInfo(
    campaign="test", operator="Testers <t@tests.example>", software="holdfast/test", user_agent="test"
)


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path / "collections" / "test")


@pytest.fixture
def exchange() -> Callable[..., Exchange]:
    def made(
        body: bytes = b"<html>synthetic</html>", url: str = "http://site.example/page", **more: object
    ) -> Exchange:
        values: dict[str, object] = {
            "url": url,
            "started_at": datetime.now(UTC),
            "request_headers": ((b"Host", b"site.example"), (b"User-Agent", b"test")),
            "status": 200,
            "reason": "OK",
            "response_headers": (
                (b"Content-Type", b"text/html"),
                (b"Content-Length", str(len(body)).encode()),
            ),
            "body": body,
            "ip_address": "127.0.0.1",
            "seconds": 0.05,
        }
        return Exchange(**(values | more))  # type: ignore[arg-type]

    return made
