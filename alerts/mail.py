"""Sends a message by SMTP (RFC 5321)."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import closing, suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from pathlib import Path

from alerts.errors import MaybeSent, NotSent
from alerts.message import Message
from alerts.secrets import first_line
from workspace.alerting import Mail

SECONDS = 30.0
"""How long the server may keep us waiting at each step."""

ACCEPTED = (250, 251)


def send_mail(message: Message, settings: Mail, workspace: Path) -> str | None:
    """Sends a message; says so if some receivers were refused, for to send it again would be twice for the others.

    Raises NotSent, MaybeSent, or AlertError for a password that cannot be read.
    """
    password = first_line(settings.password_file, workspace) if settings.password_file else ""
    letter = _letter(message, settings)
    try:
        with closing(_connected(settings)) as server:
            if settings.user:
                server.login(settings.user, password)
            server.ehlo_or_helo_if_needed()
            _accepted(server.mail(settings.sender))
            answers = {receiver: server.rcpt(receiver) for receiver in settings.to}
            refused = {receiver: said for receiver, said in answers.items() if said[0] not in ACCEPTED}
            if len(refused) == len(answers):
                _accepted(answers[settings.to[0]])
            _hand_over(server, letter)
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"{settings.server}:{settings.port}: {_said(error)}") from error
    return f"refused for {', '.join(refused)}" if refused else None


def _hand_over(server: smtplib.SMTP, letter: bytes) -> None:
    """From the end of the text to the server's word on it nobody can know what became of it."""
    try:
        answer = server.data(letter)
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        raise MaybeSent(f"the mail server fell silent while it had the message: {_said(error)}") from error
    _accepted(answer)


def _accepted(answer: tuple[int, bytes]) -> None:
    code, said = answer
    if code not in ACCEPTED:
        raise smtplib.SMTPResponseException(code, said)


def _connected(settings: Mail) -> smtplib.SMTP:
    if settings.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.server, settings.port, timeout=SECONDS, context=context)
    server = smtplib.SMTP(settings.server, settings.port, timeout=SECONDS)
    if settings.security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
    return server


def _letter(message: Message, settings: Mail) -> bytes:
    letter = EmailMessage(policy=SMTP)
    letter["Subject"] = message.subject
    letter["From"] = settings.sender
    letter["To"] = ", ".join(settings.to)
    letter["Date"] = formatdate(localtime=True)
    letter["Message-ID"] = f"<{message.id}@{settings.sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer by a machine
    letter.set_content(message.text)
    return letter.as_bytes()


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"
    return str(error) or type(error).__name__
