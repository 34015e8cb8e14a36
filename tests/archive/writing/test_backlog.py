"""A fast source waits for a slow disk, by number and by bytes."""

from __future__ import annotations

import threading

from archive.writing.backlog import Backlog


def test_what_is_put_first_is_taken_first_in_batches_of_bounded_size() -> None:
    backlog: Backlog[str] = Backlog(100, 1000)
    for name in "abcdefg":
        assert backlog.put(name, 10)
    assert backlog.take(2, 1000) == ["a", "b"]
    assert backlog.take(100, 25) == ["c", "d"]
    assert backlog.take(100, 5) == ["e"], "one item larger than a batch goes alone"
    backlog.close()
    assert backlog.take(100, 1000) == ["f", "g"], "what waits at the end is still taken"
    assert backlog.take(100, 1000) == []
    assert not backlog.put("h", 1)


def test_one_who_puts_waits_for_room_and_no_more_is_held_than_allowed() -> None:
    backlog: Backlog[int] = Backlog(1000, 100)
    most = 0

    def put() -> None:
        for number in range(200):
            backlog.put(number, 30)
        backlog.close()

    putting = threading.Thread(target=put)
    putting.start()
    taken: list[int] = []
    while items := backlog.take(1000, 10_000):
        most = max(most, len(items))
        taken += items
    putting.join()
    assert taken == list(range(200))
    assert most <= 3


def test_one_item_larger_than_all_room_passes_alone() -> None:
    backlog: Backlog[str] = Backlog(10, 100)
    assert backlog.put("large", 10_000)
    assert backlog.take(10, 10) == ["large"]


def test_closing_lets_go_of_those_who_wait() -> None:
    backlog: Backlog[str] = Backlog(1, 100)
    backlog.put("first", 1)
    said: list[bool] = []
    waiting = threading.Thread(target=lambda: said.append(backlog.put("second", 1)))
    waiting.start()
    backlog.close()
    waiting.join()
    assert said == [False]
    assert backlog.take(10, 10) == ["first"]
