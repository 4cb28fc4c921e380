"""The command line that gives the same project as the wizard's answers."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys

from wizard.domain.answers import Answers
from wizard.domain.questions import Form, Question


def equivalent_command(form: Form, answers: Answers, target: str) -> str:
    """Return a command for the user's shell, with only the answers that differ from the defaults.

    Secret answers are left out: the command is shown, and lands in the shell's history.

    Args:
        form: The form that `answers` give.
        answers: What the user answered.
        target: The folder to write into, as the user would type it.
    """
    parts = ["scaffold-tui", "new", f"./{target}" if target.startswith("-") else target]
    parts.append("--defaults")
    for question in form.questions:
        if question.name in answers and _matters(question):
            parts += ["-d", f"{question.name}={typed(question.value)}"]
    return subprocess.list2cmdline(parts) if sys.platform == "win32" else shlex.join(parts)


def typed(value: object) -> str:
    """Return `value` as it is typed on the command line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _matters(question: Question) -> bool:
    if not question.active or question.secret:
        return False
    return (type(question.value), question.value) != (type(question.default), question.default)
