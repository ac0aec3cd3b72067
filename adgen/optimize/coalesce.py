"""One name for values whose lives do not overlap and that are copied into each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

import gast

from adgen.analyses.effects import EMPTY, facts, statements_in
from adgen.analyses.liveness import find_liveness
from adgen.optimize.context import Facts, is_derived
from adgen.optimize.copies import remove_self_copies
from adgen.optimize.trees import names_stored, rename
from adgen.program.dims import Dim
from adgen.program.function import Function
from adgen.program.types import Array, ListOf, Scalar, Type

STEM = re.compile(r"\d+(?=$|_)")


def coalesce_copies(function: Function) -> Function:
    """Give both sides of a copy the same name where neither is needed while the other one lives.

    >>> from adgen.optimize.showing import show
    >>> print(show(coalesce_copies, '''
    ... x = 0.0
    ... for i in range(n):
    ...     x1 = x + k
    ...     x = x1
    ... return x'''))
    x = 0.0
    for i in range(n):
        x = x + k
    return x
    """
    copies = list(_copies(function.body))
    if not copies:
        return function
    groups = _Groups(function, _interference(function, {n for pair in copies for n in pair}))
    for one, other in copies:
        groups.merge(one, other)
    names = groups.renaming()
    body = [rename(s, names) for s in function.body] if names else list(function.body)
    new = remove_self_copies(body)
    if not names and len(new) == len(body) and all(a is b for a, b in zip(new, body, strict=True)):
        return function
    temporaries = function.temporaries.difference(names)
    types = _merged_types(function, names)
    return replace(function, body=tuple(new), temporaries=temporaries, types=types)


def _merged_types(function: Function, names: Mapping[str, str]) -> Mapping[str, Type]:
    """Types where a name took up arrays of other extents: those extents are its own from now on."""
    changed: dict[str, Type] = {}
    for old, new in names.items():
        one, other = changed.get(new, function.types[new]), function.types[old]
        if isinstance(one, Array) and isinstance(other, Array) and one.shape != other.shape:
            pairs = enumerate(zip(one.shape, other.shape, strict=True))
            shape = [a if a == b else Dim.symbol(f"{new}.shape[{axis}]") for axis, (a, b) in pairs]
            changed[new] = Array(one.dtype, tuple(shape))
    return {**function.types, **changed} if changed else function.types


def _copies(body: Iterable[gast.stmt]) -> Iterator[tuple[str, str]]:
    """Pairs (target, source), those in loops first: they cost most and read worst."""
    found: list[tuple[int, str, str]] = []

    def visit(block: Iterable[gast.stmt], depth: int) -> None:
        for stmt in block:
            if isinstance(stmt, gast.Assign):
                for to, item in _pairs(stmt):
                    found.append((-depth, to, item))
            inner = depth + isinstance(stmt, gast.For | gast.While)
            visit(getattr(stmt, "body", ()), inner)
            visit(getattr(stmt, "orelse", ()), inner)

    visit(body, 0)
    for _, to, item in sorted(found, key=lambda entry: entry[0]):
        yield to, item


def _pairs(stmt: gast.Assign) -> Iterator[tuple[str, str]]:
    target, value = stmt.targets[0], stmt.value
    if isinstance(target, gast.Name) and isinstance(value, gast.Name):
        yield target.id, value.id
    elif isinstance(target, gast.Tuple) and isinstance(value, gast.Tuple):
        for to, item in zip(target.elts, value.elts, strict=False):
            if isinstance(to, gast.Name) and isinstance(item, gast.Name):
                yield to.id, item.id


def _interference(function: Function, candidates: set[str]) -> dict[str, set[str]]:
    """Names of which one is defined while the other one is needed later."""
    known = Facts(function)
    live = find_liveness(function, known.effects)
    edges: dict[str, set[str]] = {name: set() for name in candidates}

    def clash(name: str, others: AbstractSet[str], copied: str | None = None) -> None:
        if name not in edges:
            return
        for other in (edges.keys() & others) - {name, copied}:
            edges[name].add(other)
            edges[other].add(name)

    entry = live.before[id(function.body[0])]
    for param in function.params:
        clash(param, entry.union(function.params))
    for stmt in statements_in(function.body):
        after = live.after[id(stmt)]
        if isinstance(stmt, gast.For):
            inside = live.before[id(stmt.body[0])] | after
            for name in facts(stmt.target).names:
                edges.pop(name, None)
            clash(getattr(stmt.target, "id", ""), inside)
            continue
        if isinstance(stmt, gast.If | gast.While):
            continue
        defined = known.effects.of(stmt).defines
        sources = dict(_pairs(stmt)) if isinstance(stmt, gast.Assign) else {}
        together = frozenset(names_stored(stmt.targets[0])) if isinstance(stmt, gast.Assign) else EMPTY
        for name in defined:
            clash(name, after, sources.get(name))
            clash(name, together)
    loops = {n for s in statements_in(function.body) if isinstance(s, gast.For) for n in facts(s.target).names}
    return {name: others for name, others in edges.items() if name not in loops}


@dataclass
class _Groups:
    function: Function
    edges: dict[str, set[str]]
    members: dict[str, list[str]] = field(default_factory=dict)

    def group(self, name: str) -> list[str]:
        return self.members.setdefault(name, [name])

    def merge(self, one: str, other: str) -> None:
        left, right = self.group(one), self.group(other)
        if left is right or one not in self.edges or other not in self.edges:
            return
        if any(b in self.edges[a] for a in left for b in right) or not self._agree([*left, *right]):
            return
        left.extend(right)
        for name in right:
            self.members[name] = left

    def _agree(self, names: list[str]) -> bool:
        types = self.function.types
        if any(n in self.function.globals for n in names):
            return False  # what the function only reads keeps its name
        kinds = {_kind_of(types.get(n)) for n in names}
        if len(kinds) > 1 or None in kinds:
            return False
        params = [n for n in names if n in self.function.params]
        if len(params) > 1 or (params and not isinstance(types[params[0]], Scalar)):
            return False
        users = {n for n in names if n not in self.function.temporaries and not is_derived(n)}
        if params:
            return all(re.fullmatch(re.escape(params[0]) + r"\d*", n) for n in names)
        return len({STEM.sub("", n) for n in users}) <= 1

    def renaming(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for group in {id(g): g for g in self.members.values()}.values():
            best = min(group, key=self._rank)
            names.update({n: best for n in group if n != best})
        return names

    def _rank(self, name: str) -> tuple[bool, bool, bool, int, str]:
        function = self.function
        return (
            name not in function.params,
            name in function.temporaries,
            any(map(str.isdigit, name)),
            len(name),
            name,
        )


def _kind_of(type_: object) -> object:
    match type_:
        case Scalar(dtype, weak):
            return dtype, weak
        case Array(dtype, shape):
            return dtype, len(shape)
        case ListOf():
            return type_
    return None
