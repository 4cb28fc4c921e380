"""Foreign text on the screen: never markup, never control characters; and change marks."""

from __future__ import annotations

from textual.content import Content

from wizard.domain.filetree import Mark, TreeDiff

_LINE_ENDS = {"\n": "\n", "\t": "    "}

MARK_STYLE = {
    Mark.SAME: "",
    Mark.ADDED: "$text-success",
    Mark.CHANGED: "$text-warning",
    Mark.REMOVED: "$text-error",
}
"""Mark -> how its character is coloured; the character alone says the same without colours."""

_CHANGES = (Mark.ADDED, Mark.CHANGED, Mark.REMOVED)


def _shown(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if 0x80 <= code < 0xA0 or 0xD800 <= code < 0xE000 or character in _REORDERING:
        return "�"
    return character


_REORDERING = frozenset(
    "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


def visible(text: str, *, several_lines: bool = False) -> str:
    """Return `text` with all characters made visible that could move the cursor or reorder it.

    Args:
        text: Text of a template, a file or a file name.
        several_lines: Whether line ends stay; else each becomes one space.
    """
    if text.isascii() and text.isprintable():
        return text
    keep = _LINE_ENDS if several_lines else {"\n": " ", "\t": " "}
    return "".join(keep.get(each) or _shown(each) for each in text)


def counted(diff: TreeDiff, *, all_marks: bool = False) -> Content:
    """Return what changes as coloured text such as ``+5 ~9``.

    Args:
        diff: What changes.
        all_marks: Whether marks that count nought are there too; else nothing at all is ``=``.
    """
    counts = [(mark, diff.count(mark)) for mark in _CHANGES]
    return mark_counts(counts) if not all_marks else _joined(counts)


def mark_counts(counts: list[tuple[Mark, int]]) -> Content:
    """Return the counts that are not nought as coloured text; ``=`` when all are."""
    return _joined([each for each in counts if each[1]]) or Content.styled("=", "$text-muted")


def _joined(counts: list[tuple[Mark, int]]) -> Content:
    parts = [
        Content.styled(f"{mark.value}{count}", MARK_STYLE[mark] if count else "$text-muted")
        for mark, count in counts
    ]
    return Content(" ").join(parts)


def identifier(name: str) -> str:
    """Return a question's name as part of a widget's id, which may hold ASCII only."""
    return "".join(
        each if each.isascii() and (each.isalnum() or each in "_-") else "-" for each in name
    )
