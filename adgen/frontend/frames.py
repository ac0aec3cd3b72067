"""Frames and snapshots of a specialisation, and the values that stand in them."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, is_dataclass
from typing import Any

import gast

from adgen.frontend.bindings import assigned_names
from adgen.frontend.values import Const, Handle, Ref, ShapeItem, Value
from adgen.program.syntax import nodes_in


@dataclass
class Frame:
    """Variables of one call that is being specialised."""

    variables: dict[str, Value]
    globals: Mapping[str, Any]
    file: str
    function: str
    parent: Frame | None = None
    closure: Mapping[str, Any] = field(default_factory=dict)
    owner: type | None = None
    read_outside: dict[int, frozenset[str]] = field(default_factory=dict)
    node: Any = None
    known: Any = None  # what is known of the arguments
    arguments: Mapping[str, Value] = field(default_factory=dict)
    taker: Frame | None = None  # who runs while this one, a generator, waits at a ``yield``
    function_of_library: bool = False  # a definition: what it writes stands for the user's own line
    global_names: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)

    @functools.cached_property
    def names(self) -> frozenset[str]:
        """Names that the text of the function mentions."""
        tree = self.node if isinstance(self.node, gast.AST) else gast.Pass()
        return frozenset(n.id for n in nodes_in(tree) if isinstance(n, gast.Name))

    @functools.cached_property
    def own_names(self) -> frozenset[str]:
        """Names that the function sets, which are its own variables."""
        body = self.node.body if isinstance(self.node, gast.FunctionDef) else ()
        return frozenset(n for s in body for n in assigned_names(s))


@dataclass(frozen=True)
class Snapshot:
    variables: tuple[dict[str, Value], ...]
    heap: dict[int, Any]
    joined: dict[tuple[int, int], Handle] = field(default_factory=dict)


@dataclass(frozen=True)
class Fork:
    """Two ends that become one: where the last statements of each are written, and what holds there."""

    first: list[gast.stmt]
    second: list[gast.stmt]
    one: Snapshot
    two: Snapshot


@dataclass(frozen=True)
class Guard:
    """An open ``if``: where `test` holds an exception was raised, and what follows stands in the other branch."""

    test: Ref
    outer: list[gast.stmt]  # the block in which the ``if`` will stand
    state: Snapshot  # what holds where the exception was raised


@dataclass(frozen=True)
class Mark:
    """A point to go back to when a construct has to be specialised again."""

    state: Snapshot
    used: set[str]
    out: list[gast.stmt]
    written: int
    guards: list[Guard]


def holds(state: Iterable[Any], name: str) -> bool:
    """Whether a variable of the program stands anywhere in frames, containers or closures."""
    for value in values_in(*state):
        if isinstance(value, Ref | ShapeItem) and name == (value.name if isinstance(value, Ref) else value.array):
            return True
    return False


def handles_in(state: Any) -> Iterator[Handle]:
    return (value for value in values_in(state) if isinstance(value, Handle))


def values_in(*state: Any) -> Iterator[Value]:
    """All values that stand in frames, containers or closures; what is behind handles is not followed."""
    stack, seen = list(state), set()
    while stack:
        item = stack.pop()
        if isinstance(item, Value):
            yield item
        if isinstance(item, Frame):
            if id(item) not in seen:
                seen.add(id(item))
                stack += [*item.variables.values(), item.parent]
        elif isinstance(item, Mapping):
            stack += item.values()
        elif isinstance(item, tuple):
            stack += item
        elif is_dataclass(item) and not isinstance(item, Const | Ref | type):
            stack += [getattr(item, f) for f in item.__dataclass_fields__ if f not in HELD_ELSEWHERE]


HELD_ELSEWHERE = frozenset(("type", "globals", "origin", "node", "cls"))
