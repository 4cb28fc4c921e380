"""What can go wrong inside Copier, and how it is said."""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from copier.errors import CopierError, CopierWarning
from jinja2 import TemplateError
from yaml import MarkedYAMLError

from wizard.engine.wording import sentence
from wizard.errors import BlueprintError

FAULTS = (
    CopierError,
    TemplateError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What Copier and templates raise; many of Copier's errors are plain `ValueError`s.

Jinja makes invalid Python of ``{{ x if y }}`` in a file with a quote in its path.
"""


def said(fault: BaseException) -> str:
    """Return the first paragraph of what an exception says, or its class if it says nothing."""
    if isinstance(fault.__cause__, MarkedYAMLError):  # of which Copier only says in which file
        reason, mark = fault.__cause__.problem, fault.__cause__.problem_mark
        return f"{reason} in line {mark.line + 1} of copier.yml" if mark else str(reason)
    return " ".join(re.split(r"\n\s*\n", str(fault))[0].split()) or type(fault).__name__


def broken(fault: BaseException, path: Path | None = None) -> BlueprintError:
    """Return the error for a template that cannot be rendered, at `path` if that is known."""
    if isinstance(fault, BlueprintError):
        return fault
    where = f"“{path.as_posix()}” of the template" if path else "The template"
    return BlueprintError(f"{where} cannot be rendered: {sentence(said(fault))}")


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep Copier's warnings off the screen: they are for a template's author."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CopierWarning)
        yield
