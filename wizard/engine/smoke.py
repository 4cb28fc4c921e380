"""Asks a running service whether it is well."""

from __future__ import annotations

import http.client
import time
from urllib.parse import urlsplit

from wizard.engine.compose_events import Answered

BODY_LIMIT = 16_384
"""Bytes of an answer's body that are read."""


def ask(url: str, seconds: float = 5.0) -> Answered:
    """Send one GET request to an ``http`` URL, without proxy and without following redirects.

    Args:
        url: For example ``http://127.0.0.1:8000/health``.
        seconds: How long each of connecting, waiting and reading may take.
    """
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
    begin = time.perf_counter()
    try:
        connection.request("GET", parts.path or "/", headers={"Accept": "application/json"})
        response = connection.getresponse()
        body = response.read(BODY_LIMIT).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        return Answered(url, error=_reason(error, seconds))
    finally:
        connection.close()
    return Answered(url, response.status, body, (time.perf_counter() - begin) * 1000)


def ask_until_answered(url: str, patience: float = 5.0, seconds: float = 5.0) -> Answered:
    """Ask as `ask` does, again and again for `patience` seconds while nobody answers at all.

    A service without a health check counts as running before it listens.
    """
    give_up = time.monotonic() + patience
    answer = ask(url, seconds)
    while answer.error and time.monotonic() < give_up:
        time.sleep(0.25)
        answer = ask(url, seconds)
    return answer


def _reason(error: Exception, seconds: float) -> str:
    if isinstance(error, TimeoutError):
        return f"No answer within {seconds:g} seconds."
    if isinstance(error, ConnectionRefusedError):
        return "Nothing listens there."
    if isinstance(error, ConnectionError):
        return "The connection was closed without an answer."
    if isinstance(error, http.client.HTTPException):
        return "The answer is not HTTP."
    return f"The request failed: {error}."
