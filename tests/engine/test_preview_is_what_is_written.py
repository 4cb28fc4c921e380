"""The preview equals, byte for byte, what plain Copier writes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from wizard.domain.answers import Answers
from wizard.domain.filetree import FileTree
from wizard.domain.questions import Form, Question
from wizard.engine import blueprints
from wizard.engine.preview import Previewer

Contents = dict[str, Any]

TEXTS = ["Orders", "Ünïcode Straße", "a 'quoted' \"name\" & more", "x", "Ω mega-9", "{{ braces }}"]
VARYING_IN_TORTURE = {"place.txt", "secret.txt", "lucky.txt"}
DESTINATION = "the-project"


def legal_answers(previewer: Previewer, chance: random.Random) -> tuple[Answers, Form]:
    """Answer some questions at random, in order; an answer that is refused is taken back."""
    answers = Answers()
    form = previewer.form(answers)
    for name in [question.name for question in form.questions]:
        question = next((q for q in form.questions if q.name == name), None)
        if question is None or not question.active or chance.random() < 0.35:
            continue
        tried = answers.with_answer(name, random_answer(question, chance))
        if not (after := previewer.form(tried)).errors:
            answers, form = tried, after
    return answers, form


def random_answer(question: Question, chance: random.Random) -> object:
    values = [choice.value for choice in question.choices]
    if question.multiselect:
        return chance.sample(values, chance.randrange(len(values) + 1))
    if values:
        return chance.choice(values)
    others: dict[str, object] = {
        "bool": chance.random() < 0.5,
        "int": chance.randrange(100),
        "float": chance.random(),
        "yaml": chance.sample(["a", "b c", 3, "ö"], chance.randrange(4)),
    }
    return others.get(question.kind, chance.choice(TEXTS))


def given(form: Form, answers: Answers) -> Mapping[str, object]:
    """Leave out what is answered but not asked: Copier would take it for the computed value."""
    return {name: value for name, value in answers.items() if form.question(name).active}


def seeds(quick: int, *, slow: int) -> list[Any]:
    """Return seeds for random answers, of which all but a few take too long for every run."""
    rest = [pytest.param(seed, marks=pytest.mark.slow) for seed in range(quick, slow)]
    return [*range(quick), *rest]


@pytest.fixture(scope="module")
def torture_previewer(torture: Path) -> Iterator[Previewer]:
    previewer = Previewer(blueprints.local(torture), destination_name=DESTINATION)
    yield previewer
    previewer.close()


@pytest.fixture(scope="module")
def service_previewer() -> Iterator[Previewer]:
    previewer = Previewer(blueprints.builtin())
    yield previewer
    previewer.close()


@pytest.mark.parametrize("seed", seeds(24, slow=60))
def test_preview_of_a_torturous_template_equals_what_copier_writes(
    seed: int,
    torture: Path,
    torture_previewer: Previewer,
    plain_copy: Callable[[Path, Path, Mapping[str, object]], None],
    on_disk: Callable[[Path], Contents],
    of_tree: Callable[[FileTree], Contents],
    tmp_path: Path,
) -> None:
    answers, form = legal_answers(torture_previewer, random.Random(seed))
    tree = torture_previewer.tree(answers)
    plain_copy(torture, tmp_path / DESTINATION, given(form, answers))

    previewed, written = of_tree(tree), on_disk(tmp_path / DESTINATION)
    varying = {path for path, entry in tree.items() if entry.varies}
    assert varying == VARYING_IN_TORTURE & tree.keys()
    for path in varying:
        assert previewed.pop(path)[:2] == written.pop(path)[:2]
    assert previewed == written


@pytest.mark.parametrize("seed", seeds(10, slow=40))
def test_preview_of_the_service_equals_what_copier_writes(
    seed: int,
    service_previewer: Previewer,
    plain_copy: Callable[[Path, Path, Mapping[str, object]], None],
    on_disk: Callable[[Path], Contents],
    of_tree: Callable[[FileTree], Contents],
    tmp_path: Path,
) -> None:
    answers, form = legal_answers(service_previewer, random.Random(seed))
    tree = service_previewer.tree(answers)
    plain_copy(blueprints.builtin().root, tmp_path / "project", given(form, answers))

    previewed, written = of_tree(tree), on_disk(tmp_path / "project")
    assert {path for path, entry in tree.items() if entry.varies} <= {".env"}
    for contents in (previewed, written):
        contents[".env"] = masked(*contents[".env"])
        contents[".copier-answers.yml"] = without_origin(*contents[".copier-answers.yml"])
    assert previewed == written


def masked(kind: object, mode: int, content: bytes) -> tuple[object, int, list[str]]:
    """Hide the values that differ each time: long random ones, and what stands in for them."""
    lines = []
    for line in content.decode().splitlines():
        name, _, value = line.partition("=")
        is_random = value == "<random secret>" or (len(value) >= 32 and value.isalnum())
        lines.append(f"{name}=?" if is_random else line)
    return kind, mode, lines


def without_origin(kind: object, mode: int, content: bytes) -> tuple[object, int, list[bytes]]:
    """Leave out where the template came from: plain Copier was given a folder."""
    lines = content.splitlines()
    return kind, mode, [line for line in lines if not line.startswith((b"_src_path", b"_commit"))]


def test_masking_hides_nothing_but_secrets() -> None:
    text = (
        b"PORT=8000\nKEY=0123456789abcdef0123456789abcdef\nURL=postgresql://app:x@db/app-of-mine\n"
    )
    assert masked("file", 0o644, text)[2] == [
        "PORT=8000",
        "KEY=?",
        "URL=postgresql://app:x@db/app-of-mine",
    ]


def test_answers_file_of_the_service_names_no_path_of_this_machine(
    service_previewer: Previewer,
) -> None:
    text = service_previewer.tree(Answers())[".copier-answers.yml"].text
    assert text is not None
    assert "_src_path: git+scaffold-tui://builtin/service\n" in text
    assert f"_commit: v{blueprints.BUILTIN_VERSION}\n" in text
    assert str(blueprints.builtin().root) not in text
