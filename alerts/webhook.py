"""Posts a message as JSON, signed as Standard Webhooks has it (https://www.standardwebhooks.com, version 1)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO

from alerts.errors import AlertError, MaybeSent, NotSent
from alerts.message import Message, as_json
from alerts.secrets import first_line
from workspace.alerting import Webhook

SECONDS = 30.0
GATEWAY_TIMEOUT = 504


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A receiver that has moved is for the user to see; alerts do not follow it to wherever it points."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """No other address is asked: the answer counts as refused."""


def post(message: Message, settings: Webhook, workspace: Path) -> str | None:
    """Posts `{id, subject, text, alerts}`. Raises NotSent, MaybeSent, or AlertError for a secret that is none.

    `text` makes the body one that Slack, Mattermost and their like show as it is.
    """
    body = json.dumps(
        {
            "id": message.id,
            "subject": message.subject,
            "text": f"{message.subject}\n\n{message.text}",
            "alerts": [as_json(alert) for alert in message.alerts],
        },
        ensure_ascii=False,
    ).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "holdfast"}
    headers |= _signed(message.id, body, settings, workspace)
    request = urllib.request.Request(settings.url, data=body, headers=headers)  # noqa: S310  # settings allow http(s)
    try:
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=SECONDS):
            return None
    except urllib.error.HTTPError as error:
        error.close()
        said = f"{settings.url} answered {error.code} {error.reason}"
        if error.code == GATEWAY_TIMEOUT:
            raise MaybeSent(f"{said}: what stands behind it may have it") from error
        raise NotSent(said) from error
    except urllib.error.URLError as error:  # while the request was being sent
        raise NotSent(f"{settings.url}: {error.reason}") from error
    except (OSError, HTTPException) as error:  # while its answer was awaited
        raise MaybeSent(f"{settings.url} took the message and gave no answer: {error!r}") from error


def _signed(message_id: str, body: bytes, settings: Webhook, workspace: Path) -> dict[str, str]:
    stamp = str(int(time.time()))
    headers = {"webhook-id": message_id, "webhook-timestamp": stamp}
    if settings.secret_file:
        key = _key(first_line(settings.secret_file, workspace), settings.secret_file)
        signed = hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
        headers["webhook-signature"] = f"v1,{base64.b64encode(signed).decode()}"
    return headers


def _key(secret: str, file: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error as error:
        raise AlertError(
            f"{file}: a webhook's secret is base64, with or without whsec_ before it: openssl rand -base64 32"
        ) from error
