"""Which terminals the wizard is shown on."""

from __future__ import annotations

import io
import sys

import pytest

from wizard.frontends.terminal import terminal_problem


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_that_says_what_it_is_is_taken() -> None:
    assert terminal_problem({"TERM": "xterm-256color"}, Terminal(), Terminal()) == ""


@pytest.mark.parametrize(
    ("stdin", "screen"),
    [
        (io.StringIO(), Terminal()),
        (Terminal(), io.StringIO()),
        (None, Terminal()),
        (Terminal(), None),
    ],
)
def test_without_a_terminal_there_is_no_wizard(
    stdin: io.StringIO | None, screen: io.StringIO | None
) -> None:
    assert terminal_problem({"TERM": "xterm"}, stdin, screen) == "The wizard needs a terminal"


def test_a_closed_stream_is_no_terminal() -> None:
    stream = io.StringIO()
    stream.close()
    assert terminal_problem({"TERM": "xterm"}, stream, Terminal()) == "The wizard needs a terminal"


@pytest.mark.skipif(sys.platform == "win32", reason="TERM means nothing there")
@pytest.mark.parametrize("term", ["dumb", "unknown", "emacs"])
def test_a_dumb_terminal_is_refused(term: str) -> None:
    problem = terminal_problem({"TERM": term}, Terminal(), Terminal())
    assert problem == f"This terminal cannot show the wizard (TERM is “{term}”)"


@pytest.mark.skipif(sys.platform == "win32", reason="TERM means nothing there")
def test_a_terminal_that_does_not_say_what_it_is_is_refused() -> None:
    problem = terminal_problem({}, Terminal(), Terminal())
    assert problem == "This terminal cannot show the wizard (TERM is not set)"


def test_a_textual_that_is_shown_elsewhere_needs_no_terminal() -> None:
    assert terminal_problem({"TEXTUAL_DRIVER": "some:Driver"}, None, None) == ""
