"""The Compose file, for each combination of answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Project, Render


@pytest.mark.parametrize(
    ("database", "services", "volumes"),
    [
        ("postgresql", {"app", "migrate", "db"}, {"db-data"}),
        ("sqlite", {"app", "migrate"}, {"data"}),
        ("none", {"app"}, set()),
    ],
)
def test_compose_has_the_services_and_volumes_of_its_database(
    framework: str, render: Render, database: str, services: set[str], volumes: set[str]
) -> None:
    sample = "none" if database == "none" else "items"
    file = render(framework=framework, database=database, sample=sample).compose()
    assert set(file["services"]) == services
    assert set(file.get("volumes", {})) == volumes


def test_app_starts_after_the_migrations_have_run(project: Project) -> None:
    services = project.compose()["services"]
    if "migrate" in services:
        waits_for = services["app"]["depends_on"]
        assert waits_for["migrate"] == {"condition": "service_completed_successfully"}
        assert services["migrate"]["command"] == ["alembic", "upgrade", "head"]
        assert services["migrate"]["environment"] == services["app"]["environment"]


def test_migrations_start_when_postgresql_is_healthy(render: Render) -> None:
    services = render().compose()["services"]
    assert services["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert "--host=127.0.0.1" in services["db"]["healthcheck"]["test"]


def test_app_is_published_on_loopback_at_app_port_and_nothing_else_is(project: Project) -> None:
    services = project.compose()["services"]
    assert services["app"]["ports"] == ["127.0.0.1:${APP_PORT:-8000}:8000"]
    assert [name for name, service in services.items() if "ports" in service] == ["app"]


def test_app_and_migrations_run_locked_down(project: Project) -> None:
    services = project.compose()["services"]
    for name in {"app", "migrate"} & set(services):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["security_opt"] == ["no-new-privileges:true"]
        assert services[name]["init"] is True


def test_sqlite_file_is_on_the_volume_for_app_and_migrations(render: Render) -> None:
    services = render(database="sqlite").compose()["services"]
    for name in ("app", "migrate"):
        assert services[name]["volumes"] == ["data:/data"]
        assert services[name]["environment"]["DATABASE_URL"] == "sqlite:////data/app.db"


def test_compose_reads_only_variables_that_env_holds(project: Project) -> None:
    text = "".join(path.read_text("utf-8") for path in project.root.glob("docker-compose*.yml"))
    read = set(re.findall(r"\$\{([A-Z_]+)", text))
    assert read <= set(project.settings(".env"))


def test_compose_without_env_says_how_to_make_one(project: Project) -> None:
    text = (project / "docker-compose.yml").read_text("utf-8")
    for name in project.secrets():
        uses = re.findall(rf"\$\{{{name}[^}}]*\}}", text)
        assert uses
        assert set(uses) == {f"${{{name}:?run scripts/setup_env.sh}}"}
