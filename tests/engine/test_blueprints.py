"""Where blueprints are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.engine import blueprints
from wizard.errors import BlueprintError


def test_the_built_in_blueprint_is_no_path_of_this_machine() -> None:
    service = blueprints.builtin()
    assert (service.name, service.builtin) == ("service", True)
    assert service.source == "git+scaffold-tui://builtin/service"
    assert service.version == blueprints.BUILTIN_VERSION
    assert (service.root / "copier.yml").is_file()


@pytest.mark.parametrize("name", ["nothing", "../wizard", ""])
def test_there_is_no_other_built_in_blueprint(name: str) -> None:
    with pytest.raises(BlueprintError, match="is missing; install scaffold-tui again"):
        blueprints.builtin(name)


def test_a_folder_is_recorded_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "copier.yaml").write_text("q: 1\n")
    monkeypatch.chdir(tmp_path)
    found = blueprints.local(Path("mine"))
    assert (found.name, found.builtin, found.version) == ("mine", False, "")
    assert found.source == str(found.root) == str(tmp_path / "mine")


def test_what_is_no_template_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BlueprintError, match=r"has no copier\.yml; give the folder of a Copier te"):
        blueprints.local(tmp_path)
    with pytest.raises(BlueprintError, match="is not a folder; give the folder of a Copier templ"):
        blueprints.local(tmp_path / "missing")
