"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _no_copier_settings_of_the_user(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plain Copier, which results are compared with, must not take defaults from its user."""
    settings = tmp_path_factory.getbasetemp() / "copier-settings.yml"
    settings.write_text("defaults: {}\n")
    monkeypatch.setenv("COPIER_SETTINGS_PATH", str(settings))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of this project's checkout."""
    return Path(__file__).resolve().parent.parent
