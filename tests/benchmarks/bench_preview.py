"""How fast the preview and the command line are, as ratios within one run.

    python tests/benchmarks/bench_preview.py [--runs 5] [--files 40 1000]

It prints, for the built-in blueprint and for made-up templates of some sizes, how long a first
tree takes, how long one takes after one answer has changed, and what a full `copier.run_copy`
takes; then `scaffold-tui new` against `copier copy`, and `--version` against `python -c pass`.
Each number is the fastest of some runs. Compare ratios, not milliseconds: they depend on the
machine and on what else it does. Nothing is asserted, and no test runs this.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import copier

from wizard.domain.answers import Answers
from wizard.engine import blueprints
from wizard.engine.blueprints import Blueprint
from wizard.engine.preview import Previewer

BIN = Path(sys.executable).parent


def fastest(runs: int, work: Callable[[], object]) -> float:
    """Return how many milliseconds the fastest of some runs of `work` took."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return min(times)


def made_up(folder: Path, files: int) -> Blueprint:
    """Make a template of which an eighth of the files reads the answer that will change."""
    (folder / "project").mkdir(parents=True)
    (folder / "copier.yml").write_text("_subdirectory: project\nname: thing\nnote: text\n")
    for number in range(files):
        reads = "note" if number % 8 == 0 else "name"
        text = f"{{% for n in range(20) %}}\n{{{{ {reads} }}}} {{{{ n }}}}\n{{% endfor %}}\n"
        path = folder / "project" / f"part-{number % 20}" / f"file-{number}.txt.jinja"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return blueprints.local(folder)


def compare_preview(blueprint: Blueprint, changing: str, runs: int, scratch: Path) -> None:
    """Print how first trees, later trees and full copies of `blueprint` compare."""
    opened: list[Previewer] = []

    def first_tree() -> None:
        opened.append(Previewer(blueprint))
        opened[-1].tree(Answers())

    first = fastest(runs, first_tree)
    values: Iterator[int] = count()

    def next_tree() -> None:
        answers = Answers({changing: f"text {next(values)}"})
        opened[-1].form(answers)
        opened[-1].tree(answers)

    again = fastest(runs * 4, next_tree)
    back = fastest(runs, lambda: opened[-1].tree(Answers()))
    files = len(opened[-1].tree(Answers()).files)
    for previewer in opened:
        previewer.close()
    copies: Iterator[int] = count()

    def full_copy() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            destination = scratch / f"copy-{blueprint.name}-{next(copies)}"
            copier.run_copy(str(blueprint.root), destination, defaults=True, quiet=True)

    full = fastest(runs, full_copy)
    print(f"{blueprint.name}, {files} files")
    print(f"  full run_copy                   {full:8.1f} ms")
    print(f"  first tree, template opened too {first:8.1f} ms   {full / first:6.1f} x faster")
    print(f"  form and tree after one answer  {again:8.1f} ms   {full / again:6.1f} x faster")
    print(f"  going back                      {back:8.2f} ms")


def compare_commands(runs: int, scratch: Path) -> None:
    """Print how whole commands compare."""
    numbers: Iterator[int] = count()
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}

    def run(*command: str | Path) -> None:
        subprocess.run(command, check=True, capture_output=True, env=quiet)

    service = blueprints.builtin().root
    new = fastest(runs, lambda: run(BIN / "scaffold-tui", "new", scratch / f"new-{next(numbers)}"))
    copy = fastest(
        runs,
        lambda: run(
            BIN / "copier", "copy", "--defaults", service, scratch / f"new-{next(numbers)}"
        ),
    )
    version = fastest(runs * 4, lambda: run(BIN / "scaffold-tui", "--version"))
    nothing = fastest(runs * 4, lambda: run(sys.executable, "-c", "pass"))
    print("commands")
    print(f"  scaffold-tui new against copier copy           {new:7.0f} / {copy:5.0f} ms = "
          f"{new / copy:.2f}")  # fmt: skip
    print(f"  scaffold-tui --version against python -c pass  {version:7.0f} / {nothing:5.0f} ms = "
          f"{version / nothing:.2f}")  # fmt: skip


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="runs of which the fastest counts")
    parser.add_argument("--files", type=int, nargs="*", default=[40, 1000], metavar="N",
                        help="sizes of the made-up templates")  # fmt: skip
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        compare_preview(blueprints.builtin(), "description", options.runs, scratch)
        for files in options.files:
            compare_preview(made_up(scratch / f"made-up-{files}", files), "note", options.runs,
                            scratch)  # fmt: skip
        compare_commands(options.runs, scratch)


if __name__ == "__main__":
    main()
