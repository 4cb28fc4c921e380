"""The process that renders and writes a project: one request in, lines of JSON out.

It reads one line on standard input and dies when that is closed, so it never outlives the wizard,
whatever ends it. It writes only into the folder it is told, which nobody else looks at.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wizard.domain.answers import Answers
from wizard.domain.filetree import Entry, EntryKind
from wizard.engine.blueprints import Blueprint
from wizard.errors import AnswerError, ScaffoldError

Report = Callable[[dict[str, Any]], None]


def main() -> None:
    """Serve one request."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not get between the lines

    def report(message: dict[str, Any]) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    request = json.loads(sys.stdin.readline())
    threading.Thread(target=_die_with_parent, daemon=True).start()
    try:
        _serve(request, report)
    except AnswerError as error:
        report({"answer": error.question, "sentence": error.sentence})
    except ScaffoldError as error:
        report({"blueprint": str(error)})
    except OSError as error:
        report({"errno": error.errno, "strerror": error.strerror or str(error)})
    except Exception:  # noqa: BLE001 - the parent tells the user, and logs this
        report({"crash": traceback.format_exc()})


def _die_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)


def _serve(request: dict[str, Any], report: Report) -> None:
    """Render the project, then write it; the number of files is known in between."""
    # Importing Copier takes most of the time that a small project needs.
    from wizard.engine.preview import Previewer  # noqa: PLC0415
    from wizard.engine.strict import refuse_bad  # noqa: PLC0415

    blueprint = Blueprint(**{**request["blueprint"], "root": Path(request["blueprint"]["root"])})
    answers = Answers(request["answers"])
    previewer = Previewer(blueprint, destination=Path(request["target"]), stand_ins=False)
    try:
        if request["strict"]:
            refuse_bad(previewer.form(answers), answers)
        tree = previewer.tree(answers)
        report({"total": len(tree.files), "spared": sorted(previewer.kept_if_exists(answers))})
    finally:
        previewer.close()
    folder = Path(request["folder"])
    folder.mkdir(parents=True)
    for entry in tree.values():
        _write_entry(entry, folder / entry.path)
        if entry.kind is not EntryKind.FOLDER:
            report({"file": entry.path})
    report({"written": True})


def _write_entry(entry: Entry, path: Path) -> None:
    """Write a folder, link or file as Copier would; parents come before what is in them."""
    if entry.kind is EntryKind.FOLDER:
        path.mkdir()
    elif entry.kind is EntryKind.LINK:
        path.symlink_to(os.fsdecode(entry.content))
    else:
        path.write_bytes(entry.content)
        path.chmod(entry.mode)


if __name__ == "__main__":
    main()
