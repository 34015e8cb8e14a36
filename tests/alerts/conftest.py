"""A store of each kind, and people who receive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.alerts.receivers import Mailbox, Receiver, mail_server, web_server


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """A certificate authority of the test's own."""
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes this process, and those it starts, trust the authority."""
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


@pytest.fixture
def mailbox(authority: trustme.CA, trusted: None) -> Iterator[Mailbox]:
    """A mail server that wants STARTTLS and the password `secret`."""
    with mail_server(authority) as box:
        yield box


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A web server that takes what is posted."""
    with web_server() as found:
        yield found
