"""Leaves of the state: every number and array that it holds, and where."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import gast

from adgen.frontend.bindings import assigned_names
from adgen.frontend.frames import handles_in
from adgen.frontend.iteration import Iteration
from adgen.frontend.optionals import kind_of, may_be_optional
from adgen.frontend.values import (
    NONE,
    Const,
    DictContents,
    Handle,
    IteratorContents,
    ListContents,
    ObjectContents,
    OptionalVal,
    Poison,
    Ref,
    TupleVal,
    Value,
)
from adgen.program.types import BOOL, FLOAT, INT, ListOf, Scalar, Type

Key = tuple[Any, ...]
MISSING, VALUE = "missing", "value"  # the halves of what may be None, in keys


@dataclass
class Tail:
    kind: str
    out: list[gast.stmt]
    leaves: dict[Key, Value] = field(default_factory=dict)
    variables: dict[tuple[int, str], Value] = field(default_factory=dict)
    lengths: dict[int, int] = field(default_factory=dict)
    structure: dict[int, Any] = field(default_factory=dict)
    shared: set[Key] = field(default_factory=set)

    @functools.cached_property
    def made_of_parts(self) -> set[Key]:
        """Places at which a tuple stands, or what may be None."""
        return {key[:n] for key in self.leaves for n in range(3, len(key))}

    def has_other_make(self, key: Key) -> bool:
        """Whether parts stand at a place where there was one value, or one value where there were parts."""
        return key in self.made_of_parts or any(key[:n] in self.leaves for n in range(3, len(key)))


@dataclass
class Carried:
    """One value that an iteration hands on to the next."""

    type: Type | None  # None: can't be given one type (reading it is refused)
    name: str = ""
    reason: str = ""


class MayBeNone:
    """The places of a loop at which None or a number stands: known, guessed, and refuted."""

    def __init__(self, known: dict[Key, Type], guessed: dict[Key, Type]) -> None:
        self.places = {**known, **guessed}
        self.guessed = tuple(guessed)  # in order: variables are named after it
        self.refuted: set[Key] = set()

    def give_up(self) -> None:
        """What was guessed is not so: these are no floats, or neither floats nor integers."""
        if any(self.places[k] != INT for k in self.guessed):
            self.places |= dict.fromkeys(self.guessed, INT)
            return
        self.refuted.update(self.guessed)
        self.places = {k: t for k, t in self.places.items() if k not in self.guessed}
        self.guessed = ()

    def guesses(self) -> dict[Key, Carried]:
        """What is handed on if the guesses are right."""
        flags = {(*k, MISSING): Carried(BOOL) for k in self.guessed}
        return flags | {(*k, VALUE): Carried(self.places[k]) for k in self.guessed}

    def without(self, carried: dict[Key, Carried]) -> dict[Key, Carried]:
        """What is handed on, but for halves, whose types may be others now."""
        return {k: c for k, c in carried.items() if k[-1] not in (MISSING, VALUE)}

    def learns(self, found: dict[Key, Type]) -> bool:
        """Whether an attempt at the loop showed that it has to be made again."""
        found = {k: t for k, t in found.items() if k not in self.refuted}
        wrong = self.places.keys() - found.keys()
        self.refuted |= wrong
        before, self.places = self.places, found
        self.guessed = tuple(k for k, t in found.items() if k not in before or kind_of(t) != kind_of(before[k]))
        return bool(wrong or self.guessed)


class Leaves(Iteration):
    """Leaves by their places: a variable of a frame or an entry of an object, and the way to them from there."""

    def leaves(self) -> dict[Key, Value]:
        found: dict[Key, Value] = {}
        for depth, frame in enumerate(self.frames):
            for name, value in frame.variables.items():
                self.collect(("v", depth, name), value, found)
        own = set(self.rebound.values())
        for key, contents in self.heap.items():
            for place, value in contents_items(contents) if key not in own else ():
                self.collect(("h", key, place), value, found)
        return found

    def collect(self, key: Key, value: Value, found: dict[Key, Value]) -> None:
        if key in self.optional and not isinstance(value, Poison):
            value = self.as_optional(value, self.optional[key])
        if isinstance(value, TupleVal):
            for k, item in enumerate(value.items):
                self.collect((*key, k), item, found)
        elif key in self.rebound and self.is_like(value, self.rebound[key]):
            for k, item in enumerate(self.heap[value.key].items):  # pyright: ignore[reportAttributeAccessIssue]
                self.collect((*key, k), item, found)
        elif isinstance(value, OptionalVal):
            found[*key, MISSING], found[*key, VALUE] = value.missing, value.value
        else:
            found[key] = value

    # ---- lists that are made anew in each iteration

    def is_like(self, value: Value, key: int) -> bool:
        """Whether a value is a list that is as long as another."""
        one, other = (self.heap.get(k) for k in (value.key if isinstance(value, Handle) else 0, key))
        if not isinstance(one, ListContents) or not isinstance(other, ListContents):
            return False
        return one.cls is other.cls and len(one.items) == len(other.items)

    def find_rebound(self, initial: dict[Key, Value], tails: list[Tail], lengths: dict[int, int]) -> set[Key]:
        """Places at which an iteration puts another list of the same length."""
        found: set[Key] = set()
        for key, before in initial.items():
            ends = [t.leaves.get(key) for t in tails]
            if (
                isinstance(before, Handle)
                and before.key in lengths
                and len(key) == 3
                and any(e != before for e in ends)
            ):
                sizes = {t.lengths.get(e.key) for t, e in zip(tails, ends, strict=True) if isinstance(e, Handle)}
                if all(isinstance(e, Handle) for e in ends) and sizes == {lengths[before.key]}:
                    found.add(key)
        return found

    def make_rebound(self, places: set[Key]) -> dict[Key, int]:
        """Give these places lists of their own, whose items can be handed on."""
        leaves, made = self.leaves(), dict[Key, int]()
        for key in sorted(places, key=str):
            before = leaves.get(key)
            if isinstance(before, Handle) and isinstance(self.heap.get(before.key), ListContents):
                own = self.allocate(self.heap[before.key])
                self.joined.setdefault(before.key, set()).add(own.key)  # the first time it is that one
                self.joined.setdefault(own.key, set()).add(before.key)
                self.put(key, own)
                made[key] = own.key
        return made

    def shared_lists(self) -> set[Key]:
        """Places with lists of their own where there is now a list that is known by another name too."""
        if not self.rebound:
            return set()
        counts = Counter(h.key for h in handles_in((*self.frames, self.heap)))
        values = {place: self.value_at(place) for place in self.rebound}
        return {place for place, v in values.items() if isinstance(v, Handle) and counts[v.key] > 1}

    def value_at(self, place: Key) -> Value | None:
        kind, where, name = place
        if kind == "v":
            return self.frames[where].variables.get(name)
        return dict(contents_items(self.heap.get(where))).get(name)

    def optional_places(self) -> dict[Key, Type]:
        """Where there are values that may be None."""
        found = self.leaves()
        kinds = {k[:-1]: self.joinable_type(v) for k, v in found.items() if k[-1] == VALUE}
        return {place: kind for place, kind in kinds.items() if kind is not None}

    def guess_optional(self, node: Any) -> dict[Key, Type]:
        """Variables that are None before a loop and assigned in it: often numbers from then on."""
        names = dict.fromkeys(n for s in node.body for n in assigned_names(s))
        return {("v", self.depth, n): FLOAT for n in names if self.frame.variables.get(n) == NONE}

    def guess_items(self, demoted: set[int], known: Mapping[int, Scalar | None]) -> dict[int, str]:
        """What stands in lists that are empty before a loop, for reads that come before the first append: numbers."""
        empty: dict[int, str] = {}
        for key in demoted:
            contents: Any = self.heap.get(key)
            if isinstance(contents, Ref) and contents.type == ListOf(None):
                empty[key] = contents.name
                self.item_guesses[contents.name] = known.get(key, FLOAT)
        return empty

    def learns_items(self, empty: Mapping[int, str], known: dict[int, Scalar | None]) -> bool:
        """Whether a guess was wrong: the body puts something else into such a list, or nothing."""
        wrong = False
        for key, name in empty.items():
            item: Any = getattr(self.types[name], "item", None)
            item = item if isinstance(item, Scalar) else None
            wrong = wrong or item != self.item_guesses.pop(name)
            known[key] = item
        return wrong

    def find_optional(self, initial: dict[Key, Value], tails: list[Tail], own: dict[Key, str]) -> dict[Key, Type]:
        """Places at which a number stands before the loop, or after some iterations, and None else."""
        found: dict[Key, Type] = {}
        whole = (initial, *(t.leaves for t in tails))
        for place in dict.fromkeys(k[:-1] if k[-1] in (MISSING, VALUE) else k for k in initial):
            values = [leaves[place] for leaves in whole if place in leaves]
            flags = [leaves[*place, MISSING] for leaves in whole if (*place, MISSING) in leaves]
            numbers = [
                leaves[*place, VALUE] for leaves in whole if leaves.get((*place, MISSING)) not in (None, Const(True))
            ]
            if not (flags or NONE in values):
                continue
            numbers += [v for v in values if v != NONE]
            known = [
                self.joinable_type(v)
                for v in numbers
                if not (isinstance(v, Ref) and v.name == own.get((*place, VALUE)))
            ]
            if known and all(map(may_be_optional, known)):
                found[place] = known[0]  # pyright: ignore[reportArgumentType]
        return found

    def make_optional(self, places: Mapping[Key, Type]) -> None:
        """Give these places both halves, so that loops can hand them on."""
        leaves = self.leaves()
        for key, type_ in places.items():
            if key in leaves:
                self.put(key, self.as_optional(leaves[key], type_))

    def lengths(self) -> dict[int, int]:
        return {k: len(c.items) for k, c in self.heap.items() if isinstance(c, ListContents)}

    def structure(self) -> dict[int, Any]:
        """Which entries dicts and objects have, and how far iterators have come."""
        found: dict[int, Any] = {}
        for key, contents in self.heap.items():
            match contents:
                case DictContents(items):
                    found[key] = frozenset(items)
                case IteratorContents(position=position):
                    found[key] = position
                case ObjectContents(attributes=attributes):
                    found[key] = frozenset(n for n, v in attributes.items() if v != self.pristine.get((key, n)))
        return found

    def changed_structure(self, head: dict[int, Any], tails: list[Tail]) -> set[tuple[int, str]]:
        """Attributes that have to be read before a loop; refuses what else a loop does to the make of objects."""
        missing: set[tuple[int, str]] = set()
        for tail in tails:
            for key in head.keys() & tail.structure.keys():
                if head[key] == tail.structure[key]:
                    continue
                contents = self.heap.get(key)
                new = tail.structure[key] - head[key] if isinstance(contents, ObjectContents) else {""}
                if all((key, name) in self.pristine for name in new):
                    missing |= {(key, name) for name in new}
                    continue
                self.refuse(
                    "loop-structure",
                    "an object gets other entries, or an iterator moves on, from one iteration to the next",
                    reason="what it has after the loop would be known only at run time.",
                    remedy="make the entries before the loop; index instead of next()",
                )
        return missing

    def put(self, key: Key, value: Value) -> None:
        kind, where, name, *path = key
        if path and key[:3] in self.rebound:
            first, *rest = path
            listed = self.heap[self.rebound[key[:3]]]
            items = [replaced(v, rest, value) if k == first else v for k, v in enumerate(listed.items)]
            self.heap[self.rebound[key[:3]]] = replace(listed, items=tuple(items))
            return
        if kind == "v":
            variables = self.frames[where].variables
            variables[name] = replaced(variables.get(name), path, value)
            return
        contents = self.heap[where]
        if isinstance(contents, ListContents):
            items = list(contents.items)
            items[name] = replaced(items[name], path, value)
            self.heap[where] = ListContents(tuple(items))
        elif isinstance(contents, DictContents):
            self.heap[where] = DictContents(
                {**contents.items, name: replaced(contents.items[name], path, value)}, contents.cls, contents.factory
            )
        elif isinstance(contents, ObjectContents):
            new = {**contents.attributes, name: replaced(contents.attributes[name], path, value)}
            self.heap[where] = ObjectContents(contents.cls, new, contents.origin, contents.path)


def contents_items(contents: Any) -> list[tuple[Any, Value]]:
    match contents:
        case ListContents(items):
            return list(enumerate(items))
        case DictContents(items):
            return list(items.items())
        case ObjectContents(_, attributes):
            return list(attributes.items())
    return []


def replaced(value: Value | None, path: list[Any], new: Value) -> Value:
    if not path:
        return new
    if isinstance(value, OptionalVal):
        return replace(value, **{path[0]: new})
    assert isinstance(value, TupleVal)
    first, *rest = path
    return TupleVal(
        tuple(replaced(item, rest, new) if k == first else item for k, item in enumerate(value.items)), value.cls
    )


def fits(key: Key, leaves: Mapping[Key, Value]) -> bool:
    """Whether a place is not held in halves there, nor the half of one that is held whole."""
    return (*key, MISSING) not in leaves and key[:-1] not in leaves
