"""The preview renders what has changed and nothing else, and knows what depends on what."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wizard.domain.answers import Answers
from wizard.domain.filetree import FileTree, diff
from wizard.engine import blueprints
from wizard.engine.copier_adapter import Asked, Rendered, Source, Target
from wizard.engine.preview import ASKED_KEPT, Previewer
from wizard.errors import AnswerError, BlueprintError


@pytest.fixture
def previewer(torture: Path) -> Iterator[Previewer]:
    opened = Previewer(blueprints.local(torture))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def service() -> Iterator[Previewer]:
    opened = Previewer(blueprints.builtin())
    yield opened
    opened.close()


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collects the targets that are really rendered."""
    seen: list[str] = []
    render = Asked.render_source

    def note(self: Asked, source: Source, target: Target) -> Rendered:
        seen.append(target.path.as_posix())
        return render(self, source, target)

    monkeypatch.setattr(Asked, "render_source", note)
    return seen


def test_another_answer_renders_only_what_reads_it(
    previewer: Previewer, rendered: list[str]
) -> None:
    tree = previewer.tree(Answers())
    assert sorted(rendered) == sorted(tree.files)
    rendered.clear()
    previewer.tree(Answers({"count": 4}))
    assert sorted(rendered) == [
        ".answers--project.yml",
        "included.txt",  # which includes a file that reads it
        "machine.txt",  # which reads all answers
        "secret.txt",
        "src/_project/__init__.py",
    ]


def test_going_back_renders_nothing(previewer: Previewer, rendered: list[str]) -> None:
    first = previewer.tree(Answers())
    others = [previewer.tree(Answers({"count": count})) for count in range(5, 12)]
    rendered.clear()
    assert previewer.tree(Answers()) is first
    assert previewer.tree(Answers({"count": 7})) is others[2]
    assert rendered == []


def test_the_same_values_by_another_way_render_nothing(
    previewer: Previewer, rendered: list[str]
) -> None:
    previewer.tree(Answers())
    rendered.clear()
    previewer.tree(Answers({"flavour": "plain"}))
    # These tell what was answered from what was not, or show the answers in their order.
    assert sorted(rendered) == [".answers--project.yml", "machine.txt"]


def test_an_option_that_was_looked_at_costs_nothing_when_other_answers_came_between(
    service: Previewer, rendered: list[str]
) -> None:
    for framework in ("fastapi", "flask", "fastapi"):
        service.tree(Answers({"framework": framework}))
    service.tree(Answers({"framework": "flask", "author_name": "Somebody"}))
    rendered.clear()
    service.tree(Answers({"framework": "fastapi", "author_name": "Somebody"}))
    both = set(service.tree(Answers({"framework": "flask", "author_name": "Somebody"})))
    assert set(rendered) <= {".copier-answers.yml", "LICENSE", "README.md", "pyproject.toml"}
    assert rendered
    assert both


def test_trees_share_the_entries_that_are_equal(service: Previewer) -> None:
    one = service.tree(Answers())
    two = service.tree(Answers({"ci": "none"}))
    changed = diff(one, two).marks
    same = [path for path in one.files if path not in changed]
    assert len(same) > 50
    assert all(one[path] is two[path] for path in same)


def test_only_a_bounded_number_of_answers_is_kept(previewer: Previewer) -> None:
    for count in range(ASKED_KEPT + 20):
        previewer.form(Answers({"count": count}))
    assert len(previewer._known) == ASKED_KEPT


def test_a_file_knows_the_questions_that_it_depends_on(service: Previewer) -> None:
    tree = service.tree(Answers())
    asked = {question.name for question in service.form(Answers()).questions}
    assert tree["docker-compose.yml"].depends_on >= {"database", "auth"}
    assert tree[".github/workflows/ci.yml"].depends_on >= {"ci", "python_version"}
    assert tree[".copier-answers.yml"].depends_on == asked
    assert tree[".editorconfig"].depends_on == frozenset()
    assert tree["src/my_service"].depends_on == {"package_name"}
    assert all(entry.depends_on <= asked for entry in tree.values())


def test_computed_values_are_traced_back_to_questions(previewer: Previewer) -> None:
    tree = previewer.tree(Answers())
    assert tree["src/_project/__init__.py"].depends_on == {"name", "slug", "count"}
    assert tree["part-1.txt"].depends_on == {"parts"}
    assert tree["dir-red/in-red.md"].depends_on == {"tags", "slug"}
    assert tree["plain.txt"].depends_on == frozenset()


def test_what_does_not_depend_on_an_answer_is_not_changed_by_it(service: Previewer) -> None:
    base = Answers()
    before = service.tree(base)
    for name, value in {"framework": "flask", "ci": "none", "license": "Apache-2.0"}.items():
        after = service.tree(base.with_answer(name, value))
        for path in diff(before, after).marks:
            entry = before.get(path) or after[path]
            assert name in entry.depends_on, f"{path} changed by {name}"


