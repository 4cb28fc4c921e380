"""Remembering what a piece of a template read while it was rendered.

So it has to be rendered again only when one of those values has changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

VARIANTS_KEPT = 24
"""Results kept for each piece: enough to look ahead at all options of some steps and go back."""


@dataclass
class Reads:
    """What was read during one rendering.

    Attributes:
        names: The names of the variables, those that do not exist included.
        varies: Whether something was read that differs each time: a random value, the clock, a
            path of this machine.
    """

    names: set[str] = field(default_factory=set)
    varies: bool = False


class Recorder:
    """Collects what is read; one at a time, so it belongs to one thread."""

    def __init__(self) -> None:
        self._current = Reads()

    def name(self, name: str) -> None:
        """Note that the variable `name` was read."""
        self._current.names.add(name)

    def varying(self) -> None:
        """Note that something was read that differs each time."""
        self._current.varies = True

    @contextmanager
    def recording(self) -> Iterator[Reads]:
        """Collect in a fresh record until the end of the block; records do not nest."""
        outer, self._current = self._current, Reads()
        try:
            yield self._current
        finally:
            self._current = outer


@dataclass(frozen=True)
class Variant(Generic[T]):
    """A result, and the values it was made from.

    Attributes:
        needs: Variable -> fingerprint of its value; None for one that did not exist.
        names: The variables that were read: those of `needs`.
        value: The result.
    """

    needs: tuple[tuple[str, str | None], ...]
    names: frozenset[str]
    value: T

    def fits(self, now: Mapping[str, str]) -> bool:
        """Whether rendering again under the fingerprints `now` would give the same result."""
        return all(now.get(name) == fingerprint for name, fingerprint in self.needs)


class Variants(Generic[T]):
    """The latest results of one piece of a template, most recently used first."""

    def __init__(self) -> None:
        self._kept: list[Variant[T]] = []

    def find(self, now: Mapping[str, str]) -> Variant[T] | None:
        """Return the result that still holds under the fingerprints `now`, if one is kept."""
        for position, variant in enumerate(self._kept):
            if variant.fits(now):
                if position:
                    self._kept.insert(0, self._kept.pop(position))
                return variant
        return None

    def keep(self, reads: Reads, now: Mapping[str, str], value: T) -> Variant[T]:
        """Remember `value`, which was rendered under `now` and read `reads`."""
        needs = tuple((name, now.get(name)) for name in sorted(reads.names))
        variant = Variant(needs, frozenset(reads.names), value)
        self._kept.insert(0, variant)
        del self._kept[VARIANTS_KEPT:]
        return variant
