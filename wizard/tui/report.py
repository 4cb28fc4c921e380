"""What is printed when the app has ended: where things are, and how to get them again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wizard.engine.writer import Written


@dataclass(frozen=True)
class Report:
    """What is worth knowing afterwards.

    Attributes:
        command: The command line that gives the project as it was answered last; empty before.
        written: What was written last; None if nothing was.
        written_command: The command line that gives that project.
        left: What became of a project that was run, a sentence; may be empty.
        wizard: Whether there were answers at all, rather than a project that existed.
    """

    command: str = ""
    written: Written | None = None
    written_command: str = ""
    left: str = ""
    wizard: bool = True

    def with_command(self, command: str) -> Report:
        """Return a report in which the answers amount to `command`."""
        return replace(self, command=command)

    def with_project(self, written: Written) -> Report:
        """Return a report about a project that was just written."""
        return replace(self, written=written, written_command=self.command)

    def with_left(self, left: str) -> Report:
        """Return a report that also says what became of a running project."""
        return replace(self, left=left)

    def before_quitting(self) -> str:
        """Return what to know before quitting."""
        if not self.wizard:
            return "The project stays as it is."
        if self.written is None:
            return (
                "Nothing has been written yet. The command for your answers is printed when you"
                " quit, so that you can carry on from there."
            )
        return f"Your project is in {self.written.target}."

    def lines(self) -> tuple[str, ...]:
        """Return the lines to print."""
        left = (self.left,) if self.left else ()
        return (*self._about_the_answers(), *left) if self.wizard else left

    def _about_the_answers(self) -> tuple[str, ...]:
        if self.written is not None:
            return (
                f"{self.written.target} holds {self.written.files} new files.",
                "To write the same project again:",
                f"  {self.written_command}",
                "To run it:",
                f"  scaffold-tui up {self.written.target}",
            )
        if self.command:
            return ("Nothing was written. The command for your answers:", f"  {self.command}")
        return ("Nothing was written.",)
