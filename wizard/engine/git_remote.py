"""The git remote helper that serves the blueprints built into this package.

Git runs ``git-remote-scaffold-tui`` for every address that begins with ``scaffold-tui://``; Copier
records ``git+scaffold-tui://builtin/service`` in each project. So ``copier update`` and
``git ls-remote`` find every released version of a blueprint without a network, wherever this
package is installed and on PATH. The versions come out of a git bundle beside the blueprint.

Only the standard library is imported, so that an ``ls-remote`` stays quick.
See ``git help remote-helpers`` for the conversation that is held on standard input and output.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TextIO

SCHEME = "scaffold-tui://"


class RemoteError(Exception):
    """The address cannot be served; the text is one sentence."""


def bundle_for(address: str) -> Path:
    """Return the bundle that `address`, such as ``scaffold-tui://builtin/service``, stands for.

    Raises:
        RemoteError: The address names no built-in blueprint.
    """
    owner, _, name = address.removeprefix(SCHEME).strip("/").partition("/")
    if owner != "builtin" or not name.isidentifier():
        raise RemoteError(f"{address} is not a built-in blueprint; try {SCHEME}builtin/service.")
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "blueprints", package.parent / "blueprints"):
        bundle = folder / f"{name}.bundle"
        if bundle.is_file():
            return bundle
    raise RemoteError(f"scaffold-tui has no blueprint called {name}; update scaffold-tui.")


def list_heads(bundle: Path) -> list[str]:
    """Return the lines that answer git's ``list``: an object id and a reference each."""
    result = subprocess.run(
        ["git", "bundle", "list-heads", str(bundle)], capture_output=True, text=True, check=True
    )
    heads = result.stdout.splitlines()
    return ["@refs/heads/main HEAD", *(head for head in heads if not head.endswith(" HEAD"))]


def serve(bundle: Path, commands: TextIO, answers: TextIO) -> None:
    """Answer git's commands until it has no more; git sets GIT_DIR for the fetch."""
    for line in commands:
        command, _, _ = line.strip().partition(" ")
        if command == "capabilities":
            answers.write("fetch\n\n")
        elif command == "list":
            answers.write("\n".join(list_heads(bundle)) + "\n\n")
        elif command == "fetch":
            while commands.readline().strip():
                pass  # one bundle answers every object that is asked for
            subprocess.run(
                ["git", "bundle", "unbundle", str(bundle)], stdout=subprocess.DEVNULL, check=True
            )
            answers.write("\n")
        else:
            return
        answers.flush()


def main() -> int:
    """Run as ``git-remote-scaffold-tui REMOTE ADDRESS``."""
    try:
        serve(bundle_for(sys.argv[2] if len(sys.argv) > 2 else ""), sys.stdin, sys.stdout)
    except RemoteError as error:
        print(f"git-remote-scaffold-tui: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"git-remote-scaffold-tui: {error.stderr or error}".rstrip(), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
