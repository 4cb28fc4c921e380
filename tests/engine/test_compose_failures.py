"""Each failure becomes a sentence, a way out, and the facts that code needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.engine.compose_events import Failure, FailureKind, Plan, ServicePlan
from wizard.engine.compose_failures import (
    BUILD_CODE,
    PULL_CODE,
    config_failure,
    crashing,
    engine_failure,
    exited,
    explain,
    no_compose,
    no_docker,
    old_compose,
    port_taken,
    pull_failed,
    timed_out,
    unhealthy,
)
from wizard.engine.compose_progress import ProgressReader
from wizard.engine.compose_text import LineSplitter

OUTPUTS = Path(__file__).parent / "compose_outputs"
PLAN = Plan("shop", (ServicePlan("app", builds=True), ServicePlan("migrate", one_shot=True)))


def explained(name: str, code: int = 1) -> Failure:
    reader = ProgressReader(PLAN)
    splitter = LineSplitter()
    reader.read([*splitter.feed((OUTPUTS / name).read_bytes()), *splitter.end()])
    return explain("up", code, reader.messages, failed_step=reader.failed_step)


@pytest.mark.parametrize(
    ("name", "code", "kind"),
    [
        ("build_failed.txt", BUILD_CODE, FailureKind.BUILD),
        ("build_failed.txt", 1, FailureKind.BUILD),
        ("rawjson_failed.txt", 1, FailureKind.BUILD),
        ("pull_failed.txt", PULL_CODE, FailureKind.PULL),
        ("pull_failed.txt", 1, FailureKind.PULL),
        ("unhealthy.txt", 1, FailureKind.UNHEALTHY),
        ("exited.txt", 1, FailureKind.EXITED),
        ("one_shot_failed.txt", 1, FailureKind.EXITED),
        ("timed_out.txt", 1, FailureKind.TIMEOUT),
        ("port_in_use.txt", 1, FailureKind.PORT_TAKEN),
        ("port_allocated.txt", 1, FailureKind.PORT_TAKEN),
        ("permission.txt", 1, FailureKind.PERMISSION),
        ("no_engine.txt", 1, FailureKind.NO_ENGINE),
    ],
)
def test_every_captured_failure_is_recognised(name: str, code: int, kind: FailureKind) -> None:
    assert explained(name, code).kind is kind


def test_a_taken_port_is_named_however_the_engine_says_it() -> None:
    assert explained("port_in_use.txt").port == 18562
    assert explained("port_allocated.txt").port == 18562
    desktop = (
        "Error response from daemon: Ports are not available: exposing port TCP 0.0.0.0:8000 -> "
        "127.0.0.1:0: listen tcp 0.0.0.0:8000: bind: address already in use"
    )
    assert explain("up", 1, [desktop]).port == 8000


def test_a_failed_build_quotes_the_step_and_its_last_lines() -> None:
    failure = explained("build_failed.txt", BUILD_CODE)
    assert failure.service == "app"
    assert failure.sentence == (
        "Building the image of app failed at builder 3/3: "
        "RUN echo to-stderr >&2; echo about to fail; exit 7."
    )
    assert failure.details[:2] == ("to-stderr", "about to fail")


def test_whose_container_ended_and_how_is_known() -> None:
    assert explained("one_shot_failed.txt").service == "migrate"
    assert "exit code 3" in explained("one_shot_failed.txt").sentence
    assert explained("exited.txt").service == "shop-app-1"
    assert "exit code 5" in explained("exited.txt").sentence


@pytest.mark.parametrize(
    ("code", "text", "kind", "words"),
    [
        (
            14,
            "no configuration file provided: not found",
            FailureKind.NO_FILE,
            "no docker-compose.yml",
        ),
        (
            15,
            "yaml: line 3: did not find expected node content",
            FailureKind.BROKEN_FILE,
            "yaml: line 3: did not find expected node content",
        ),
        (
            15,
            "validating /p/compose.yml: services.app Additional property bogus is not allowed",
            FailureKind.BROKEN_FILE,
            "bogus",
        ),
        (
            15,
            "services.app.environment.K: required variable JWT_SECRET_KEY is missing a value: x",
            FailureKind.NO_ENV,
            "JWT_SECRET_KEY has no value",
        ),
        (
            14,
            "env file /p/.env not found: stat /p/.env: no such file or directory",
            FailureKind.NO_ENV,
            "the file is missing",
        ),
    ],
)
def test_what_is_wrong_with_the_compose_file_is_said(
    code: int, text: str, kind: FailureKind, words: str, tmp_path: Path
) -> None:
    failure = config_failure(code, text, tmp_path)
    assert failure.kind is kind
    assert words in failure.sentence


def test_the_way_to_an_env_file_is_the_one_that_the_project_offers(tmp_path: Path) -> None:
    text = "required variable X is missing a value"
    assert "Write it into .env" in config_failure(15, text, tmp_path).hint
    (tmp_path / ".env.example").touch()
    assert "Copy .env.example" in config_failure(15, text, tmp_path).hint
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "setup_env.sh").touch()
    assert "scripts/setup_env.sh" in config_failure(15, text, tmp_path).hint


def test_a_disk_that_is_full_is_said_whatever_step_it_hits() -> None:
    failure = explain("up", 1, ["failed to solve: write /x: no space left on device"])
    assert failure.kind is FailureKind.DISK_FULL


def test_what_nobody_knows_is_quoted() -> None:
    failure = explain("down", 3, ["first", "------", "something new"])
    assert failure.sentence == "`docker compose down` failed with code 3: something new."
    assert failure.details == ("first",)


def test_an_engine_that_answers_is_no_engine_failure() -> None:
    assert engine_failure("container app is unhealthy") is None


def test_the_image_that_cannot_be_pulled_is_named() -> None:
    text = "Error response from daemon: pull access denied for acme/none, repository does not exist"
    assert "acme/none" in pull_failed(text).sentence


ALL = [
    no_docker(),
    no_compose(),
    old_compose("2.17.0"),
    port_taken(8000),
    port_taken(8000, owner="the container shop-app-1"),
    port_taken(8000, variable="APP_PORT", free_port=8001),
    port_taken(8000, variable="APP_PORT"),
    unhealthy("app", ()),
    exited("app", 0, ()),
    exited("app", 137, ()),
    crashing("app", 3, ()),
    crashing("app", 0, ()),
    timed_out(300, ["app", "db"]),
    timed_out(300, []),
    *(explained(path.name) for path in sorted(OUTPUTS.glob("*failed*.txt"))),
]


@pytest.mark.parametrize("failure", ALL, ids=lambda failure: failure.sentence[:40])
def test_every_failure_has_one_sentence_and_a_way_out(failure: Failure) -> None:
    for text in (failure.sentence, failure.hint):
        assert text.endswith(".")
        assert "\n" not in text
