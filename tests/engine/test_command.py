"""The command line that gives the same project as the wizard."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from wizard.domain.answers import Answers
from wizard.engine import blueprints
from wizard.engine.command import equivalent_command
from wizard.engine.preview import Previewer
from wizard.frontends.cli import _new_parser, _pair

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="quotes for another shell")


def command(template: Path, given: Mapping[str, object], target: str = "here") -> str:
    previewer = Previewer(blueprints.local(template))
    answers = Answers(given)
    try:
        return equivalent_command(previewer.form(answers), answers, target)
    finally:
        previewer.close()


def test_only_what_differs_from_the_defaults_is_in_it(torture: Path) -> None:
    assert command(torture, {}) == "scaffold-tui new here --defaults"
    given = {"flavour": "plain", "count": 4, "name": "Ä project", "slug": "mine"}
    assert command(torture, given) == "scaffold-tui new here --defaults -d slug=mine -d count=4"


def test_it_is_quoted_for_the_shell(torture: Path) -> None:
    line = command(torture, {"name": "it's $HOME\n& more"}, "my folder")
    assert shlex.split(line)[2] == "my folder"
    assert shlex.split(line)[-1] == "name=it's $HOME\n& more"
    assert command(torture, {}, "-x") == "scaffold-tui new ./-x --defaults"


def test_secrets_and_answers_that_are_not_asked_are_left_out(torture: Path) -> None:
    given = {"token": "hush", "extra_note": "not asked"}
    assert command(torture, given) == "scaffold-tui new here --defaults"


def test_typing_it_gives_the_same_answers(torture: Path) -> None:
    given = {
        "name": "Ünï “x” = y",
        "extras": True,
        "extra_note": "",
        "parts": ["a b", 3, {"c": None}],
        "tags": ["blue", "green"],
        "count": -1,
        "ratio": 1e-9,
    }
    previewer = Previewer(blueprints.local(torture))
    form = previewer.form(Answers(given))
    line = equivalent_command(form, Answers(given), "here")
    options = _new_parser().parse_args(shlex.split(line)[2:])
    typed = previewer.form(Answers(dict(_pair(text) for text in options.data)))
    previewer.close()
    assert typed.errors == {}
    values = [{q.name: q.value for q in each.questions} for each in (form, typed)]
    assert values[0] == values[1]
    assert values[0]["tags"] == ["green", "blue"]
