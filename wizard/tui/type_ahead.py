"""Keys that are typed faster than the app acts on them still act one after the other.

Textual 8.2.8 gives a character to the focused widget at once, but a bound key only after it has
bubbled up to the app. Of Ctrl+U and an "x" that arrive together the "x" acts first and is deleted;
of Enter and an "x" the "x" lands in the field that is about to be left. Over a slow connection, and
with pasted keys, that loses what was typed.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from textual import events
from textual.app import App
from textual.message import Message
from textual.timer import Timer

_ROUNDS = 2
"""Ways from the focused widget up to the app: the key's own, and that of what it set off."""

_GIVE_UP_SECONDS = 0.25
"""After this the next key is let through: the widget that was asked may be gone."""


class Settled(Message):
    """Goes the way that a key went, behind it.

    Args:
        key: Number of the key.
        rounds: How often it has yet to go.
    """

    def __init__(self, key: int, rounds: int) -> None:
        super().__init__()
        self.key = key
        self.rounds = rounds


class TypeAhead(App[Any]):
    """An app that lets a key through when the one before has had its effect."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[events.Key] = deque()
        self._under_way = 0
        self._sent = 0
        self._patience: Timer | None = None

    def post_message(self, message: Message) -> bool:
        """Post `message`; a key that was just typed has to wait its turn."""
        if not isinstance(message, events.Key) or message.is_forwarded:
            return super().post_message(message)
        if self._under_way:
            self._waiting.append(message)
            return True
        return self._send(message)

    def _send(self, key: events.Key) -> bool:
        self._sent += 1
        self._under_way = number = self._sent
        self._patience = self.set_timer(_GIVE_UP_SECONDS, lambda: self._let_next(number))
        return super().post_message(key) and super().post_message(Settled(number, _ROUNDS))

    def on_settled(self, message: Settled) -> None:
        """Send it round again, or let the next key through."""
        message.stop()
        if message.rounds:
            target = self.focused or self.screen
            target.post_message(Settled(message.key, message.rounds - 1))
        else:
            self._let_next(message.key)

    def _let_next(self, number: int) -> None:
        if number != self._under_way:
            return
        self._under_way = 0
        if self._patience is not None:
            self._patience.stop()
        if self._waiting:
            self._send(self._waiting.popleft())
