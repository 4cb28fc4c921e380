"""Turns a template's questions into the wizard's form, by what the template says for the wizard.

A template may have a `_scaffold_tui` key at the top of its `copier.yml` (`title`, `steps`) and in
each question (`label`, `skipped`, `options`); Copier ignores both. Without them there is one step
with all questions. What is malformed in there is left out rather than reported: it is decoration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from wizard.domain.questions import Choice, Form, Question, Step

_EXPLANATIONS = ("summary", "choose", "cost", "pairs", "docs")


@dataclass(frozen=True)
class PlannedStep:
    """A step before its questions are known."""

    id: str
    title: str
    help: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What a template wants its form to look like.

    Attributes:
        title: What the template makes.
        steps: Its steps in order; none for a template that does not speak to the wizard.
    """

    title: str
    steps: tuple[PlannedStep, ...] = ()

    @property
    def placed(self) -> frozenset[str]:
        """The names of all questions that are in a step."""
        return frozenset(name for step in self.steps for name in step.questions)

    def form(self, questions: Iterable[Question]) -> Form:
        """Put `questions` into their steps.

        Those that no step names go into a last one.
        """
        known = {question.name: question for question in questions}
        steps = [
            Step(step.id, step.title, found, step.help)
            for step in self.steps
            if (found := tuple(known[name] for name in step.questions if name in known))
        ]
        rest = tuple(q for q in known.values() if q.name not in self.placed)
        if rest:
            steps.append(Step("more", "More" if steps else "Questions", rest))
        return Form(self.title, tuple(steps))


def read_plan(data: object, name: str) -> Plan:
    """Read a template's top-level `_scaffold_tui`; `name` is the title if it gives none."""
    top = _mapping(data)
    steps = [_mapping(step) for step in _list(top.get("steps"))]
    return Plan(
        _text(top, "title") or name,
        tuple(
            PlannedStep(
                id=_text(step, "id") or str(number),
                title=_text(step, "title") or _text(step, "id") or f"Step {number}",
                help=_text(step, "help"),
                questions=tuple(str(question) for question in _list(step.get("questions"))),
            )
            for number, step in enumerate(steps, start=1)
        ),
    )


def decorate(question: Question, data: object, render: Callable[[str], str]) -> Question:
    """Add what the question's own `_scaffold_tui` says; `render` fills in the present answers."""
    own = _mapping(data)
    options = _mapping(own.get("options"))
    return replace(
        question,
        label=_text(own, "label") or question.name.replace("_", " ").capitalize(),
        skipped="" if question.active else " ".join(render(_text(own, "skipped")).split()),
        choices=tuple(_explained(choice, options) for choice in question.choices),
    )


def _explained(choice: Choice, options: Mapping[object, object]) -> Choice:
    value = choice.value
    found = options.get(str(value), options.get(value) if isinstance(value, int | float) else None)
    texts = _mapping(found)
    return replace(choice, **{name: _text(texts, name) for name in _EXPLANATIONS})


def _mapping(data: object) -> Mapping[object, object]:
    return data if isinstance(data, Mapping) else {}


def _list(data: object) -> list[object]:
    return data if isinstance(data, list) else []


def _text(data: Mapping[object, object], key: str) -> str:
    """Return a text on one line; YAML may have made a number of it."""
    value = data.get(key)
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""
