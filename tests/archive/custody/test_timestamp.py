"""Time-stamps: a real authority's answers hold, anything else is refused and the head waits."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.custody import Authority, append, head_of, pending, stamp, verify_custody
from archive.custody.authority import MAX_ANSWER_BYTES, ask
from archive.custody.timestamp import check
from archive.custody.token import in_order
from archive.errors import TimestampRefused
from tests.archive.custody import tsa


def wrong(folder: Path, root: Path | None = None) -> list[str]:
    return [str(finding) for finding in verify_custody(folder, [], root)]


@pytest.fixture
def real(tmp_path: Path) -> tsa.Authority:
    return tsa.Authority(tmp_path / "tsa")


@pytest.fixture
def stamped(log: Path, real: tsa.Authority) -> Path:
    with tsa.serving(real.answer) as url:
        stamp(log, Authority(url, real.root))
    return log


def test_a_real_authority_stamps_once_and_its_answer_holds(log: Path, real: tsa.Authority) -> None:
    with tsa.serving(real.answer) as url:
        done = stamp(log, Authority(url, real.root))
        assert [each.size for each in done] == [7]
        assert stamp(log, Authority(url, real.root)) == []
    assert wrong(log, real.root) == []


def test_openssl_alone_checks_what_is_stored(stamped: Path, real: tsa.Authority) -> None:
    words = f"openssl ts -verify -data 7.head -in 7.tsr -CAfile {real.root}"
    folder = stamped / "timestamps"
    said = subprocess.run(words.split(), cwd=folder, capture_output=True, text=True, check=False)
    assert "Verification: OK" in said.stdout + said.stderr


def test_without_a_network_heads_wait_through_restarts_and_are_stamped_later(
    log: Path, real: tsa.Authority
) -> None:
    nobody = Authority("http://127.0.0.1:9/", real.root)
    with pytest.raises(TimestampRefused, match="waits to be stamped"):
        stamp(log, nobody)
    append(log, "export", {"n": 1})
    assert pending(log) == [7]
    assert wrong(log) == [], "to wait is no damage"
    with tsa.serving(real.answer) as url:
        assert [each.size for each in stamp(log, Authority(url, real.root))] == [7, 8]
    assert pending(log) == []


def another_authority(real: tsa.Authority, folder: Path, query: bytes) -> bytes:
    return tsa.Authority(folder / "other").answer(query)


def another_key_under_the_same_names(real: tsa.Authority, folder: Path, query: bytes) -> bytes:
    other = tsa.Authority(folder / "other", names_issuer_key=False)
    return other.signed(tsa.info_of(real.answer(query), folder))


def a_stamp_of_another_text(real: tsa.Authority, folder: Path, query: bytes) -> bytes:
    info = bytearray(tsa.info_of(real.answer(query), folder))
    head = head_of(folder / "custody")
    assert head is not None
    at = info.index(tsa.openssl("dgst", "-sha256", "-binary", _file(folder, head.text())))
    info[at] ^= 1
    return real.signed(bytes(info))


def an_answer_to_an_earlier_question(real: tsa.Authority, folder: Path, query: bytes) -> bytes:
    head = head_of(folder / "custody")
    assert head is not None
    again = folder / "again.tsq"
    tsa.openssl("ts", "-query", "-data", _file(folder, head.text()), "-sha256", "-cert", "-out", again)
    return real.answer(again.read_bytes())


def a_certificate_that_may_not_stamp(real: tsa.Authority, folder: Path, query: bytes) -> bytes:
    info = tsa.info_of(real.answer(query), folder)
    server = tsa.Authority(real.folder, may_stamp=False)
    return server.signed(info)


def a_certificate_that_had_expired(real: tsa.Authority, folder: Path, query: bytes) -> bytes:
    info = tsa.info_of(real.answer(query), folder)
    return tsa.Authority(real.folder, begin=-30, end=-1).signed(info)


def a_certificate_that_was_not_valid_yet(real: tsa.Authority, folder: Path, query: bytes) -> bytes:
    info = tsa.info_of(real.answer(query), folder)
    return tsa.Authority(real.folder, begin=1, end=30).signed(info)


def a_refusal(real: tsa.Authority, folder: Path, query: bytes) -> bytes:
    return tsa.sequence(tsa.REJECTED)


def a_refusal_with_a_good_token(real: tsa.Authority, folder: Path, query: bytes) -> bytes:
    return real.answer(query).replace(tsa.GRANTED, tsa.REJECTED, 1)


def nothing(real: tsa.Authority, folder: Path, query: bytes) -> bytes:
    return b""


def a_web_page(real: tsa.Authority, folder: Path, query: bytes) -> bytes:
    return b"<html>synthetic log-in page</html>"


def an_endless_answer(real: tsa.Authority, folder: Path, query: bytes) -> bytes:
    return b"\x30" * (MAX_ANSWER_BYTES + 2)


FORGERIES = {
    another_authority: "does not hold",
    another_key_under_the_same_names: "certificate signature failure",
    a_stamp_of_another_text: "Mismatch between messages",
    an_answer_to_an_earlier_question: "Nonce mismatch",
    a_certificate_that_may_not_stamp: "does not have KeyPurposeID|purpose",
    a_certificate_that_had_expired: "expired",
    a_certificate_that_was_not_valid_yet: "not yet valid|not valid",
    a_refusal: "does not hold",
    a_refusal_with_a_good_token: "not GRANTED",
    nothing: "does not hold",
    a_web_page: "does not hold",
    an_endless_answer: "more than a time-stamp",
}


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.__name__)
def test_a_forged_answer_is_refused_for_what_is_wrong_with_it_and_the_head_waits(
    log: Path, tmp_path: Path, real: tsa.Authority, forgery: Callable[[tsa.Authority, Path, bytes], bytes]
) -> None:
    root = tmp_path / "trusted.pem"
    root.write_bytes(real.root.read_bytes())

    def answer(query: bytes) -> bytes:
        told = forgery(real, tmp_path, query)
        # A forgery may remake the authority's certificates; the one that is trusted is the root that signed them.
        if "certificate" in forgery.__name__:
            root.write_bytes(real.root.read_bytes())
        return told

    with tsa.serving(answer) as url, pytest.raises(TimestampRefused, match=FORGERIES[forgery]):
        stamp(log, Authority(url, root))
    assert pending(log) == [7]
    assert not list((log / "timestamps").glob("*.tsr"))


def test_what_openssl_cms_signs_would_hold_if_nothing_were_wrong_with_it(
    log: Path, tmp_path: Path, real: tsa.Authority
) -> None:
    """Without this, the forgeries above could be refused for how they are made."""

    def answer(query: bytes) -> bytes:
        return real.signed(tsa.info_of(real.answer(query), tmp_path))

    with tsa.serving(answer) as url:
        assert [each.size for each in stamp(log, Authority(url, real.root))] == [7]


def test_a_stamp_holds_after_its_certificate_has_expired(
    log: Path, tmp_path: Path, real: tsa.Authority
) -> None:
    head = head_of(log)
    assert head is not None
    query = tmp_path / "old.tsq"
    tsa.openssl("ts", "-query", "-data", _file(tmp_path, head.text()), "-sha256", "-cert", "-out", query)
    info = tsa.info_of(real.answer(query.read_bytes()), tmp_path)
    then = datetime.now(UTC) - timedelta(20)
    old = tsa.Authority(tmp_path / "old", begin=-30, end=-10)
    assert check(old.signed(tsa.at(info, then)), head.text(), old.root) == then.replace(microsecond=0)
    with pytest.raises(TimestampRefused):
        check(old.signed(info), head.text(), old.root)


def test_stamps_of_an_earlier_authority_hold_while_its_root_is_kept(
    stamped: Path, tmp_path: Path, real: tsa.Authority
) -> None:
    new = tsa.Authority(tmp_path / "new")
    assert "does not hold" in wrong(stamped, new.root)[0]
    both = tmp_path / "both.pem"
    both.write_bytes(new.root.read_bytes() + real.root.read_bytes())
    assert wrong(stamped, both) == []


@pytest.mark.parametrize("part", ["7.tsr", "7.head", "7.sha256"])
def test_every_flipped_bit_of_what_is_stored_is_found_without_the_authority_too(
    stamped: Path, part: str
) -> None:
    path = stamped / "timestamps" / part
    whole = path.read_bytes()
    for position in range(len(whole)):
        flipped = bytearray(whole)
        flipped[position] ^= 1 << position % 8
        path.write_bytes(bytes(flipped))
        assert wrong(stamped), position


@pytest.mark.parametrize("part", ["7.head", "7.sha256"])
def test_a_stamp_without_its_files_is_told(stamped: Path, part: str) -> None:
    (stamped / "timestamps" / part).unlink()
    assert "7.tsr" in wrong(stamped)[0]


def test_a_log_that_was_made_anew_is_not_the_one_that_was_stamped(
    stamped: Path, tmp_path: Path, real: tsa.Authority
) -> None:
    """Even with the workspace's own key, which signs whatever it is given."""
    (stamped / "log.jsonl").unlink()
    for number in range(9):
        append(stamped, "import", {"from": f"invented-{number}.html"})
    (stamped / "log.lost-7").unlink()
    assert ["the authority saw another log" in told for told in wrong(stamped, real.root)] == [True]


