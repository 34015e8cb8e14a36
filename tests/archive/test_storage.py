"""Sealed files in an object store: a real S3 server process (moto), on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest

from archive import Collection, CrawlInfo, Exchange, open_writer
from archive.errors import StorageFailed
from archive.index import captures
from archive.reader import read_capture
from archive.storage import Store, drop_local, ledger, upload

BUCKET = "evidence"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while socket.socket().connect_ex(("127.0.0.1", port)) and time.monotonic() < deadline:
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def store(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setitem(os.environ, "NO_PROXY", "127.0.0.1")
    s3 = boto3.client("s3", endpoint_url=server)
    s3.create_bucket(Bucket=BUCKET)
    return Store(f"s3://{BUCKET}/{tmp_path.name}", server)


@pytest.fixture
def filled(collection: Collection, exchange: Callable[..., Exchange]) -> Collection:
    with open_writer(collection, info=CrawlInfo("test"), max_bytes=3000) as writer:
        for number in range(8):
            writer.write(exchange(os.urandom(900), f"http://site.example/{number}"))
    return collection


def test_an_upload_is_read_back_before_it_counts(filled: Collection, store: Store) -> None:
    done = list(upload(filled, filled.sealed(), store))
    assert {stored.file for stored in done} == {path.name for path in filled.sealed()}
    assert ledger(filled).keys() == {path.name for path in filled.sealed()}
    assert list(upload(filled, filled.sealed(), store)) == [], "nothing is uploaded twice"


def test_captures_are_read_by_range_when_the_local_copy_is_gone(filled: Collection, store: Store) -> None:
    list(upload(filled, filled.sealed(), store))
    before = {c.record_id: read_capture(filled, c.file, c.offset).payload for c in captures(filled)}
    for path in filled.sealed():
        drop_local(filled, path.name)
    assert filled.sealed() == []
    after = {c.record_id: read_capture(filled, c.file, c.offset).payload for c in captures(filled)}
    assert after == before


def test_what_is_not_stored_is_never_dropped(filled: Collection, store: Store) -> None:
    path = filled.sealed()[0]
    with pytest.raises(StorageFailed, match="the local copy stays"):
        drop_local(filled, path.name)
    assert path.exists()


def test_a_store_that_lost_the_bytes_is_found_out(filled: Collection, store: Store, server: str) -> None:
    list(upload(filled, filled.sealed(), store))
    path = filled.sealed()[0]
    key = f"{store.url.removeprefix(f's3://{BUCKET}/')}/{path.name}"
    boto3.client("s3", endpoint_url=server).put_object(Bucket=BUCKET, Key=key, Body=b"other")
    with pytest.raises(StorageFailed, match="no longer has the bytes"):
        drop_local(filled, path.name)
    assert path.exists()


def test_a_store_that_cannot_be_reached_is_one_sentence(filled: Collection) -> None:
    away = Store("s3://evidence/x", "http://127.0.0.1:9")
    with pytest.raises(StorageFailed) as caught:
        list(upload(filled, filled.sealed(), away))
    assert "\n" not in str(caught.value)
    assert not ledger(filled)
