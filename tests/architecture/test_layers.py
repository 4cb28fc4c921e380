"""Who may know whom, and what must not be imported when."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("copier", "docker", "jinja2", "pydantic", "questionary", "textual", "yaml")


def test_the_import_contracts_hold(repository: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def modules_after(code: str) -> set[str]:
    """Return the top-level modules that a fresh Python has imported after `code`."""
    script = f"import sys, json\n{code}\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}


@pytest.mark.parametrize(
    "arguments", [["--version"], ["-V"], ["new"], ["new", "--help"], ["--help"], ["up", "nowhere"]]
)
def test_what_needs_neither_copier_nor_textual_imports_neither(arguments: list[str]) -> None:
    found = modules_after(
        "from wizard.__main__ import main\n"
        f"try: main({arguments})\n"
        "except SystemExit: pass\n"
        "sys.stdout.flush()"
    )
    assert found.isdisjoint(HEAVY)


def test_the_version_does_not_even_import_argparse() -> None:
    found = modules_after("from wizard.__main__ import main; main(['--version'])")
    assert found.isdisjoint({"argparse", "pathlib", "subprocess", "inspect"})


def test_writing_does_not_import_copier_into_this_process() -> None:
    assert modules_after("import wizard.engine.writer").isdisjoint(HEAVY)


def test_the_domain_imports_nothing_outside_the_standard_library() -> None:
    domain = Path(__file__).parents[2] / "wizard" / "domain"
    names = [path.stem for path in domain.glob("*.py") if path.stem != "__init__"]
    found = modules_after("\n".join(f"import wizard.domain.{name}" for name in names))
    bare = modules_after("")
    assert names
    assert found - bare - {"wizard"} <= sys.stdlib_module_names
    assert found.isdisjoint({"pathlib", "subprocess", "socket"})


@pytest.mark.parametrize("module", ["preview", "writer", "command", "git", "schema", "strict"])
def test_the_engine_never_imports_the_ui(module: str) -> None:
    assert modules_after(f"import wizard.engine.{module}").isdisjoint({"textual", "docker"})


def test_only_the_adapter_imports_copier(repository: Path) -> None:
    found = set()
    for path in (repository / "wizard").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.partition(".")[0] == "copier" for name in names):
                found.add(path.parent.relative_to(repository).as_posix())
    assert found == {"wizard/engine/copier_adapter"}
