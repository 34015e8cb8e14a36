"""What can go wrong with alerts; each message is one sentence for the user."""

from __future__ import annotations


class AlertError(Exception):
    """Alerts cannot be sent as the settings say; the message says what to mend."""


class Busy(AlertError):
    """Another process is sending alerts."""


class NotSent(Exception):
    """A message was refused or never handed over: it did not arrive, and may be sent again."""


class MaybeSent(Exception):
    """The connection broke after a message was handed over: nobody can know whether it arrived."""
