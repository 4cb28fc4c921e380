"""Answers as a value."""

from __future__ import annotations

import pytest

from wizard.domain.answers import Answers, changed


def test_with_answer_leaves_the_original_alone_and_keeps_the_order() -> None:
    first = Answers({"a": 1, "b": 2})
    second = first.with_answer("c", 3).with_answer("a", 4)
    assert dict(first) == {"a": 1, "b": 2}
    assert list(second.items()) == [("a", 4), ("b", 2), ("c", 3)]


def test_without_leaves_the_question_at_its_default() -> None:
    answers = Answers({"a": 1, "b": 2})
    assert dict(answers.without("a")) == {"b": 2}
    assert answers.without("unknown") == answers


def test_a_change_of_the_given_mapping_does_not_reach_the_answers() -> None:
    given = {"a": 1}
    answers = Answers(given)
    given["a"] = 2
    assert answers["a"] == 1
    with pytest.raises(TypeError):
        answers.given["a"] = 3  # type: ignore[index]


def test_equal_answers_have_equal_hashes_whatever_their_order() -> None:
    one, two = Answers({"a": [1], "b": None}), Answers({"b": None, "a": [1]})
    assert one == two
    assert hash(one) == hash(two)
    assert one != {"a": [1], "b": None}


def test_changed_names_what_differs_or_is_on_one_side_only() -> None:
    before = {"same": 1, "other": 1, "gone": None}
    after = {"same": 1, "other": 2, "new": None}
    assert changed(before, after) == {"other", "gone", "new"}
    assert changed({}, {}) == frozenset()