def test_a_log_that_lost_its_end_is_found_by_its_stamp(stamped: Path) -> None:
    """Also when somebody made the head that is remembered beside it fit."""
    (stamped / "log.head").unlink()
    rows = (stamped / "log.jsonl").read_bytes().splitlines(keepends=True)
    (stamped / "log.jsonl").write_bytes(b"".join(rows[:5]))
    assert any("the authority saw another log" in told for told in wrong(stamped))


@pytest.mark.parametrize(
    "said",
    [b"", b"HTTP/1.1 500 Oh\r\n\r\n", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"],
)
def test_whatever_a_server_says_is_an_answer_refused(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(said)

        threading.Thread(target=serve, daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(TimestampRefused, match="waits to be stamped"):
            ask(url, b"question")


@pytest.mark.parametrize(
    "begin",
    [b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b""],
)
def test_a_server_that_never_ends_is_left_in_time(begin: bytes) -> None:
    ended = threading.Event()
    piece = begin if b"Continue" in begin else b"a"
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                connection.sendall(begin)
                while not ended.wait(0.02):
                    connection.sendall(piece)

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(TimestampRefused, match="takes too long"):
            ask(f"http://127.0.0.1:{server.getsockname()[1]}/", b"question", seconds=0.5)
        ended.set()


def test_an_answer_longer_than_any_time_stamp_is_not_read_to_its_end() -> None:
    with (
        tsa.serving(lambda query: b"\x30" * (MAX_ANSWER_BYTES + 1)) as url,
        pytest.raises(TimestampRefused, match="more than a time-stamp"),
    ):
        ask(url, b"question")


@given(st.binary(max_size=60))
def test_what_is_no_answer_keeps_its_bytes(data: bytes) -> None:
    assert sorted(in_order(data)) == sorted(data)


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://site.example/", "authority.example"])
def test_only_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(TimestampRefused, match="https://"):
        ask(url, b"question")


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "text.bin"
    path.write_bytes(content)
    return path
