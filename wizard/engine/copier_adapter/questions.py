"""One question under the present answers; a bad answer never ends the session."""

# ruff: noqa: SLF001 - private names of Copier are what this package is for.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from copier._types import MISSING
from copier._user_data import Question as CopierQuestion
from copier._user_data import parse_yaml_list
from yaml import YAMLError

from wizard.domain.questions import Choice, Kind, Question
from wizard.engine import wording
from wizard.engine.copier_adapter.faults import FAULTS, said
from wizard.engine.copier_adapter.renderer import Renderer


def ask(renderer: Renderer, name: str, details: Mapping[str, Any]) -> Question:
    """Return the state of the question `name`, and enter its value into the answers.

    The order is that of Copier's own `_ask` with `defaults=True`. Whatever the template's code
    raises ends up in the question's `error`.
    """
    answers = renderer.answers
    try:
        question = CopierQuestion(
            answers=answers,
            context=renderer._render_context(),
            jinja_env=renderer.jinja_env,
            settings=renderer.settings,
            var_name=name,
            **details,
        )
        facts = _facts(question)
        raw = answers.init.pop(name, MISSING)
        given, wanted = raw is not MISSING, question.get_when()
        active = wanted and (given or question.get_ask())
        default, error = _default(question)
    except Exception as fault:  # noqa: BLE001 - a template's filters may raise anything
        return Question(name, error=f"The template's question is broken: {said(fault)}")
    if not wanted:
        answers.hide(name)
    value = default
    if given:
        answers.init[name] = raw
        value, error = _judged(question, facts, raw)
    if value is not MISSING:
        answers.user[name] = value
    elif active and not error:
        error = "There is no default: give an answer."
    return Question(
        **facts,
        value=None if value is MISSING else value,
        default=None if default is MISSING else default,
        given=given,
        active=active,
        error=error,
        suggestion=_suggestion(question, facts, value, error),
    )


def _facts(question: CopierQuestion) -> dict[str, Any]:
    """Return what a question is, apart from its value, as arguments of `Question`."""
    choices = tuple(
        Choice(
            label=str(choice.title),
            value=question.cast_answer(choice.value),
            disabled=wording.ruled_out(choice.disabled) if choice.disabled else "",
        )
        for choice in question._formatted_choices
    )
    return {
        "name": question.var_name,
        "kind": Kind(question.get_type_name()),
        "help": " ".join(str(question.render_value(question.help)).split()),
        "choices": choices,
        "multiselect": question.multiselect,
        "multiline": question.get_multiline(),
        "placeholder": str(question.get_placeholder()),
        "secret": question.secret,
    }


def _default(question: CopierQuestion) -> tuple[Any, str]:
    """Return the default, `MISSING` if there is none, and what is wrong with it."""
    try:
        return question.get_default(), ""
    except Exception as fault:  # noqa: BLE001 - a template's filters may raise anything
        error = wording.sentence(said(fault))
    try:
        return question.cast_answer(question.render_value(question.default)), error
    except FAULTS:
        return MISSING, error


def _judged(question: CopierQuestion, facts: Mapping[str, Any], raw: Any) -> tuple[Any, str]:
    """Return the value that the answer `raw` stands for, and what is wrong with it.

    Text is read by the question's type. Copier is more lenient in two places: it takes any word
    for a truth value, and drops what is unknown from several choices.
    """
    kind = facts["kind"]
    try:
        if isinstance(raw, str):
            raw.encode()
            if kind is Kind.BOOL and raw.strip().lower() not in wording.YES_OR_NO:
                return raw, f"“{raw}” is neither yes nor no."
            if question.multiselect:
                raw = parse_yaml_list(raw if raw.lstrip().startswith("[") else f"[{raw}]")
        if facts["choices"]:
            for item in raw if question.multiselect else [raw]:
                value = question.cast_answer(item)
                if wrong := wording.wrong_choice(value, facts["choices"]):
                    return raw if question.multiselect else value, wrong
        value = question.parse_answer(raw)
    except UnicodeEncodeError:
        return MISSING, "It contains bytes that are not text in UTF-8; type it again."
    except (*FAULTS, YAMLError) as fault:
        return raw, wording.malformed(kind, raw) or wording.sentence(said(fault))
    try:
        question.validate_answer(value)
    except ValueError as fault:
        return value, wording.sentence(str(fault))
    return value, ""


def _suggestion(question: CopierQuestion, facts: Mapping[str, Any], value: Any, error: str) -> str:
    """Return a value that would do, if the message or the choices lead to one."""
    idea = wording.proposal(error)
    if error and not idea and facts["choices"] and not question.multiselect:
        idea = wording.nearest_choice(value, facts["choices"])
    return idea if idea and not _judged(question, facts, idea)[1] else ""
