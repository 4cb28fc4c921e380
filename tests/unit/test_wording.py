"""Sentences about answers."""

from __future__ import annotations

import pytest

from wizard.domain.questions import Choice, Kind
from wizard.engine import wording

CHOICES = (Choice("Flask", "flask"), Choice("Fast API", "fastapi", disabled="Not today."))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Validation error for question 'q': Too long", "Too long."),
        ("Invalid choice for 'q': no\n  good.", "no good."),
        ("Try “this”", "Try “this”"),
        ("What?", "What?"),
        ("", ""),
    ],
)
def test_sentences_lose_copiers_prefixes(text: str, sentence: str) -> None:
    assert wording.sentence(text) == sentence


def test_a_wrong_choice_lists_those_that_can_be_chosen() -> None:
    assert wording.wrong_choice("flask", CHOICES) == ""
    assert wording.wrong_choice("fastapi", CHOICES) == "Not today."
    assert wording.wrong_choice("x", CHOICES) == "“x” is not one of the choices: flask."


@pytest.mark.parametrize(
    ("typed", "meant"), [("Flask", "flask"), ("fast-api", "fastapi"), ("x", "")]
)
def test_a_typing_mistake_is_recognised(typed: str, meant: str) -> None:
    assert wording.nearest_choice(typed, CHOICES) == meant


def test_malformed_values_are_said_by_their_kind() -> None:
    assert wording.malformed(Kind.INT, "x") == "“x” is not a whole number."
    assert wording.malformed(Kind.STR, "x") == ""


def test_a_proposal_is_taken_out_of_the_message() -> None:
    assert wording.proposal("“a b” is no slug; try “a-b”.") == "a-b"
    assert wording.proposal("“a b” is no slug.") == ""


def test_disabled_choices_always_have_a_reason() -> None:
    assert wording.ruled_out("  ") == "Your other answers rule it out."
    assert wording.ruled_out("No") == "No."


def test_names_that_may_have_been_meant() -> None:
    known = ["framework", "database", "project_name"]
    assert wording.did_you_mean("project-nam", known) == "; did you mean project_name?"
    assert wording.did_you_mean("zzz", known) == ""
