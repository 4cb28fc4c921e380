"""Trees as rows, files as lines, foreign text, and colours that can be read."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from wizard.domain.filetree import Entry, EntryKind, FileTree, Mark, diff
from wizard.tui.terminal import has_light_background, light_of
from wizard.tui.text import counted, identifier, visible
from wizard.tui.themes import THEMES
from wizard.tui.widgets.file_page import (
    Line,
    Page,
    coloured_lines,
    content_lines,
    diff_lines,
    plain_lines,
    text_of,
)
from wizard.tui.widgets.tree_rows import all_nodes, build, flatten, moved


def tree(**contents: str) -> FileTree:
    """Return files; two underscores in a name stand for a slash."""
    return FileTree(
        {
            (path := name.replace("__", "/")): Entry(path, content=text.encode())
            for name, text in contents.items()
        }
    )


def rows(before: FileTree, after: FileTree) -> list[tuple[int, str, str]]:
    """Return depth, mark and name of every row, all folders open."""
    nodes = build(before, after, diff(before, after))
    return [(row.depth, row.node.mark.value, row.node.name) for row in flatten(nodes, bool)]


def test_folders_with_one_folder_in_them_share_a_row() -> None:
    files = tree(src__app__api__a="", src__app__api__b="", src__app__main="")
    assert rows(files, files) == [
        (0, " ", "src/app"),
        (1, " ", "api"),
        (2, " ", "a"),
        (2, " ", "b"),
        (1, " ", "main"),
    ]


def test_folders_come_first_and_removed_files_stay() -> None:
    before, after = tree(a="1", gone="", z__x="1"), tree(a="2", new="", z__x="1")
    assert rows(before, after) == [
        (0, " ", "z"),
        (1, " ", "x"),
        (0, "~", "a"),
        (0, "-", "gone"),
        (0, "+", "new"),
    ]


def test_folders_sum_up_what_is_below_them() -> None:
    before, after = (
        tree(p__q__a="1", p__b="1", p__q__c="1"),
        tree(p__q__a="2", p__b="1", p__q__d=""),
    )
    nodes = build(before, after, diff(before, after))
    counts = {node.path: (node.counts, node.files) for node in all_nodes(nodes) if node.is_folder}
    assert counts == {"p": ((1, 1, 1), 4), "p/q": ((1, 1, 1), 3)}


def test_a_folded_folder_hides_what_is_in_it() -> None:
    files = tree(a__b="", a__c="")
    nodes = build(files, files, diff(files, files))
    assert [row.node.path for row in flatten(nodes, lambda _node: False)] == ["a"]


def test_moving_renames_whole_parts_of_paths_only() -> None:
    files = tree(src__my__my="", src__mybook="")
    assert list(moved(files, {"my": "your"})) == ["src/mybook", "src/your/your"]
    assert moved(files, {}) is files


def entry(text: str) -> Entry:
    """Return a file with `text`."""
    return Entry("f.py", content=text.encode())


def drawn(lines: list[Line]) -> list[tuple[str, int, str]]:
    """Return mark, number and text of each line."""
    return [(line.mark.value, line.number, line.content.plain) for line in lines]


def test_a_diff_shows_three_lines_around_each_change() -> None:
    old = "\n".join(f"line {number}" for number in range(1, 13))
    page = Page("f.py", entry(old.replace("line 6", "new 6")), entry(old), Mark.CHANGED)
    assert drawn(diff_lines(page, plain_lines)) == [
        (" ", 0, "··· 2 lines"),
        (" ", 3, "line 3"),
        (" ", 4, "line 4"),
        (" ", 5, "line 5"),
        ("-", 6, "line 6"),
        ("+", 6, "new 6"),
        (" ", 7, "line 7"),
        (" ", 8, "line 8"),
        (" ", 9, "line 9"),
        (" ", 0, "··· 3 lines"),
    ]


def test_a_new_file_is_all_added_and_a_gone_one_all_removed() -> None:
    assert drawn(diff_lines(Page("f.py", entry("a\nb"), None, Mark.ADDED), plain_lines)) == [
        ("+", 1, "a"),
        ("+", 2, "b"),
    ]
    gone = Page("f.py", None, entry("a"), Mark.REMOVED)
    assert drawn(diff_lines(gone, plain_lines)) == [("-", 1, "a")]
    assert drawn(content_lines(gone, plain_lines)) == [("-", 1, "a")]


@pytest.mark.parametrize("path", ["a.py", "Dockerfile", "Makefile", ".env", "x.unknown", "LICENSE"])
@pytest.mark.parametrize("text", ["", "a = 1", "a\n\n\nb\n", "FROM x\n# y", "é\tü\n\tz"])
def test_colours_change_no_text(path: str, text: str) -> None:
    shown = text_of(entry(text))
    coloured = [line.plain for line in coloured_lines(path, shown)]
    assert coloured == [line.plain for line in plain_lines(path, shown)]


def test_what_has_no_text_says_what_it_is() -> None:
    assert text_of(Entry("x", content=b"\x00\x01")) == "(binary, 2 bytes)"
    assert text_of(Entry("x", EntryKind.LINK, b"there")) == "(a link to there)"


def test_control_characters_are_made_visible() -> None:
    assert visible("a\x1b[31mb\x07") == "a␛[31mb␇"
    assert visible("a\nb") == "a b"
    assert visible("a\nb", several_lines=True) == "a\nb"
    assert visible("user\u202etxt.exe") == "user�txt.exe"
    assert visible("naïve — ok ✓") == "naïve — ok ✓"


def test_counts_leave_out_what_is_nought() -> None:
    changes = diff(tree(a="1", b="1"), tree(a="2", c="1", d="1"))
    assert counted(changes).plain == "+2 ~1 -1"
    assert counted(diff(tree(a="1"), tree(a="2"))).plain == "~1"
    assert counted(diff(tree(), tree())).plain == "="
    assert counted(diff(tree(), tree()), all_marks=True).plain == "+0 ~0 -0"


def test_any_question_has_an_identifier() -> None:
    assert identifier("project_name") == "project_name"
    assert identifier("größe") == "gr--e"


@pytest.mark.parametrize(
    ("reply", "light"),
    [
        (b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62c", True),
        (b"\x1b]11;rgb:1e1e/1e1e/1e1e\x07", False),
        (b"\x1b]11;rgba:ff/ff/e0/ff\x07", True),
        (b"\x1b[?62c", None),
        (b"", None),
    ],
)
def test_the_terminal_says_whether_it_is_light(reply: bytes, light: bool | None) -> None:
    assert light_of(reply) is light


def test_without_an_answer_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wizard.tui.terminal._ask_terminal", lambda: b"")
    assert has_light_background({"COLORFGBG": "0;15"})
    assert not has_light_background({"COLORFGBG": "15;0"})
    assert not has_light_background({})


def luminance(color: Color) -> float:
    """Return the relative luminance as WCAG 2 has it."""
    parts = (color.r / 255, color.g / 255, color.b / 255)
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    light, dark = sorted((luminance(Color.parse(one)), luminance(Color.parse(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_text_can_be_read(theme: Theme) -> None:
    colors = theme.to_color_system().generate()
    texts = ("foreground", "text-muted", "text-primary", "text-success", "text-warning")
    for text in (*texts, "text-error", "text-accent", "footer-key-foreground"):
        for background in ("background", "surface"):
            assert contrast(colors[text], colors[background]) >= 4.5, (text, background)
    assert contrast(colors["text-disabled"], colors["background"]) >= 3
    cursor = contrast(colors["block-cursor-foreground"], colors["block-cursor-background"])
    assert cursor >= 4.5
