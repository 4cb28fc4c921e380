"""A template's questions as a JSON Schema, for tools that fill them in."""

from __future__ import annotations

import json

from wizard.domain.questions import Form, Kind, Question

_TYPES = {
    Kind.STR: "string",
    Kind.PATH: "string",
    Kind.INT: "integer",
    Kind.FLOAT: "number",
    Kind.BOOL: "boolean",
}
"""JSON and YAML questions take any value, so they have no type."""


def json_schema(form: Form) -> dict[str, object]:
    """Return the schema (2020-12) of the answers, given the form without any.

    Which answers cannot be combined is not in it; `scaffold-tui new` says so.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": form.title,
        "type": "object",
        "properties": {question.name: _property(question) for question in form.questions},
        "additionalProperties": False,
    }


def _property(question: Question) -> dict[str, object]:
    value: dict[str, object] = {"title": question.label}
    if question.help:
        value["description"] = question.help
    one: dict[str, object] = {}
    if question.kind in _TYPES:
        one["type"] = _TYPES[question.kind]
    if question.choices:
        one["enum"] = [choice.value for choice in question.choices]
    if question.multiselect:
        value |= {"type": "array", "items": one, "uniqueItems": True}
    else:
        value |= one
    if question.default is not None and not question.secret:
        value["default"] = json.loads(json.dumps(question.default, default=str))
    return value
