"""The Kustomize manifests, for each combination of answers."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from .conftest import Project, Render

SCALER = "deploy/kubernetes/overlays/production/hpa.yaml"


def test_no_deployment_means_no_deploy_folder_and_no_script(render: Render) -> None:
    project = render(deploy="none")
    assert not (project / "deploy").exists()
    assert not (project / "scripts" / "deploy.sh").exists()
    assert "Kustomize" not in project.text("README.md")


def test_kustomizations_name_every_manifest_beside_them_and_no_other(project: Project) -> None:
    for folder in ("base", "overlays/staging", "overlays/production"):
        kustomization = project.load(f"deploy/kubernetes/{folder}/kustomization.yaml")
        named = set(kustomization["resources"]) - {"../../base"}
        manifests = (project / "deploy" / "kubernetes" / folder).iterdir()
        present = {path.name for path in manifests} - {"kustomization.yaml"}
        assert named == present


def test_service_disruption_budget_and_scaler_point_at_the_deployment(project: Project) -> None:
    resources = project.manifests()
    deployment = resources["Deployment"]
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"] == labels
    assert resources["Service"]["spec"]["selector"] == labels
    if "PodDisruptionBudget" in resources:
        assert resources["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
    ports = {port["name"] for port in project.pod()["containers"][0]["ports"]}
    assert resources["Service"]["spec"]["ports"][0]["targetPort"] in ports
    if (project / SCALER).exists():
        target = project.load(SCALER)["spec"]["scaleTargetRef"]
        assert (target["kind"], target["name"]) == ("Deployment", deployment["metadata"]["name"])
    assert project.pod()["serviceAccountName"] == resources["ServiceAccount"]["metadata"]["name"]


def test_pods_ask_health_for_life_and_ready_for_traffic(project: Project) -> None:
    container = project.pod()["containers"][0]
    assert container["livenessProbe"]["httpGet"]["path"] == "/health"
    assert container["readinessProbe"]["httpGet"]["path"] == "/ready"


def test_pods_run_locked_down_and_limited(project: Project) -> None:
    pod = project.pod()
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == 10001
    assert pod["automountServiceAccountToken"] is False
    for container in [*pod["containers"], *pod.get("initContainers", [])]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["limits"]["memory"]
        mounted = {mount["name"] for mount in container["volumeMounts"]}
        assert mounted == {volume["name"] for volume in pod["volumes"]}


def test_pods_migrate_the_database_before_they_start(project: Project) -> None:
    migrations = [container["command"] for container in project.pod().get("initContainers", [])]
    has_database = "migrate" in project.compose()["services"]
    assert migrations == ([["alembic", "upgrade", "head"]] if has_database else [])


def test_pods_get_every_setting_from_config_map_or_secret_and_secrets_by_name(
    project: Project,
) -> None:
    generator = project.load("deploy/kubernetes/base/kustomization.yaml")
    (settings,) = generator["configMapGenerator"]
    given = {literal.split("=", 1)[0] for literal in settings["literals"]}
    needed = set(project.compose()["services"]["app"]["environment"])
    from_secret = needed - given
    assert given <= needed
    assert not given & set(project.secrets())
    sources = project.pod()["containers"][0]["envFrom"]
    expected = [{"configMapRef": {"name": settings["name"]}}]
    if from_secret:
        assert from_secret <= {"DATABASE_URL", "JWT_SECRET_KEY"}
        expected.append({"secretRef": {"name": "my-service-secrets"}})
        readme = project.text("README.md")
        assert {name for name in from_secret if f"--from-literal={name}=" in readme} == from_secret
    assert sources == expected
    kinds = {
        project.load(path.relative_to(project.root).as_posix())["kind"]
        for path in (project / "deploy").rglob("*.yaml")
    }
    assert "Secret" not in kinds


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_overlay_sets_namespace_image_and_environment(project: Project, environment: str) -> None:
    overlay = project.overlay(environment)
    (image,) = overlay["images"]
    (settings,) = overlay["configMapGenerator"]
    assert overlay["namespace"] == f"my-service-{environment}"
    assert image["newTag"]
    assert settings["behavior"] == "merge"
    assert settings["literals"] == [f"ENVIRONMENT={environment}"]
    assert {container["image"] for container in project.pod()["containers"]} == {image["name"]}


def test_sqlite_on_kubernetes_is_one_pod_with_a_claim(framework: str, render: Render) -> None:
    project = render(framework=framework, database="sqlite")
    resources = project.manifests()
    assert resources["Deployment"]["spec"]["replicas"] == 1
    assert resources["Deployment"]["spec"]["strategy"] == {"type": "Recreate"}
    claim = {"claimName": resources["PersistentVolumeClaim"]["metadata"]["name"]}
    assert claim in [volume.get("persistentVolumeClaim") for volume in project.pod()["volumes"]]
    assert not list((project / "deploy").rglob("hpa.yaml"))


def test_production_scales_unless_the_database_is_a_file(render: Render) -> None:
    assert render().load(SCALER)["spec"]["minReplicas"] >= 2
    assert "replicas" not in render().manifests()["Deployment"]["spec"]


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="needs kubectl")
@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
@pytest.mark.parametrize("environment", ["staging", "production"])
def test_overlay_builds_with_kustomize(render: Render, database: str, environment: str) -> None:
    overlay = render(database=database) / "deploy" / "kubernetes" / "overlays" / environment
    built = subprocess.run(["kubectl", "kustomize", overlay], capture_output=True, check=True)
    resources = {resource["kind"]: resource for resource in yaml.safe_load_all(built.stdout)}
    settings = resources["ConfigMap"]
    assert settings["data"]["ENVIRONMENT"] == environment
    container = resources["Deployment"]["spec"]["template"]["spec"]["containers"][0]
    assert container["image"] == "my-service:latest"
    assert container["envFrom"][0]["configMapRef"]["name"] == settings["metadata"]["name"]
    assert {r["metadata"]["namespace"] for r in resources.values()} == {f"my-service-{environment}"}
