"""What was rendered is kept with what it read."""

from __future__ import annotations

from wizard.engine.recording import VARIANTS_KEPT, Reads, Recorder, Variants


def test_a_result_is_found_while_what_it_read_is_the_same() -> None:
    variants: Variants[str] = Variants()
    variants.keep(Reads({"a", "missing"}), {"a": "1", "b": "1"}, "one")
    for now in ({"a": "1"}, {"a": "1", "b": "2"}):
        found = variants.find(now)
        assert found is not None
        assert found.value == "one"
        assert found.names == {"a", "missing"}
    assert variants.find({"a": "2"}) is None
    assert variants.find({"a": "1", "missing": "now there"}) is None
    assert variants.find({}) is None


def test_going_back_finds_the_earlier_result() -> None:
    variants: Variants[str] = Variants()
    for value in "123":
        variants.keep(Reads({"a"}), {"a": value}, f"result {value}")
    found = variants.find({"a": "1"})
    assert found is not None
    assert found.value == "result 1"


def test_only_the_latest_results_are_kept_and_use_counts() -> None:
    variants: Variants[int] = Variants()
    for number in range(VARIANTS_KEPT):
        variants.keep(Reads({"a"}), {"a": str(number)}, number)
    variants.find({"a": "0"})
    variants.keep(Reads({"a"}), {"a": "new"}, -1)
    assert variants.find({"a": "0"}) is not None
    assert variants.find({"a": "1"}) is None


def test_records_do_not_mix() -> None:
    recorder = Recorder()
    with recorder.recording() as outer:
        recorder.name("a")
        with recorder.recording() as inner:
            recorder.name("b")
            recorder.varying()
        recorder.name("c")
    assert (outer.names, outer.varies) == ({"a", "c"}, False)
    assert (inner.names, inner.varies) == ({"b"}, True)
