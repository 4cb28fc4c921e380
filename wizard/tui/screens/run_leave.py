"""Asks what becomes of a project that runs when its screen is left."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from wizard.tui.screens.dialogs import ChoiceDialog

_KEEP = "Keep running\n  The containers go on without this program."
_STOP = "Stop\n  Containers and data stay, and start again quickly."
_DOWN = "Down\n  Containers and network go; data in volumes stays."


class Left(StrEnum):
    """What became of the project when its screen was left."""

    NOTHING = "nothing ran"
    KEPT = "it runs on"
    STOPPED = "it is stopped"
    REMOVED = "its containers are removed"

    def sentence(self, project: Path) -> str:
        """Say it in a line that is printed at the end; empty if there is nothing to say."""
        if self is Left.KEPT:
            return f"{project.name} runs on; `docker compose down` in {project} takes it down."
        if self is Left.STOPPED:
            return (
                f"{project.name} is stopped; `docker compose start` in {project} starts it again."
            )
        return ""


class LeaveDialog(ChoiceDialog):
    """The ways to leave; the result is ``keep``, ``stop`` or ``down``, or None for staying.

    Args:
        names: The services that run.
        operation: What is under way and would be broken off; empty if nothing is.
    """

    def __init__(self, names: tuple[str, ...], operation: str = "") -> None:
        who = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        several = len(names) > 1
        runs = f"{who} {'are' if several else 'is'} running." if names else "Nothing runs yet."
        breaks = f"`docker compose {operation}` is broken off first. " if operation else ""
        super().__init__(
            "Leave",
            f"{breaks}{runs} What should happen to {'them' if several else 'it'}?",
            (("keep", _KEEP), ("stop", _STOP), ("down", _DOWN)),
        )
