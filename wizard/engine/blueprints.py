"""Where blueprints are: folders with a `copier.yml`, built in or the user's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wizard.engine.presentation import read_plan
from wizard.errors import BlueprintError

BUILTIN_VERSION = "0.1.0"
"""The version of the built-in blueprint, which is released apart from the package."""

_PACKAGE = Path(__file__).resolve().parent.parent
_CONFIGS = ("copier.yml", "copier.yaml")


@dataclass(frozen=True)
class Blueprint:
    """A Copier template.

    Attributes:
        name: A short name for people.
        root: The folder that holds its `copier.yml`.
        source: What a project records as the place it came from (Copier's `_src_path`).
        version: Such as ``0.1.0``; empty if only Copier can tell.
        builtin: Whether it is part of this package, so that it is trusted and never under git.
    """

    name: str
    root: Path
    source: str
    version: str = ""
    builtin: bool = False


def builtin(name: str = "service") -> Blueprint:
    """Return the blueprint called `name` that this package carries.

    It stands inside the package when that was installed from a wheel, and beside the package in a
    checkout. Its source is no path of this machine but an address that the git remote helper
    ``git-remote-scaffold-tui`` understands, so that a project can be updated anywhere.

    Raises:
        BlueprintError: The package carries none of that name.
    """
    for folder in (_PACKAGE / "blueprints", _PACKAGE.parent / "blueprints"):
        root = folder / name
        if name.isidentifier() and has_config(root):
            source = f"git+scaffold-tui://builtin/{name}"
            return Blueprint(name, root, source, BUILTIN_VERSION, builtin=True)
    raise BlueprintError(f"The blueprint “{name}” is missing; install scaffold-tui again.")


def local(path: Path) -> Blueprint:
    """Return the template in the folder `path`, recorded as Copier would record it.

    Raises:
        BlueprintError: `path` is no folder, or has no `copier.yml`.
    """
    root = path.expanduser().absolute()
    if not root.is_dir():
        raise BlueprintError(f"{path} is not a folder; give the folder of a Copier template.")
    if not has_config(root):
        raise BlueprintError(f"{path} has no copier.yml; give the folder of a Copier template.")
    return Blueprint(root.name, root, str(root))


@dataclass(frozen=True)
class Outline:
    """What the first frame shows of a template, before it is really read.

    Attributes:
        title: What it makes; empty if that is not known yet.
        steps: The titles of its steps in order.
    """

    title: str = ""
    steps: tuple[str, ...] = ()


def outline(blueprint: Blueprint) -> Outline:
    """Return what the first document of `copier.yml` tells, without waiting for Copier.

    Never raises: what cannot be read is left empty, and opening the template will say why.
    """
    import yaml  # noqa: PLC0415 - the command line does without it

    try:
        config = next(path for name in _CONFIGS if (path := blueprint.root / name).exists())
        first = next(yaml.safe_load_all(config.read_text("utf-8")), None)
    except (OSError, StopIteration, UnicodeDecodeError, yaml.YAMLError):
        return Outline()
    plan = read_plan(first.get("_scaffold_tui") if isinstance(first, dict) else None, "")
    return Outline(plan.title, tuple(step.title for step in plan.steps))


def has_config(root: Path) -> bool:
    """Whether the folder `root` holds a template's questions."""
    return any((root / name).is_file() for name in _CONFIGS)
