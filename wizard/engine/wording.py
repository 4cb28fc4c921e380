"""Sentences about answers: Copier's without its prefixes, and our own for plain mistakes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from wizard.domain.questions import Choice, Kind

_PREFIX = re.compile(r"^(?:Validation error for question|Invalid choice for) '[^']*': ")
_PROPOSAL = re.compile(r"\btry “([^”]+)”")
_MALFORMED = {
    Kind.INT: "is not a whole number",
    Kind.FLOAT: "is not a number",
    Kind.JSON: "is not valid JSON",
    Kind.YAML: "is not valid YAML",
}
YES_OR_NO = frozenset({"y", "yes", "t", "true", "on", "1", "n", "no", "f", "false", "off", "0"})
"""The words that Copier reads as a truth value; of any other word it would make “yes”."""


def sentence(text: str) -> str:
    """Return `text` on one line, without Copier's prefix and with a full stop."""
    line = _PREFIX.sub("", " ".join(text.split()))
    return line if not line or line[-1] in ".!?”" else f"{line}."


def malformed(kind: Kind, raw: object) -> str:
    """Say that `raw` cannot be read as a value of `kind`; empty for kinds that take any text."""
    return f"“{raw}” {_MALFORMED[kind]}." if kind in _MALFORMED else ""


def ruled_out(reason: str) -> str:
    """Return why a choice is disabled, also when the template gives no reason."""
    return sentence(reason) or "Your other answers rule it out."


def wrong_choice(value: object, choices: Sequence[Choice]) -> str:
    """Say why `value` cannot be chosen; empty if it can."""
    same = [choice for choice in choices if choice.value == value]
    if any(not choice.disabled for choice in same):
        return ""
    if same:
        return same[0].disabled
    names = ", ".join(str(choice.value) for choice in choices if not choice.disabled)
    return f"“{value}” is not one of the choices: {names}."


def nearest_choice(value: object, choices: Sequence[Choice]) -> str:
    """Return the choice value that `value` looks like, as text; empty if there is none."""
    names = {str(choice.value).lower(): str(choice.value) for choice in choices}
    names |= {choice.label.lower(): str(choice.value) for choice in choices}
    close = difflib.get_close_matches(str(value).lower(), names, n=1)
    return names[close[0]] if close else ""


def proposal(error: str) -> str:
    """Return the value that a template's message tells to try (``try “this”``), or empty."""
    found = _PROPOSAL.search(error)
    return found[1] if found else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the end of a sentence: the names, at most three, that `word` may have been meant for.

    Empty if there are none.
    """
    near = difflib.get_close_matches(word.lower().replace("-", "_"), list(known), n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(near)}?" if near else ""
