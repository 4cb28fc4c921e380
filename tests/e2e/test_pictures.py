"""The script that takes the README's pictures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PNG = b"\x89PNG\r\n\x1a\n"


def test_the_pictures_of_the_wizard_are_taken(repository: Path, tmp_path: Path) -> None:
    command = [sys.executable, "screenshots/make.py", "--without-run", "--to", str(tmp_path)]
    subprocess.run(command, cwd=repository, check=True, timeout=180)
    taken = {picture.name for picture in tmp_path.iterdir()}
    assert taken == {"project.png", "wizard.png", "review.png", "done.png"}
    assert all(picture.read_bytes().startswith(PNG) for picture in tmp_path.iterdir())
