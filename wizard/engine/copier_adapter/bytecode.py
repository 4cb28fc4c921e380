"""A place where compiled templates outlive the process.

Compiling the built-in blueprint takes most of the time of its first rendering, and its templates
are the same at every start. Nothing depends on the cache: without it, all is only slower.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import shutil
from importlib.metadata import version
from pathlib import Path

from jinja2 import BytecodeCache, Environment, Template
from jinja2.bccache import Bucket
from platformdirs import user_cache_path

from wizard import __version__


class UserCache(BytecodeCache):
    """Compiled templates in files of `folder`, which belongs to the user alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill `bucket`, if there is something for it that can be read."""
        try:
            bucket.bytecode_from_string((self._folder / bucket.key).read_bytes())
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what is in `bucket`; a full or read-only disk is no reason to stop."""
        made = self._folder / f"{bucket.key}.{os.getpid()}"
        with contextlib.suppress(OSError):
            made.write_bytes(bucket.bytecode_to_string())
            made.replace(self._folder / bucket.key)


def compile_text(cache: BytecodeCache, environment: Environment, text: str) -> Template:
    """Return the template made of `text`, as `environment.from_string` does, but by the cache."""
    bucket = cache.get_bucket(environment, text, None, text)
    if bucket.code is None:
        bucket.code = environment.compile(text)
        cache.set_bucket(bucket)
    return Template.from_code(environment, bucket.code, environment.make_globals(None), None)


def user_cache(environment: Environment) -> UserCache | None:
    """Return the cache for `environment`; None if there is no folder that is safe to use.

    What is compiled depends on the versions of all that has a hand in it, and on the settings of
    the environment; each such combination has a folder, and the newest one replaces the others.
    """
    settings = (
        __version__,
        version("jinja2"),
        version("copier"),
        environment.trim_blocks,
        environment.lstrip_blocks,
        environment.keep_trailing_newline,
        sorted(environment.extensions),
    )
    name = hashlib.sha256(repr(settings).encode()).hexdigest()[:16]
    try:
        parent = user_cache_path("scaffold-tui", appauthor=False)
        parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = parent / f"templates-{name}"
        if not folder.is_dir():
            for old in parent.glob("templates-*"):
                shutil.rmtree(old, ignore_errors=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        return UserCache(folder) if _is_private(folder) else None
    except (OSError, RuntimeError):
        return None


def _is_private(folder: Path) -> bool:
    """Whether nobody else can put something there: it will be executed."""
    if os.name == "nt":  # folders in the user's profile are private by themselves
        return True
    facts = folder.lstat()
    return facts.st_uid == os.geteuid() and not facts.st_mode & 0o022
