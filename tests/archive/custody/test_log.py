"""The custody log: a chain that cannot be changed unseen, whoever writes at once, whatever crashes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.custody import append, change_key, entries, head_of, key_uses, queue, verify_custody
from archive.custody.keys import NEXT, PRIVATE, PUBLIC, make_key
from archive.custody.line import canonical
from archive.errors import CustodyBroken

LOG = "log.jsonl"
REPOSITORY = Path(__file__).resolve().parents[3]


def wrong(folder: Path) -> list[str]:
    return [str(finding) for finding in verify_custody(folder, [])]


def rows(folder: Path) -> list[bytes]:
    return (folder / LOG).read_bytes().splitlines(keepends=True)


def test_a_log_that_was_only_appended_to_holds(log: Path) -> None:
    assert wrong(log) == []
    assert [entry["index"] for entry in entries(log)] == list(range(7))
    assert [entry["subject"]["from"] for entry in entries(log)] == [f"file-{n}.html" for n in range(7)]


def test_an_entry_says_what_was_done_and_when_in_utc(tmp_path: Path) -> None:
    append(tmp_path, "export", {"file": "a.wacz"}, clock=lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert list(entries(tmp_path)) == [
        {"act": "export", "index": 0, "subject": {"file": "a.wacz"}, "time": "2026-01-02T03:04:05+00:00"}
    ]


@pytest.mark.parametrize("act", ["delete", "", "key-change"])
def test_only_acts_that_have_a_meaning_can_be_logged(tmp_path: Path, act: str) -> None:
    with pytest.raises(ValueError, match=act):
        append(tmp_path, act, {})


@pytest.mark.parametrize("entries_left", [7, 5])
@pytest.mark.parametrize("is_a_folder", [False, True])
def test_a_log_without_what_remembers_its_length_is_no_sound_log(
    log: Path, entries_left: int, is_a_folder: bool
) -> None:
    (log / "log.head").unlink()
    if is_a_folder:
        (log / "log.head").mkdir()
    (log / LOG).write_bytes(b"".join(rows(log)[:entries_left]))
    (told,) = wrong(log)
    assert told.startswith("log.head: the file is not there, so that a log whose end was cut off")


def test_a_folder_without_a_log_needs_nothing_that_remembers_one(tmp_path: Path) -> None:
    assert wrong(tmp_path) == []


@pytest.mark.parametrize("name", [LOG, "log.head"])
@pytest.mark.parametrize("made", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_told_and_nothing_is_logged_past_it(
    log: Path, name: str, made: Callable[[Path], None]
) -> None:
    (log / name).unlink()
    made(log / name)
    assert [told.startswith(f"{name}: ") for told in wrong(log)] == [True]
    before = (log / LOG).read_bytes() if name != LOG else None
    with pytest.raises(CustodyBroken, match="is no file"):
        append(log, "export", {"n": 1})
    assert before is None or (log / LOG).read_bytes() == before


def test_two_processes_may_append_at_once(log: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from archive.custody import append\n"
        "for n in range(25): append(Path(sys.argv[1]), 'export', {'by': sys.argv[2], 'n': n})"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(log), name], cwd=REPOSITORY)
        for name in ("one", "two")
    ]
    assert [process.wait() for process in running] == [0, 0]
    assert wrong(log) == []
    by = [(entry["subject"]["by"], entry["subject"]["n"]) for entry in list(entries(log))[7:]]
    assert sorted(by) == [(name, n) for name in ("one", "two") for n in range(25)]


def test_two_processes_may_begin_a_log_at_once(tmp_path: Path) -> None:
    """They agree on one signing key."""
    program = "import sys; from pathlib import Path; from archive.custody import append\n"
    program += "append(Path(sys.argv[1]), 'export', {'n': 1})"
    folder = tmp_path / "custody"
    running = [subprocess.Popen([sys.executable, "-c", program, folder], cwd=REPOSITORY) for _ in range(2)]
    assert [process.wait() for process in running] == [0, 0]
    assert wrong(folder) == []
    assert len(key_uses(folder)) == 1


Change = Callable[[list[bytes]], list[bytes]]

DAMAGE: dict[str, tuple[Change, list[str]]] = {
    "an entry altered": (
        lambda rows: [*rows[:3], rows[3].replace(b"file-3", b"file-9"), *rows[4:]],
        ["log.jsonl, line 4: the entry is not the one that was signed: it, or one before it, was changed"],
    ),
    "an entry removed": (
        lambda rows: rows[:2] + rows[3:],
        ["log.jsonl, line 3: the entry is out of its order: a line was removed, added or moved"],
    ),
    "the first removed": (
        lambda rows: rows[1:],
        ["log.jsonl, line 1: the entry is out of its order: a line was removed, added or moved"],
    ),
    "two entries swapped": (
        lambda rows: [*rows[:4], rows[5], rows[4], *rows[6:]],
        [
            "log.jsonl, line 5: the entry is out of its order: a line was removed, added or moved",
            "log.jsonl, line 6: the entry is out of its order: a line was removed, added or moved",
            "log.jsonl, line 7: the entry is out of its order: a line was removed, added or moved",
        ],
    ),
    "an entry doubled": (
        lambda rows: [*rows, rows[-1]],
        ["log.jsonl, line 8: the entry is out of its order: a line was removed, added or moved"],
    ),
    "the tail cut": (
        lambda rows: rows[:5],
        ["log.head: the log has 5 entries and had 7: its end was cut off; restore a backup"],
    ),
    "everything gone": (
        lambda rows: [],
        ["log.head: the log has 0 entries and had 7: its end was cut off; restore a backup"],
    ),
    "a line unreadable": (
        lambda rows: [rows[0], b"\0" * 40 + b"\n", *rows[2:]],
        ["log.jsonl, line 2: the line is damaged; restore the log from a backup"],
    ),
    "a line written in another form": (
        lambda rows: [rows[0].replace(b'{"entry":', b'{"entry": '), *rows[1:]],
        ["log.jsonl, line 1: the line is damaged; restore the log from a backup"],
    ),
    "a field that leads out of the folder": (
        lambda rows: [*rows[:6], rows[6].replace(b'"key":"', b'"key":"../../')],
        ["log.jsonl, line 7: the line is damaged; restore the log from a backup"],
    ),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_damage_is_told_where_it_is_and_for_what_it_is(log: Path, case: str) -> None:
    change, told = DAMAGE[case]
    (log / LOG).write_bytes(b"".join(change(rows(log))))
    assert wrong(log) == told


def test_a_wrong_signature_is_told_with_its_line_and_key(log: Path) -> None:
    changed = rows(log)
    line = json.loads(changed[2])
    line["signature"] = json.loads(changed[1])["signature"]
    changed[2] = canonical(line) + b"\n"
    (log / LOG).write_bytes(b"".join(changed))
    assert wrong(log) == [f"log.jsonl, line 3: the signature does not hold under keys/{line['key']}.pem"]


def test_a_public_key_that_was_exchanged_is_found(log: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    make_key(other)
    (mine,), (theirs,) = (log / PUBLIC).iterdir(), (other / PUBLIC).iterdir()
    mine.write_bytes(theirs.read_bytes())
    assert len(wrong(log)) == 7
    assert all("the signature does not hold" in told for told in wrong(log))


def test_no_bit_of_a_log_can_flip_unseen(log: Path) -> None:
    whole = (log / LOG).read_bytes()
    for position in range(0, len(whole), 7):
        flipped = bytearray(whole)
        flipped[position] ^= 1 << position % 8
        (log / LOG).write_bytes(bytes(flipped))
        assert wrong(log), position


def test_a_torn_last_line_is_told_and_set_aside_by_the_next_entry(log: Path) -> None:
    torn = b'{"entry":{"act":"se'
    with (log / LOG).open("ab") as out:
        out.write(torn)
    assert len(wrong(log)) == 1
    assert "line 8: the last line is torn" in wrong(log)[0]
    append(log, "seal", {"file": "x"})
    assert wrong(log) == []
    assert [path.read_bytes() for path in log.glob("log.torn-*")] == [torn]


@pytest.mark.parametrize("cut", [1, 40], ids=["only its line break", "more"])
def test_a_last_line_that_was_whole_once_is_told_for_ever_when_it_is_torn(log: Path, cut: int) -> None:
    whole = (log / LOG).read_bytes()
    (log / LOG).write_bytes(whole[:-cut])
    append(log, "export", {"n": 1})
    append(log, "export", {"n": 2})
    assert wrong(log) == [
        "log.lost-7: the first 7 entries of the log are not those that it had; restore a backup"
    ]
    (log / LOG).write_bytes(whole)
    assert ["log.head" in told for told in wrong(log)] == [True], "the later entries are not in the backup"


def test_a_cut_tail_is_not_hidden_by_what_is_appended_later(log: Path) -> None:
    (log / LOG).write_bytes(b"".join(rows(log)[:5]))
    append(log, "export", {"n": 1})
    assert wrong(log) == [
        "log.lost-7: the log has 6 entries and had 7: its end was cut off; restore a backup"
    ]
    append(log, "export", {"n": 2})
    append(log, "export", {"n": 3})
    assert wrong(log) == [
        "log.lost-7: the first 7 entries of the log are not those that it had; restore a backup"
    ]


def test_a_crash_before_the_head_is_remembered_is_no_damage(log: Path) -> None:
    before = (log / "log.head").read_bytes()
    append(log, "export", {"n": 1})
    (log / "log.head").write_bytes(before)
    assert wrong(log) == []
    append(log, "export", {"n": 2})
    assert wrong(log) == []


def test_no_bit_of_the_remembered_head_can_flip_unseen(log: Path) -> None:
    whole = (log / "log.head").read_bytes()
    for position in range(len(whole)):
        flipped = bytearray(whole)
        flipped[position] ^= 1 << position % 8
        (log / "log.head").write_bytes(bytes(flipped))
        assert wrong(log), position


def test_a_head_that_waits_to_be_stamped_remembers_the_log_too(log: Path) -> None:
    queue(log)
    (log / LOG).write_bytes(b"".join(rows(log)[:5]))
    assert "timestamps/7.pending: this head is of another log" in wrong(log)[1]


def test_damage_stays_told_and_the_log_goes_on(log: Path) -> None:
    changed = rows(log)
    changed[6] = changed[6].replace(b"file-6", b"file\r6")
    (log / LOG).write_bytes(b"".join(changed))
    append(log, "export", {"n": 1})
    append(log, "export", {"n": 2})
    told = wrong(log)
    assert told[0] == "log.jsonl, line 7: the line is damaged; restore the log from a backup"
    assert all("7" in each for each in told), "nothing else is blamed"


def test_the_private_key_is_for_its_owner_only(log: Path) -> None:
    assert (log / PRIVATE).stat().st_mode & 0o777 == 0o600


def test_the_old_key_signs_the_change_and_is_gone(log: Path) -> None:
    old = (log / PRIVATE).read_bytes()
    new = change_key(log)
    append(log, "export", {"n": 1})
    first, second = key_uses(log)
    assert (first.first, first.last, second.first, second.key) == (0, 7, 8, new)
    assert wrong(log) == []
    assert old not in [path.read_bytes() for path in log.iterdir() if path.is_file()]
    change = list(entries(log))[7]
    assert (change["act"], change["subject"]) == ("key-change", {"old": first.key, "new": new})


def test_a_change_that_a_crash_left_half_done_is_finished(log: Path) -> None:
    old = (log / PRIVATE).read_bytes()
    change_key(log)
    (log / PRIVATE).replace(log / NEXT)
    (log / PRIVATE).write_bytes(old)
    append(log, "export", {"n": 1})
    assert wrong(log) == []
    assert not (log / NEXT).exists()


def test_a_key_that_the_log_was_not_handed_to_cannot_go_on(log: Path) -> None:
    (log / PRIVATE).unlink()
    with pytest.raises(CustodyBroken, match="new-key --lost"):
        append(log, "export", {"n": 1})
    make_key(log)
    with pytest.raises(CustodyBroken, match="is not the key"):
        append(log, "export", {"n": 1})
    assert head_of(log).size == 7  # type: ignore[union-attr]


def test_after_a_lost_key_the_log_goes_on_and_every_check_says_so(log: Path) -> None:
    (log / PRIVATE).unlink()
    change_key(log, lost=True)
    append(log, "export", {"n": 1})
    (told,) = wrong(log)
    assert told.startswith("log.jsonl, line 8: the key ")
    assert told.endswith("signed, to which the one before did not hand the log over")