def test_a_preview_shows_no_secret(service: Previewer, previewer: Previewer) -> None:
    text = service.tree(Answers())[".env"].text
    assert text is not None
    assert "JWT_SECRET_KEY=<random secret>\n" in text
    assert service.tree(Answers())[".env"].varies
    torture = previewer.tree(Answers())
    assert torture["secret.txt"].text == "<random secret> <random secret>"
    assert torture["lucky.txt"].varies
    assert not torture["seeded.txt"].varies


def test_a_preview_is_stable(torture: Path) -> None:
    trees = []
    for _ in range(2):
        previewer = Previewer(blueprints.local(torture))
        trees.append(previewer.tree(Answers()))
        previewer.close()
    assert trees[0] == trees[1]


def test_a_preview_writes_nothing(
    torture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    previewer = Previewer(blueprints.local(torture), destination_name="x")
    previewer.tree(Answers())
    previewer.close()
    assert list(tmp_path.iterdir()) == []
    assert not Path("/.scaffold-tui-preview").exists()


def test_threads_take_turns(service: Previewer) -> None:
    wanted = [Answers({"framework": name, "ci": ci}) for name in ("flask", "fastapi")
              for ci in ("github", "none")]  # fmt: skip
    expected = [service.tree(answers) for answers in wanted]
    fresh = Previewer(blueprints.builtin())
    found: dict[int, FileTree] = {}

    def render(number: int) -> None:
        found[number] = fresh.tree(wanted[number % 4])

    threads = [threading.Thread(target=render, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fresh.close()
    assert [found[number] for number in range(8)] == expected * 2


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("{{ up }}out.txt", "wants to write to “../out.txt”, outside of the project"),
        ("{{ q | nothing }}.txt", "of the template cannot be rendered: "),
        ("{% yield a from [1] %}{% yield b from [2] %}x{% endyield %}{% endyield %}", "cannot be"),
    ],
)
def test_a_path_that_cannot_be_used_is_the_templates_fault(
    tmp_path: Path, path: str, sentence: str
) -> None:
    (tmp_path / "copier.yml").write_text("q: 1\nup: ../\n")
    (tmp_path / path).write_text("x")
    with pytest.raises(BlueprintError, match=sentence):
        Previewer(blueprints.local(tmp_path)).tree(Answers())


@pytest.mark.parametrize(
    "content", ["{{ q | nothing }}", "{% include 'missing' %}", "{{ 1 / 0 }}",
                "{% yield a from [1] %}{% endyield %}", "{{ q.x.y }}"]
)  # fmt: skip
def test_a_file_that_cannot_be_rendered_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "copier.yml").write_text("q: 1\n")
    (tmp_path / "file.txt.jinja").write_text(content)
    previewer = Previewer(blueprints.local(tmp_path))
    for _ in range(2):
        with pytest.raises(BlueprintError, match=r"“file\.txt\.jinja” of the template cannot be"):
            previewer.tree(Answers())


def test_a_link_out_of_the_template_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "template").mkdir()
    (tmp_path / "template" / "copier.yml").write_text("q: 1\n")
    (tmp_path / "secret").write_text("x")
    (tmp_path / "template" / "link").symlink_to("../secret")
    with pytest.raises(BlueprintError, match="“link” is a link that leads out of the template"):
        Previewer(blueprints.local(tmp_path / "template")).tree(Answers())


def test_a_template_under_git_is_read_at_its_newest_tag_and_cleaned_up(
    tmp_path: Path, run_git: Callable[..., str]
) -> None:
    (tmp_path / "copier.yml").write_text("q: 1\n")
    (tmp_path / "{{ _copier_conf.answers_file }}.jinja").write_text("{{ _copier_answers|to_json }}")
    run_git(tmp_path, "init", "--quiet")
    run_git(tmp_path, "add", "--all")
    run_git(tmp_path, "commit", "--quiet", "--message", "First")
    run_git(tmp_path, "tag", "v1.2.3")
    previewer = Previewer(blueprints.local(tmp_path))
    clone = previewer._template._template.local_abspath
    text = previewer.tree(Answers())[".copier-answers.yml"].text
    assert text == f'{{"_commit": "v1.2.3", "_src_path": "{tmp_path}", "q": 1}}'
    assert clone != tmp_path
    previewer.close()
    assert not clone.exists()


def test_errors_do_not_stick(previewer: Previewer) -> None:
    before = previewer.tree(Answers())
    with pytest.raises(AnswerError):
        previewer.tree(Answers({"count": "many"}))
    assert previewer.tree(Answers()) is before
