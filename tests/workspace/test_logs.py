"""Log files, for people and for programs."""

from __future__ import annotations

import json
import logging
import time
from pathlib import Path

from workspace.log_format import LogFormat
from workspace.logs import event_log, logging_to

LOG = event_log("test")


def written(folder: Path, form: LogFormat) -> list[str]:
    with logging_to(folder, "crawl", form) as file:
        LOG.info("archived", url="https://a.example/采血?a=1\n2", status=200, reason=None)
        LOG.debug("not asked for")
        logging.getLogger("chatty").setLevel(logging.DEBUG)
        logging.getLogger("chatty").debug("not asked for")
        logging.getLogger("scrapy.core").info("Spider %s", "opened")
        try:
            raise OSError("no such host")
        except OSError:
            LOG.exception("failed", url="https://b.example/")
    LOG.info("after the end")
    assert file.name == f"crawl-{time.strftime('%Y%m%d', time.gmtime())}.log"
    return file.read_text("utf-8").splitlines()


def test_json_is_one_object_a_line_with_values_apart(tmp_path: Path) -> None:
    archived, opened, failed = map(json.loads, written(tmp_path, LogFormat.JSON))
    assert archived.pop("timestamp").endswith("Z")
    assert archived == {
        "event": "archived",
        "level": "info",
        "logger": "holdfast.test",
        "url": "https://a.example/采血?a=1\n2",
        "status": 200,
        "reason": None,
    }
    assert (opened["event"], opened["logger"]) == ("Spider opened", "scrapy.core")
    assert failed["exception"][0]["exc_value"] == "no such host"


def test_text_is_one_line_for_each_event(tmp_path: Path) -> None:
    archived, opened, *failed = written(tmp_path, LogFormat.TEXT)
    assert 'event=archived url="https://a.example/采血?a=1\\n2" status=200' in archived
    assert 'level=info logger=scrapy.core event="Spider opened"' in opened
    assert "no such host" in "\n".join(failed)


def test_a_second_run_of_the_day_goes_on_in_the_same_file(tmp_path: Path) -> None:
    written(tmp_path, LogFormat.TEXT)
    assert len(written(tmp_path, LogFormat.JSON)) > 3
    assert len(list(tmp_path.iterdir())) == 1
