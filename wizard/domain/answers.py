"""What the user has answered so far, as an immutable value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Answers(Mapping[str, object]):
    """Question name -> the answer the user gave, in the order of answering.

    Only answers that were really given are here: a question that is left at its default has no
    entry, so that a default which depends on another answer goes on following it.
    """

    given: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take a copy, so that nobody can change the answers behind our back."""
        object.__setattr__(self, "given", MappingProxyType(dict(self.given)))

    def __getitem__(self, name: str) -> object:
        return self.given[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.given)

    def __len__(self) -> int:
        return len(self.given)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Answers):
            return dict(self.given) == dict(other.given)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(frozenset((name, repr(value)) for name, value in self.given.items()))

    def with_answer(self, name: str, value: object) -> Answers:
        """Return answers in which `name` is answered with `value`."""
        return Answers({**self.given, name: value})

    def without(self, name: str) -> Answers:
        """Return answers in which `name` is left at its default; unknown names are fine."""
        return Answers({key: value for key, value in self.given.items() if key != name})


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> frozenset[str]:
    """Return the names whose value differs, or which only one of the two has."""
    missing = object()
    return frozenset(
        name
        for name in before.keys() | after.keys()
        if before.get(name, missing) != after.get(name, missing)
    )
