"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _nothing_of_the_user(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep the user's Copier settings out of what results are compared with, and their cache."""
    settings = tmp_path_factory.getbasetemp() / "copier-settings.yml"
    settings.write_text("defaults: {}\n")
    monkeypatch.setenv("COPIER_SETTINGS_PATH", str(settings))
    monkeypatch.setenv("XDG_CACHE_HOME", str(settings.parent / "cache"))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of this project's checkout."""
    return Path(__file__).resolve().parent.parent
