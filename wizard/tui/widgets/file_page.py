"""A file as lines to draw: its content, what changed in it, or why it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import PurePosixPath

from textual.content import Content

from wizard.domain.filetree import Entry, EntryKind, Mark
from wizard.tui.text import visible

_CONTEXT_LINES = 3
_LONGEST_LINE = 1000
_MOST_HIGHLIGHTED = 200_000
"""Characters; what is longer is shown plain, for its highlighting would take seconds."""

_LANGUAGES = {
    ".dockerignore": "text",
    "Dockerfile": "docker",
    "Makefile": "make",
    ".editorconfig": "ini",
    ".env": "bash",
    ".env.example": "bash",
    ".gitignore": "text",
    "LICENSE": "text",
}

Highlighter = Callable[[str, str], list[Content]]
"""Path and text -> one styled line for each line of the text."""


@dataclass(frozen=True)
class Reason:
    """An answer that a file depends on.

    Attributes:
        label: The question.
        value: Its answer, as a person reads it.
        changed: Whether it is the answer that the marks are about.
    """

    label: str
    value: str
    changed: bool = False


@dataclass(frozen=True)
class Page:
    """A file of the project, beside what it was before.

    Attributes:
        path: Where it is in the project.
        new: What it is; None if it was removed.
        old: What it was; None if it was added.
        mark: What happened to it.
        reasons: The answers it depends on, those that changed first.
    """

    path: str
    new: Entry | None = None
    old: Entry | None = None
    mark: Mark = Mark.SAME
    reasons: tuple[Reason, ...] = ()

    @property
    def shown(self) -> Entry | None:
        """The file as it is, or as it was if it is gone."""
        return self.new or self.old


@dataclass(frozen=True)
class Line:
    """One line of a page.

    Attributes:
        content: The text.
        mark: Whether the line was added or removed; SAME for the others.
        number: Its number in the file, from 1; 0 for what is no line of a file.
    """

    content: Content
    mark: Mark = Mark.SAME
    number: int = 0


def text_of(entry: Entry | None) -> str:
    """Return what to show of `entry`; a sentence in brackets for what has no text."""
    if entry is None:
        return ""
    if entry.kind is EntryKind.LINK:
        return f"(a link to {entry.text})"
    if entry.text is None:
        return f"(binary, {len(entry.content):,} bytes)"
    return visible("\n".join(entry.text.splitlines()), several_lines=True)


def plain_lines(_path: str, text: str) -> list[Content]:
    """Return the lines of `text` without colours."""
    return [Content(line[:_LONGEST_LINE]) for line in text.split("\n")]


def coloured_lines(path: str, text: str) -> list[Content]:
    """Return the lines of `text` with syntax colours; slow, so call it in a thread."""
    if len(text) > _MOST_HIGHLIGHTED:
        return plain_lines(path, text)
    # imports Pygments, which the first frame must not wait for
    from textual.highlight import guess_language, highlight  # noqa: PLC0415

    name = PurePosixPath(path).name
    language = _LANGUAGES.get(name) or guess_language("", name)
    coloured = highlight(text, language=language)
    lines = coloured.split("\n", allow_blank=True)
    return [line[:_LONGEST_LINE] if len(line) > _LONGEST_LINE else line for line in lines]


def content_lines(page: Page, lines_of: Highlighter) -> list[Line]:
    """Return the whole file; every line of a removed file is marked as removed."""
    mark = Mark.REMOVED if page.mark is Mark.REMOVED else Mark.SAME
    lines = lines_of(page.path, text_of(page.shown))
    return [Line(content, mark, number) for number, content in enumerate(lines, 1)]


def diff_lines(page: Page, lines_of: Highlighter) -> list[Line]:
    """Return what was added and removed, with three lines around each change."""
    if page.old is None or page.new is None:
        mark = Mark.ADDED if page.old is None else Mark.REMOVED
        lines = lines_of(page.path, text_of(page.shown))
        return [Line(content, mark, number) for number, content in enumerate(lines, 1)]
    old, new = text_of(page.old), text_of(page.new)
    return list(_changes(old, new, lines_of(page.path, old), lines_of(page.path, new)))


def _changes(
    old: str, new: str, old_lines: list[Content], new_lines: list[Content]
) -> Iterator[Line]:
    matcher = SequenceMatcher(None, old.split("\n"), new.split("\n"))
    seen = 0
    for group in matcher.get_grouped_opcodes(_CONTEXT_LINES):
        if (hidden := group[0][3] - seen) > 0:
            yield _gap(hidden)
        for kind, old_from, old_to, new_from, new_to in group:
            if kind == "equal":
                for index in range(new_from, new_to):
                    yield Line(new_lines[index], number=index + 1)
                continue
            for index in range(old_from, old_to):
                yield Line(old_lines[index], Mark.REMOVED, index + 1)
            for index in range(new_from, new_to):
                yield Line(new_lines[index], Mark.ADDED, index + 1)
        seen = group[-1][4]
    if (hidden := len(new_lines) - seen) > 0:
        yield _gap(hidden)


def _gap(lines: int) -> Line:
    return Line(Content.styled(f"··· {lines} line{'s' if lines > 1 else ''}", "$text-muted"))


def why_lines(page: Page) -> list[Line]:
    """Return the answers that the file depends on."""
    if not page.reasons:
        return [Line(Content("It is the same whatever you answer."))]
    width = max(len(reason.label) for reason in page.reasons)
    title = [Line(Content("It depends on these answers:")), Line(Content(""))]
    return title + [Line(_reason_line(reason, width)) for reason in page.reasons]


def _reason_line(reason: Reason, width: int) -> Content:
    return Content.assemble(
        (f"{visible(reason.label):<{width}}  ", "bold"),
        visible(reason.value) or "(empty)",
        ("  ← the last one" if reason.changed else "", "$text-warning"),
    )
