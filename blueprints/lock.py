"""Works out which version of which library the generated services use, for all answers at once.

    python blueprints/lock.py

reads the ranges in `service/requirements.toml` and writes
`service/partials/requirements/pins.jinja`, from which the templates of `pyproject.toml`,
`requirements.txt` and `requirements-dev.txt` take the lines that the answers need. One resolution
over everything keeps a library at one version whatever is answered; a second, small one a group
finds out what that group pulls in. `uv` has to be on PATH and to reach its package index, of which
nothing is written down.
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

SERVICE = Path(__file__).parent / "service"
RANGES = SERVICE / "requirements.toml"
PINS = SERVICE / "partials" / "requirements" / "pins.jinja"
OLDEST_PYTHON = "3.11"
HEADER = (
    "{# Written by blueprints/lock.py from requirements.toml: change that, and run it again. #}\n"
)

Groups = Mapping[str, list[str]]
"""Group -> requirements, such as `fastapi-jwt` -> `["python-multipart>=0.0.34"]`."""


def resolve(requirements: Iterable[str], constraints: Iterable[str] = ()) -> dict[str, str]:
    """Returns each library that the requirements pull in, by name, as a line with its version.

    Raises:
        subprocess.CalledProcessError: uv finds no versions that fit; it has said why.
    """
    with TemporaryDirectory() as folder:
        limits = Path(folder) / "constraints.txt"
        limits.write_text("\n".join(constraints), encoding="utf-8")
        command = ["uv", "pip", "compile", "-", "--universal", "--python-version", OLDEST_PYTHON]
        command += ["--quiet", "--no-config", "--no-header", "--no-annotate", "--no-emit-index-url"]
        command += ["--no-emit-find-links", "--constraint", str(limits)]
        done = subprocess.run(
            command, input="\n".join(requirements), stdout=subprocess.PIPE, text=True, check=True
        )
    lines = [line.strip() for line in done.stdout.splitlines()]
    return {name_of(line): line for line in lines if line and not line.startswith("#")}


def name_of(requirement: str) -> str:
    """Returns the library that a requirement is about."""
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]


def pinned_by(groups: Groups, pins: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Returns the lines that the groups need, each with the groups that need it."""
    needed_by: dict[str, list[str]] = {}
    for group, requirements in groups.items():
        for name in resolve(requirements, pins.values()):
            needed_by.setdefault(name, []).append(group)
    return [(pins[name], needed_by[name]) for name in sorted(needed_by)]


def ranges(groups: Groups) -> list[tuple[str, str]]:
    """Returns each requirement with its group, by name."""
    return sorted((line, group) for group, lines in groups.items() for line in lines)


def as_jinja(name: str, rows: Iterable[tuple[str, object]]) -> str:
    """Returns an assignment of the rows to a variable of Jinja, a line each."""
    lines = "".join(f"  {list(row)!r},\n" for row in rows)
    return f"{{% set {name} = [\n{lines}] %}}\n"


def main() -> int:
    """Writes the file anew; returns the exit code."""
    tables: dict[str, Groups] = tomllib.loads(RANGES.read_text(encoding="utf-8"))
    runtime, dev = tables["dependencies"], tables["dev-dependencies"]
    pins = resolve(line for table in (runtime, dev) for lines in table.values() for line in lines)
    parts = [
        HEADER,
        as_jinja("dependencies", ranges(runtime)),
        as_jinja("dev_dependencies", ranges(dev)),
        as_jinja("pins", pinned_by(runtime, pins)),
        as_jinja("dev_pins", pinned_by(dev, pins)),
    ]
    PINS.parent.mkdir(exist_ok=True)
    PINS.write_text("".join(parts), encoding="utf-8")
    print(f"{PINS}: {len(pins)} libraries")
    return 0


if __name__ == "__main__":
    sys.exit(main())
