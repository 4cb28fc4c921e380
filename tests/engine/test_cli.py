"""The installed command `scaffold-tui`, from outside."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wizard import __version__
from wizard.engine import blueprints

Contents = dict[str, Any]
Run = Callable[..., subprocess.CompletedProcess[str]]

BIN = Path(sys.executable).parent
COMMAND = BIN / "scaffold-tui"
SERVICE = ("-d", "framework=flask", "-d", "project_name=Ünïcode Orders", "-d", "deploy=kubernetes")


@pytest.fixture
def scaffold(tmp_path: Path) -> Run:
    """Runs the command in an empty folder, without a terminal."""

    def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, *arguments],
            cwd=tmp_path,
            env={**os.environ, "HOME": str(tmp_path.parent / "home"), **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


def one_sentence(text: str) -> str:
    """Return a message after checking that it is one line without a traceback."""
    assert text.count("\n") == 1
    assert "Traceback" not in text
    return text.strip()


def test_new_writes_what_copier_copy_writes(
    scaffold: Run, tmp_path: Path, on_disk: Callable[[Path], Contents]
) -> None:
    done = scaffold("new", "ours/project", "--defaults", *SERVICE)
    assert (done.returncode, done.stderr) == (0, "")
    subprocess.run(
        [BIN / "copier", "copy", "--quiet", "--defaults", *SERVICE,
         blueprints.builtin().root, "plain/project"],
        cwd=tmp_path, check=True, env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip

    ours, plain = on_disk(tmp_path / "ours/project"), on_disk(tmp_path / "plain/project")
    assert ours.pop(".env")[:2] == plain.pop(".env")[:2]
    name = ".copier-answers.yml"
    our_lines, plain_lines = (each.pop(name)[2].splitlines() for each in (ours, plain))
    origin = (b"_commit", b"_src_path")
    assert [line for line in our_lines if not line.startswith(origin)] == [
        line for line in plain_lines if not line.startswith(origin)
    ]
    assert ours == plain


def test_success_says_where_the_project_is_and_what_to_do_next(
    scaffold: Run, tmp_path: Path
) -> None:
    done = scaffold("new", "my orders")
    target = tmp_path / "my orders"
    files = sum(path.is_file() for path in target.rglob("*"))
    first, *rest = done.stdout.splitlines()
    assert first.startswith(f"Wrote {files} files to {target} in ")
    assert rest == ["Next:", "  cd 'my orders'", "  scaffold-tui up", "  git init"]


def test_json_says_what_was_kept(scaffold: Run, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "README.md").write_text("mine\n")
    done = scaffold("new", "x", "--yes", "--json")
    result = json.loads(done.stdout)
    assert result["target"] == str(tmp_path / "x")
    assert (result["kept"], result["overwritten"]) == (["README.md"], [])
    assert (tmp_path / "x" / "README.md").read_text() == "mine\n"

    result = json.loads(scaffold("new", "x", "--overwrite", "--json").stdout)
    assert result["overwritten"] == ["README.md"]
    assert (tmp_path / "x" / "README.md").read_text().startswith("# My Service")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["-d", "framwork=flask"],
            "framwork: There is no question of that name; did you mean framework?",
        ),
        (["-d", "framework=django"], "framework: “django” is not one of the choices: fastapi, fl"),
        (
            ["-d", "sample=none", "-d", "database=none", "-d", "auth=jwt"],
            "auth: Users are kept in a database: choose one to be able to sign in.",
        ),
        (["-d", "database=none"], "database: Items need a database: choose PostgreSQL or SQLite"),
        (["-d", "project_name=***"], "project_name: The project name needs at least one letter"),
        (["-d", "package_name=my-package"], "package_name: “my-package” cannot be a package name"),
        (["-d", "package_name=fastapi"], "package_name: “fastapi” is a name that Python or one o"),
        (["-d", "framework"], "“framework” is no answer; write it as QUESTION=ANSWER."),
        (["-d", "=flask"], "“=flask” is no answer; write it as QUESTION=ANSWER."),
        (["--frobnicate"], "Unrecognized arguments: --frobnicate; see “scaffold-tui new --help”."),
        (["more"], "Unrecognized arguments: more; see “scaffold-tui new --help”."),
        (["-d", "has_database=true"], "has_database: There is no question of that name; "),
        (["-d", b"author_name=\xff".decode(errors="surrogateescape")], "author_name: It contains"),
    ],
)
def test_bad_calls_give_one_sentence_and_code_2_and_write_nothing(
    scaffold: Run, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    done = scaffold("new", "x", *arguments)
    assert one_sentence(done.stderr).startswith(sentence)
    assert (done.returncode, done.stdout) == (2, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["my_package", "Ab C"])
def test_a_fix_is_offered_for_a_wrong_package_name(scaffold: Run, name: str) -> None:
    done = scaffold("new", "x", "-d", f"package_name={name}-x")
    assert f"try “{name.lower().replace(' ', '_')}_x”" in done.stderr


def test_an_answer_that_equals_the_computed_value_is_accepted(scaffold: Run) -> None:
    done = scaffold("new", "x", "-d", "sample=none", "-d", "database=none", "-d", "auth=none")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_destination_that_is_a_file_is_refused(scaffold: Run, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("mine")
    done = scaffold("new", "x")
    assert one_sentence(done.stderr).endswith("/x” is a file, not a folder; choose another name.")
    assert done.returncode == 2
    assert (tmp_path / "x").read_text() == "mine"


def test_a_folder_that_is_not_empty_is_refused_with_a_way_out(
    scaffold: Run, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = scaffold("new", ".")
    assert one_sentence(done.stderr) == (
        "“.” is not empty (mine.txt); choose another folder, or add --yes to write into it and "
        "keep the files that are there."
    )
    assert done.returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_new_needs_neither_git_nor_docker(scaffold: Run, tmp_path: Path) -> None:
    done = scaffold("new", "x", PATH="/nonexistent")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "x" / "docker-compose.yml").is_file()


def test_files_in_the_present_folder_are_no_modules(scaffold: Run, tmp_path: Path) -> None:
    for name in ("copier.py", "json.py", "wizard.py", "yaml.py"):
        (tmp_path / name).write_text("raise SystemExit('imported')")
    assert scaffold("new", "x").returncode == 0


def test_new_alone_prints_its_usage(scaffold: Run) -> None:
    done = scaffold("new")
    assert done.returncode == 2
    assert done.stderr.startswith("usage: scaffold-tui new")


@pytest.mark.parametrize("arguments", [["--help"], ["new", "--help"], ["up", "-h"]])
def test_help_is_printed_on_standard_output(scaffold: Run, arguments: list[str]) -> None:
    done = scaffold(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: scaffold-tui")


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_version_is_printed(scaffold: Run, flag: str) -> None:
    done = scaffold(flag)
    assert (done.returncode, done.stdout) == (0, f"scaffold-tui {__version__}\n")


def test_the_schema_describes_every_question(scaffold: Run) -> None:
    done = scaffold("new", "--schema")
    schema = json.loads(done.stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is False
    assert list(schema["properties"])[-6:] == [
        "framework",
        "sample",
        "database",
        "auth",
        "ci",
        "deploy",
    ]
    framework = schema["properties"]["framework"]
    assert framework["enum"] == ["fastapi", "flask"]
    assert framework["default"] == "fastapi"
    assert (framework["type"], framework["title"]) == ("string", "Framework")
    assert framework["description"].endswith("?")
    assert "enum" not in schema["properties"]["project_name"]
    assert done.stdout == scaffold("new", "--schema").stdout


@pytest.mark.parametrize(
    ("arguments", "way_out"),
    [
        ([], "use “scaffold-tui new DEST --defaults” instead."),
        (["x"], "use “scaffold-tui new DEST --defaults” instead."),
    ],
)
def test_without_a_terminal_the_wizard_points_to_new(
    scaffold: Run, arguments: list[str], way_out: str
) -> None:
    done = scaffold(*arguments)
    assert one_sentence(done.stderr) == f"The wizard needs a terminal; {way_out}"
    assert done.returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("term", "sentence"),
    [
        ("dumb", "This terminal cannot show the wizard (TERM is “dumb”); use “scaffold-tui new"),
        ("", "This terminal cannot show the wizard (TERM is not set); use “scaffold-tui new"),
        ("vt52", "This terminal cannot show the wizard (TERM is “vt52”); use “scaffold-tui new"),
    ],
)
def test_a_terminal_that_cannot_show_it_is_refused(term: str, sentence: str) -> None:
    import pty  # noqa: PLC0415 - not on Windows

    parent, terminal = pty.openpty()
    environ = {**os.environ, "TERM": term}
    with subprocess.Popen([COMMAND], stdin=terminal, stderr=terminal, env=environ) as process:
        os.close(terminal)
        assert process.wait(timeout=60) == 2
    assert os.read(parent, 4096).decode().startswith(sentence)
    os.close(parent)


@pytest.mark.parametrize(
    ("word", "meant"), [("nwe", "new"), ("neww", "new"), ("create", "new"), ("run", "up")]
)
def test_a_mistyped_command_is_no_folder(scaffold: Run, word: str, meant: str) -> None:
    done = scaffold(word)
    assert one_sentence(done.stderr).startswith(f"“{word}” is no command; did you mean “scaffold-t")
    assert f"“scaffold-tui {meant}”" in done.stderr
    assert done.returncode == 2
    assert scaffold(word, "x").returncode == 2


def test_a_word_that_only_looks_like_a_command_can_be_a_folder(
    scaffold: Run, tmp_path: Path
) -> None:
    (tmp_path / "news").mkdir()
    assert "needs a terminal" in scaffold("news").stderr
    assert "needs a terminal" in scaffold("./news2").stderr


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("nowhere", "“nowhere” is not a folder; give the folder of a project."),
        (".", "“.” has no docker-compose.yml; give the folder of a project that was written by"),
    ],
)
def test_up_refuses_what_is_no_project(scaffold: Run, path: str, sentence: str) -> None:
    done = scaffold("up", path)
    assert one_sentence(done.stderr).startswith(sentence)
    assert done.returncode == 2


def test_up_without_a_terminal_points_to_compose(scaffold: Run, tmp_path: Path) -> None:
    (tmp_path / "docker-compose.yml").write_text("services: {}\n")
    done = scaffold("up")
    assert "run “docker compose up -d --build --wait” in the project instead" in done.stderr
    assert done.returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_it_and_leaves_nothing(tmp_path: Path, number: int, code: int) -> None:
    with subprocess.Popen(
        [COMMAND, "new", tmp_path / "x"], stderr=subprocess.PIPE, text=True
    ) as process:
        while not list(tmp_path.iterdir()):  # until it has begun
            assert process.poll() is None
            time.sleep(0.005)
        process.send_signal(number)
        assert process.wait(timeout=60) == code
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    script = f"'{COMMAND}' new --schema | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout in {"141\n", "0\n"}
    assert done.stderr == ""


def test_an_unexpected_error_is_a_sentence_and_a_log(tmp_path: Path) -> None:
    script = (
        "import sys; from wizard.frontends import cli; from wizard.__main__ import main\n"
        "def crash(*_): raise ZeroDivisionError('secret reasons')\n"
        "cli.run = crash; sys.exit(main(['new']))"
    )
    environ = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path),
               "HOME": str(tmp_path)}  # fmt: skip
    environ.pop("SCAFFOLD_TUI_DEBUG", None)
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)
    assert done.returncode == 1
    log = next(tmp_path.rglob("*.log"))
    assert one_sentence(done.stderr) == (
        f"Something unexpected went wrong (ZeroDivisionError); the details are in {log}."
    )
    assert "secret reasons" in log.read_text()

    environ["SCAFFOLD_TUI_DEBUG"] = "1"
    done = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)
    assert "Traceback" in done.stderr
    assert "secret reasons" in done.stderr


def test_a_damaged_cache_is_no_error(scaffold: Run, tmp_path: Path) -> None:
    cache = tmp_path.parent / "damaged-cache"
    scaffold("new", "one", XDG_CACHE_HOME=str(cache))
    kept = [path for path in cache.rglob("*") if path.is_file()]
    assert kept
    for number, path in enumerate(kept):
        path.write_bytes(path.read_bytes()[: number % 60])
    done = scaffold("new", "two", XDG_CACHE_HOME=str(cache))
    assert (done.returncode, done.stderr) == (0, "")
    shutil.rmtree(tmp_path / "one")


def test_a_cache_that_others_may_write_to_is_not_used(scaffold: Run, tmp_path: Path) -> None:
    cache = tmp_path.parent / "open-cache"
    scaffold("new", "one", XDG_CACHE_HOME=str(cache))
    folder = next(cache.rglob("templates-*"))
    folder.chmod(0o777)
    for path in folder.iterdir():
        path.unlink()
    assert scaffold("new", "two", XDG_CACHE_HOME=str(cache)).returncode == 0
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_a_reader_of_the_help_that_goes_away_is_no_error() -> None:
    script = f"'{COMMAND}' new --help | (exec <&-; sleep 1)"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_an_output_that_knows_few_letters_is_no_error(scaffold: Run) -> None:
    done = scaffold("new", "ünï", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0
    assert done.stdout.startswith("Wrote ")


def test_the_next_commands_leave_out_the_way_to_the_present_folder(scaffold: Run) -> None:
    done = scaffold("new", ".")
    assert done.stdout.splitlines()[1:] == ["Next:", "  scaffold-tui up", "  git init"]
