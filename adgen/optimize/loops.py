"""Loops whose iterations do not depend on each other: run forwards, and joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import gast

from adgen.analyses.effects import facts
from adgen.analyses.liveness import Liveness, find_liveness
from adgen.optimize.context import Facts, with_body
from adgen.optimize.independence import Body, are_apart
from adgen.optimize.trees import (
    binary,
    constant,
    is_number,
    keep,
    map_blocks,
    rename,
    text,
    unchanged,
    with_fields,
)
from adgen.program.function import Function
from adgen.program.syntax import static_int
from adgen.program.types import Type


def straighten_loops(function: Function) -> Function:
    """Run reverse loops forwards where the order does not matter; then join neighbours.

    >>> from adgen.optimize.showing import show
    >>> print(show(straighten_loops, '''
    ... for i in range(n):
    ...     y = xs[i] * k
    ...     ys[i] = y
    ... for i in range(n - 1, -1, -1):
    ...     xs_bar[i] += ys[i] * k'''))
    for i in range(n):
        y = xs[i] * k
        ys[i] = y
        xs_bar[i] += ys[i] * k
    """
    if not any(isinstance(s, gast.For) for s in function.body) and not _has_loops(function.body):
        return function
    known = Facts(function)
    work = _Loops(known, find_liveness(function, known.effects))
    body = work.block(list(function.body))
    if unchanged(function.body, body):
        return function
    types = {**function.types, **work.types} if work.types else function.types
    temporaries = function.temporaries.union(work.types)
    return replace(with_body(function, body), types=types, temporaries=temporaries)


def _has_loops(body: Sequence[gast.stmt]) -> bool:
    for stmt in body:
        if isinstance(stmt, gast.For):
            return True
        if _has_loops(getattr(stmt, "body", ())) or _has_loops(getattr(stmt, "orelse", ())):
            return True
    return False


@dataclass
class _Loops:
    known: Facts
    live: Liveness
    types: dict[str, Type] = field(default_factory=dict)

    def block(self, body: list[gast.stmt]) -> list[gast.stmt]:
        done: list[gast.stmt] = []
        after: list[frozenset[str]] = []
        for stmt in body:
            new = map_blocks(stmt, self.block)
            live = self.live.after[id(stmt)]
            if isinstance(new, gast.For):
                new = self._forwards(new, live)
                if self._join(done, new, live):
                    continue
            done.append(new)
            after.append(live)
        return keep(body, done)

    # ---- direction --------------------------------------------------------------------------

    def _forwards(self, loop: gast.For, live: frozenset[str]) -> gast.For:
        iter_ = reversed_range(loop.iter)
        if iter_ is None or not isinstance(loop.target, gast.Name):
            return loop
        body = Body(self.known, loop.target.id, loop.body)
        if loop.target.id in live | body.effect.defines:
            return loop
        if loop.target.id not in body.effect.reads:
            return with_fields(loop, iter=iter_)
        if not body.is_plain:
            return loop
        sums = body.sums()
        for name in body.effect.defines - sums:
            if not body.is_private(name) or name in live:
                return loop
        if not all(are_apart(accesses) for accesses in body.classes().values()):
            return loop
        return with_fields(loop, iter=iter_)

    # ---- fusion -----------------------------------------------------------------------------

    def _join(self, done: list[gast.stmt], loop: gast.For, live: frozenset[str]) -> bool:
        """Append the body of `loop` to an earlier loop of `done`, if that changes nothing."""
        between: list[gast.stmt] = []
        for position in range(len(done) - 1, -1, -1):
            earlier = done[position]
            if isinstance(earlier, gast.For):
                fused = self._fused(earlier, loop, between, live)
                if fused is not None:
                    done[position:] = [*between, fused]
                return fused is not None
            if not isinstance(earlier, gast.Assign) or len(between) > 20:
                return False
            between.insert(0, earlier)
        return False

    def _fused(self, one: gast.For, two: gast.For, between: list[gast.stmt], live: frozenset[str]) -> gast.For | None:
        if text(one.iter) != text(two.iter) or text(one.target) != text(two.target):
            return None
        if not all(self._can_precede(stmt, one) for stmt in between):
            return None
        if not self.known.can_pass(two.iter, one) and _reads_beyond_shape(two.iter):
            return None
        index = one.target.id  # type: ignore[attr-defined]
        first, second = Body(self.known, index, one.body), Body(self.known, index, two.body)
        if not (first.is_plain and second.is_plain) or index in first.effect.defines:
            return None
        if index in second.effect.defines or not self._are_unrelated(first, second):
            return None
        names = self._fresh_names(first, second, live)
        body = [rename(s, names) for s in two.body] if names else two.body
        return with_fields(one, body=[*one.body, *body])

    def _can_precede(self, stmt: gast.stmt, loop: gast.For) -> bool:
        """Whether a statement between the loops may move above the first one."""
        effect, other = self.known.effects.of(stmt), self.known.effects.of(loop)
        if effect.outside or effect.mutates or effect.defines & (other.reads | other.defines):
            return False
        return self.known.can_pass(stmt.value, loop)  # type: ignore[attr-defined]

    def _are_unrelated(self, one: Body, two: Body) -> bool:
        """Whether an iteration of the second loop needs nothing of later ones of the first."""
        a, b = one.effect, two.effect
        for name in a.defines & (b.reads | b.defines):
            if not two.is_private(name):
                return False
        for name in b.defines & (a.reads | a.defines):
            if not one.is_private(name):
                return False
        left, right = one.classes(), two.classes()
        return all(are_apart([*left[c], *right[c]]) for c in left.keys() & right.keys())

    def _fresh_names(self, one: Body, two: Body, live: frozenset[str]) -> dict[str, str]:
        """New names for temporaries that both bodies define, so that each is defined once."""
        shared = sorted(n for n in (one.effect.defines & two.effect.defines) - live if self.known.is_temporary(n))
        names: dict[str, str] = {}
        for name in shared:
            number = 1
            while f"t{number}" in self.known.function.types or f"t{number}" in self.types:
                number += 1
            names[name] = f"t{number}"
            self.types[f"t{number}"] = self.known.function.types[name]
        return names


def _reads_beyond_shape(iter_: gast.expr) -> bool:
    return bool(facts(iter_).names)


def reversed_range(iter_: gast.expr, *, longer: bool = False) -> gast.Call | None:
    """``range(n)`` for ``range(n - 1, -1, -1)``, ``range(a, b)`` for ``range(b - 1, a - 1, -1)``.

    `longer`: also where the bounds get longer than they were.
    """
    match iter_:
        case gast.Call(func=gast.Name(id="range"), args=[start, stop, step]):
            if not (is_number(step) or isinstance(step, gast.UnaryOp)) or text(step) not in {"-1", "(-1)"}:
                return None
            end, begin = _successor(start), _successor(stop)
            if longer:
                end, begin = (e or binary(p, gast.Add, constant(1)) for e, p in ((end, start), (begin, stop)))
            if end is None or begin is None:
                return None
            first = [] if is_number(begin) and begin.value == 0 else [begin]
            return with_fields(iter_, args=[*first, end])
    return None


def _successor(node: gast.expr) -> gast.expr | None:
    """The expression plus one, where that is simpler than the expression."""
    match node:
        case gast.BinOp(left=left, op=gast.Sub(), right=gast.Constant(value=1)):
            return left
        case gast.BinOp(left=left, op=gast.Sub(), right=gast.Constant(value=int() as value)):
            return binary(left, gast.Sub, constant(value - 1))
    value = static_int(node)
    return None if value is None else constant(value + 1)
