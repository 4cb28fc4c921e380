"""scripts/deploy.sh, run with a kubectl that only writes down what it is asked."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from .conftest import Project

pytestmark = pytest.mark.usefixtures("bash")

FAKE_KUBECTL = """#!/usr/bin/env bash
echo "$*" >>"$KUBECTL_LOG"
if [[ $1 == apply ]]; then
    test -d "$3/../../base"
    cp "$3/kustomization.yaml" "$KUBECTL_LOG.applied"
fi
if [[ "$1 $2" == "$KUBECTL_FAILS" ]]; then
    exit 1
fi
"""


def deploy(clone: Project, *arguments: str, **environment: str) -> tuple[int, str]:
    """Run deploy.sh beside the fake kubectl, which logs to kubectl.log; exit code and errors."""
    fake = clone.root.parent / "bin" / "kubectl"
    fake.parent.mkdir()
    fake.write_text(FAKE_KUBECTL, "utf-8")
    fake.chmod(0o755)
    result = subprocess.run(
        [clone / "scripts" / "deploy.sh", *arguments],
        env={
            "PATH": f"{fake.parent}{os.pathsep}{os.environ['PATH']}",
            "KUBECTL_LOG": str(clone / "kubectl.log"),
            "KUBECTL_FAILS": "",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return result.returncode, result.stderr


def test_deploy_applies_the_overlay_with_image_and_tag_and_waits(clone: Project) -> None:
    image = "registry.example.com:5000/team/my-service"
    assert deploy(clone, "production", "1a2b3c4", IMAGE=image) == (0, "")
    applied = yaml.safe_load(clone.text("kubectl.log.applied"))
    assert applied["images"] == [{"name": "my-service", "newName": image, "newTag": "1a2b3c4"}]
    assert applied["resources"] == ["../../base", "hpa.yaml"]
    commands = clone.text("kubectl.log").splitlines()
    assert [" ".join(command.split()[:2]) for command in commands] == [
        "get namespace",
        "get secret",
        "apply --kustomize",
        "rollout status",
    ]


def test_deploy_without_image_and_tag_takes_the_overlay_as_it_is(clone: Project) -> None:
    assert deploy(clone, "staging") == (0, "")
    assert yaml.safe_load(clone.text("kubectl.log.applied")) == clone.overlay("staging")


def test_deploy_leaves_no_trace_in_the_repository(clone: Project) -> None:
    before = set((clone / "deploy").rglob("*"))
    deploy(clone, "staging", "1a2b3c4")
    assert set((clone / "deploy").rglob("*")) == before


@pytest.mark.parametrize(
    ("fails", "sentence"),
    [
        ("get namespace", "create it with: kubectl create namespace my-service-staging"),
        ("get secret", "the secret my-service-secrets, with DATABASE_URL JWT_SECRET_KEY, is not"),
        ("rollout status", "go back with: kubectl rollout undo deployment/my-service"),
    ],
)
def test_deploy_that_fails_says_what_to_do(clone: Project, fails: str, sentence: str) -> None:
    code, errors = deploy(clone, "staging", KUBECTL_FAILS=fails)
    assert code == 1
    assert sentence in errors


@pytest.mark.parametrize("arguments", [(), ("moon",), ("staging", "a", "b")])
def test_deploy_refuses_other_arguments(clone: Project, arguments: tuple[str, ...]) -> None:
    code, errors = deploy(clone, *arguments)
    assert code == 2
    assert "scripts/deploy.sh staging|production [TAG]" in errors
    assert not (clone / "kubectl.log").exists()
