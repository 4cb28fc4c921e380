"""Copier's private names that the adapter leans on, so that a new Copier fails here first."""

from __future__ import annotations

import inspect
from importlib.metadata import version

import pytest
from copier import _jinja_ext, _main, _settings, _template, _tools, _types, _user_data


def test_this_is_the_copier_that_the_adapter_was_written_for() -> None:
    assert version("copier").split(".")[:2] == ["9", "19"]


@pytest.mark.parametrize(
    ("owner", "name", "parameters"),
    [
        (_main.Worker, "_render_allowed",
         ["self", "dst_relpath", "is_dir", "is_symlink", "expected_contents", "expected_mode"]),
        (_main.Worker, "_render_context", ["self"]),
        (_main.Worker, "_answers_to_remember", ["self"]),
        (_main.Worker, "_external_data", ["self"]),
        (_main.Worker, "_path_matcher", ["self", "patterns"]),
        (_main.Worker, "_render_path", ["self", "relpath"]),
        (_main.Worker, "_render_file", ["self", "src_relpath", "dst_relpath", "extra_context"]),
        (_main.Worker, "_render_symlink", ["self", "src_relpath", "dst_relpath"]),
        (_main.Worker, "_render_string", ["self", "string", "extra_context"]),
        (_main.Worker, "_check_unsafe", ["self", "mode"]),
        (_template.Template, "_cleanup", ["self"]),
        (_user_data.Question, "cast_answer", ["self", "answer"]),
        (_user_data.Question, "parse_answer", ["self", "answer"]),
        (_user_data.Question, "validate_answer", ["self", "answer"]),
        (_user_data.Question, "render_value", ["self", "value", "extra_answers"]),
        (_user_data.Question, "get_default", ["self"]),
        (_user_data.AnswersMap, "hide", ["self", "key"]),
        (_user_data, "parse_yaml_list", ["string"]),
        (_tools, "scantree", ["path", "follow_symlinks"]),
        (_tools, "cast_to_bool", ["value"]),
        (_jinja_ext, "get_yield_context", ["env"]),
        (_main, "as_operation", ["value"]),
    ],
)  # fmt: skip
def test_a_name_takes_what_the_adapter_gives_it(
    owner: object, name: str, parameters: list[str]
) -> None:
    assert list(inspect.signature(getattr(owner, name)).parameters) == parameters


def test_the_rest_is_there() -> None:
    assert {"template", "jinja_env", "match_exclude", "match_skip", "template_copy_root"} <= set(
        dir(_main.Worker)
    )
    assert isinstance(inspect.getattr_static(_main.Worker, "answers_relpath"), property)
    assert {"config_data", "questions_data", "metadata", "preserve_symlinks", "local_abspath"} <= (
        set(dir(_template.Template))
    )
    assert {"PROMPT", "RENDER"} <= set(_types.Phase.__members__)
    assert _user_data.Question.__dataclass_fields__.keys() >= {"secret", "multiselect", "when"}
    assert _settings.SettingsModel().defaults == {}
    assert set(_user_data.DEFAULT_DATA) == {"make_secret", "now"}
