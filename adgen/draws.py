"""Random generators of a call: all sweeps of one derivative make the same draws."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from adgen.frontend.draws import GENERATORS
from adgen.program.objects import attribute_names, is_object

GLOBAL: np.random.RandomState = np.random.mtrand._rand  # noqa: SLF001  # pyright: ignore[reportAttributeAccessIssue]


def generators(values: Iterable[Any], seen: dict[int, Any] | None = None) -> dict[int, Any]:
    """The random generators in some values, by identity.

    >>> rng = np.random.default_rng(0)
    >>> list(generators([1.0, {"noise": (rng, rng)}]).values()) == [rng]
    True
    """
    seen = {} if seen is None else seen
    for value in values:
        if id(value) in seen:
            continue
        if isinstance(value, GENERATORS):
            seen[id(value)] = value
        elif isinstance(value, list | tuple):
            generators(value, seen)
        elif isinstance(value, dict):
            generators(value.values(), seen)
        elif is_object(value):
            seen[id(value)] = value
            generators((getattr(value, name) for name in attribute_names(value)), seen)
    return {key: value for key, value in seen.items() if isinstance(value, GENERATORS)}


class Draws:
    """Where the random generators of a call stand, so that a second sweep can make the same draws.

    >>> rng = np.random.default_rng(0)
    >>> draws = Draws([rng])
    >>> first = rng.normal()
    >>> with draws.repeated():
    ...     again = rng.normal()
    >>> first == again, first == rng.normal()
    (True, False)
    """

    def __init__(self, values: Iterable[Any]) -> None:
        self.states = [(g, _state(g)) for g in generators(values).values()]

    @contextlib.contextmanager
    def repeated(self) -> Iterator[None]:
        """Inside, the generators start where they stood; afterwards they go on from where they are now."""
        later = [(g, _state(g)) for g, _ in self.states]
        _restore(self.states)
        try:
            yield
        finally:
            _restore(later)


def outside(text: str, values: Mapping[str, Any]) -> list[Any]:
    """What generated code may draw from without being handed it: the user's globals and NumPy's own generator."""
    return [*values.values(), *([GLOBAL] if "np.random." in text else [])]


def _state(generator: Any) -> Any:
    return (
        generator.get_state(legacy=False)
        if isinstance(generator, np.random.RandomState)
        else generator.bit_generator.state
    )


def _restore(states: Iterable[tuple[Any, Any]]) -> None:
    for generator, state in states:
        if isinstance(generator, np.random.RandomState):
            generator.set_state(state)
        else:
            generator.bit_generator.state = state
