"""What Compose says about its progress becomes events."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wizard.engine.compose_events import (
    BuildStep,
    LogLine,
    Origin,
    Plan,
    Pull,
    Resource,
    ServicePlan,
)
from wizard.engine.compose_progress import ProgressReader
from wizard.engine.compose_text import LONGEST_LINE, LineSplitter, clean

OUTPUTS = Path(__file__).parent / "compose_outputs"
SHOP = Plan(
    "shop",
    (
        ServicePlan("db", image="postgres:17"),
        ServicePlan("migrate", builds=True, one_shot=True),
        ServicePlan("app", builds=True),
    ),
)
ONLY_APP = Plan("shop", (ServicePlan("app", builds=True),))


def lines_of(name: str) -> list[str]:
    splitter = LineSplitter()
    return [*splitter.feed((OUTPUTS / name).read_bytes()), *splitter.end()]


def test_an_up_tells_each_counted_build_step_and_its_end() -> None:
    events = ProgressReader(SHOP).read(lines_of("up.txt"))

    steps = [e for e in events if isinstance(e, BuildStep) and e.service == "migrate" and e.total]
    started = [(s.stage, s.step, s.total, s.text) for s in steps if not s.done]
    assert ("build", 2, 2, "RUN mkdir /out && echo built > /out/note") in started
    assert ("stage-1", 5, 5, "RUN echo one; echo two >&2; sleep 0.5") in started
    assert {(s.stage, s.step) for s in steps if s.done} == {(s[0], s[1]) for s in started}


def test_what_another_build_did_already_is_told_as_cached() -> None:
    events = ProgressReader(SHOP).read(lines_of("up.txt"))
    ends = [e for e in events if isinstance(e, BuildStep) and e.service == "app" and e.done]
    assert [e.text for e in ends if e.step == 5 and e.cached] == [
        "RUN echo one; echo two >&2; sleep 0.5"
    ]


def test_output_of_a_build_step_is_a_log_line_of_its_service() -> None:
    events = ProgressReader(SHOP).read(lines_of("up.txt"))
    output = [e for e in events if isinstance(e, LogLine) and e.origin is Origin.BUILD]
    assert [(line.service, line.text) for line in output] == [
        ("migrate", "one"),
        ("migrate", "two"),
    ]


def test_an_up_tells_what_becomes_of_each_container() -> None:
    events = ProgressReader(SHOP).read(lines_of("up.txt"))
    words = [e.word for e in events if isinstance(e, Resource) and e.name == "shop-app-1"]
    assert words == ["Creating", "Created", "Starting", "Started", "Waiting", "Healthy"]


def test_a_failed_build_names_its_step_and_keeps_its_output() -> None:
    reader = ProgressReader(ONLY_APP)
    reader.read(lines_of("build_failed.txt"))

    step = reader.failed_step
    assert step is not None
    assert step.title == "builder 3/3: RUN echo to-stderr >&2; echo about to fail; exit 7"
    assert list(step.output) == ["to-stderr", "about to fail"]
    assert step.error.endswith("did not complete successfully: exit code: 7")


def test_a_failed_build_as_buildkits_json_says_the_same() -> None:
    reader = ProgressReader(ONLY_APP)
    events = reader.read(lines_of("rawjson_failed.txt"))

    step = reader.failed_step
    assert step is not None
    assert (step.service, step.stage, step.step, step.total) == ("app", "builder", 3, 3)
    assert list(step.output) == ["to-stderr", "about to fail"]
    assert BuildStep("app", "builder", 2, 3, "RUN echo one", done=True, cached=True) in events
    assert "ERROR: failed to solve" in "\n".join(reader.messages)


def test_buildkits_json_in_one_line_is_read_too() -> None:
    text = (OUTPUTS / "rawjson_failed.txt").read_text()
    decoder, compact, rest = json.JSONDecoder(), [], text
    while rest.startswith("{"):
        value, end = decoder.raw_decode(rest)
        compact.append(json.dumps(value))
        rest = rest[end:].lstrip()
    reader = ProgressReader(ONLY_APP)
    reader.read(compact)
    assert reader.failed_step is not None
    assert reader.failed_step.step == 3


@pytest.mark.parametrize(
    "message",
    [
        {"id": "Container shop-app-1", "status": "Started"},  # 2.29
        {"id": "Container shop-app-1", "text": "Started"},  # 2.40
        {"id": "Container shop-app-1", "status": "Done", "text": "Started"},  # 5.0
    ],
)
def test_each_shape_of_composes_json_tells_the_same(message: dict[str, str]) -> None:
    events = ProgressReader(SHOP).read([json.dumps(message)])
    assert events == [Resource("container", "shop-app-1", "Started")]


def test_an_error_in_composes_json_is_a_message() -> None:
    reader = ProgressReader(SHOP)
    events = reader.read(
        [json.dumps({"error": True, "message": "container shop-app-1 is unhealthy"})]
    )
    assert reader.messages == ["container shop-app-1 is unhealthy"]
    assert events == [LogLine("", "container shop-app-1 is unhealthy", Origin.COMPOSE)]


def test_a_warning_is_told_without_its_wrapping() -> None:
    reader = ProgressReader(SHOP)
    reader.read(
        [
            'time="2026-01-01" level=warning msg="the attribute \\"version\\" is obsolete"',
            json.dumps({"level": "warning", "msg": "so is this", "time": "x"}),
        ]
    )
    assert reader.messages == ['the attribute "version" is obsolete', "so is this"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (" db Pulling ", "db"),
        ('{"id":"db","text":"Pulling"}', "db"),
        ('{"id":"Image postgres:17","status":"Working","text":"Pulling"}', "db"),
        (" Image postgres:17 Pulling ", "db"),
    ],
)
def test_a_pull_is_told_of_the_service_whose_image_it_is(line: str, name: str) -> None:
    assert ProgressReader(SHOP).read([line]) == [Pull(name, "Pulling")]


def test_a_pull_in_layers_tells_how_far_it_is() -> None:
    reader = ProgressReader(SHOP)
    events = reader.read(
        [
            " 63a26ae4e8a8 Pulling fs layer ",
            " 0123456789ab Pulling fs layer ",
            " 63a26ae4e8a8 Downloading [====>     ]  5MB/10MB",
            " 63a26ae4e8a8 Pull complete ",
        ]
    )
    assert events[2:] == [Pull("", "0 of 2 layers", 25), Pull("", "1 of 2 layers", 50)]


def test_an_image_that_is_not_to_be_had_is_a_message() -> None:
    reader = ProgressReader(ONLY_APP)
    reader.read(lines_of("pull_failed.txt"))
    assert reader.messages[0].startswith('app: Get "https://registry.invalid/v2/"')


def test_lines_of_two_builds_at_once_are_kept_apart() -> None:
    reader = ProgressReader(SHOP)
    events = reader.read(
        [
            "#6 [migrate build 2/4] RUN one",
            "#7 [app build 3/4] RUN two",
            "#6 0.100 of one",
            "#7 0.200 of two",
        ]
    )
    output = [event for event in events if isinstance(event, LogLine)]
    assert [(line.service, line.text) for line in output] == [
        ("migrate", "of one"),
        ("app", "of two"),
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("\x1b[2Kapp-1  | x", "app-1  | x"),
        ("\x1b[32mgreen\x1b[0m", "\x1b[32mgreen\x1b[0m"),
        ("\x1b]0;title\x07text", "text"),
        ("10%\r50%\r100%", "100%"),
        ("text\r", "text"),
        ("a\tb", "a       b"),
        ("bell\x07\x00 and \x9b31m C1", "bell and 31m C1"),
        ("日本 ü", "日本 ü"),
    ],
)
def test_only_colours_are_left_of_control_sequences(raw: str, expected: str) -> None:
    assert clean(raw) == expected


def test_a_line_without_end_is_cut() -> None:
    splitter = LineSplitter()
    for _ in range(20):
        assert splitter.feed(b"x" * 65_536) == []
    (line,) = splitter.feed(b"\n")
    assert len(line) <= 2 * LONGEST_LINE


def test_characters_that_are_split_between_chunks_are_whole() -> None:
    splitter = LineSplitter()
    raw = "日本\n".encode()
    assert [line for i in range(len(raw)) for line in splitter.feed(raw[i : i + 1])] == ["日本"]
    assert splitter.feed(b"\xff\n") == ["\ufffd"]


def test_lines_that_say_nothing_are_passed_over() -> None:
    lines = ["", "   ", "#0 building with default", "#99 DONE 0.0s"]
    assert ProgressReader(SHOP).read(lines) == []
