"""File trees and their differences."""

from __future__ import annotations

import pytest

from wizard.domain.filetree import Entry, EntryKind, FileTree, Mark, TreeDiff, diff


def tree(*entries: Entry) -> FileTree:
    return FileTree({entry.path: entry for entry in entries})


def test_a_tree_is_sorted_and_its_files_are_all_but_folders() -> None:
    made = tree(
        Entry("b", EntryKind.FOLDER), Entry("b/y", EntryKind.LINK, b"x"), Entry("a", content=b"1")
    )
    assert list(made) == ["a", "b", "b/y"]
    assert made.files == ("a", "b/y")
    assert len(made) == 3


@pytest.mark.parametrize(
    ("content", "text"),
    [(b"", ""), ("ünï".encode(), "ünï"), (b"a\0b", None), (b"\xff\xfe", None)],
)
def test_text_is_none_for_binaries(content: bytes, text: str | None) -> None:
    assert Entry("x", content=content).text == text


def test_diff_marks_files_and_links_and_no_folders() -> None:
    before = tree(
        Entry("same", content=b"1"),
        Entry("edited", content=b"1"),
        Entry("mode", mode=0o644),
        Entry("gone"),
        Entry("folder", EntryKind.FOLDER),
        Entry("becomes-link", content=b"x"),
    )
    after = tree(
        Entry("same", content=b"1"),
        Entry("edited", content=b"2"),
        Entry("mode", mode=0o755),
        Entry("new"),
        Entry("becomes-link", EntryKind.LINK, b"x"),
    )
    found = diff(before, after)
    assert found.marks == {
        "becomes-link": Mark.CHANGED,
        "edited": Mark.CHANGED,
        "gone": Mark.REMOVED,
        "mode": Mark.CHANGED,
        "new": Mark.ADDED,
    }
    assert found.summary == "+1 ~3 -1"
    assert found.count(Mark.SAME) == 0


def test_files_that_vary_by_nature_are_not_marked() -> None:
    before, after = (tree(Entry("x", content=content, varies=True)) for content in (b"1", b"2"))
    assert diff(before, after) == TreeDiff()
    assert diff(before, tree(Entry("x", content=b"2"))).marks == {"x": Mark.CHANGED}


@pytest.mark.parametrize(
    ("marks", "summary"),
    [
        ({}, "="),
        ({"a": Mark.ADDED}, "+1"),
        ({"a": Mark.REMOVED, "b": Mark.REMOVED, "c": Mark.CHANGED}, "~1 -2"),
    ],
)
def test_summary_leaves_out_what_is_nought(marks: dict[str, Mark], summary: str) -> None:
    assert TreeDiff(marks).summary == summary
