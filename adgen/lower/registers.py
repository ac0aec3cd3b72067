"""Elements that stay the same place throughout a loop are kept in numbers while it runs.

No compiler can tell that ``a[i, k]`` and ``a[i, j]`` are different elements, so it loads and stores them again in
each iteration.  The dependence analysis can.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gast

from adgen.analyses.aliases import Aliases
from adgen.analyses.dependence import Access as Touch
from adgen.analyses.dependence import Dependences
from adgen.analyses.effects import Effects, facts, statements_in
from adgen.analyses.sizes import Sizes
from adgen.analyses.structure import Structure
from adgen.lower.nests import Access, accesses
from adgen.lower.trees import MISSING, build, name, static
from adgen.optimize.trees import map_blocks, map_children, with_fields
from adgen.program.function import Function
from adgen.program.spans import span_of, with_span
from adgen.program.syntax import nodes_in
from adgen.program.types import Array, Scalar, Type


def keep_elements(function: Function, sizes: Sizes) -> Function:
    """The function with loop-invariant elements of innermost loops in numbers.

    >>> from adgen.optimize.showing import show
    >>> print(show(lambda f: keep_elements(f, Sizes()), '''
    ... for j in range(n):
    ...     xs[i] += ys[j] * ys[j]'''))
    xs_i = 0.0
    for j in range(n):
        xs_i += ys[j] * ys[j]
    if n > 0:
        xs[i] += xs_i
    """
    if not any(isinstance(s, gast.For) for s in statements_in(function.body)):
        return function
    work = _Registers(function, sizes)
    body = work.block(list(function.body))
    return replace(function, body=tuple(body), types=work.types)


@dataclass(frozen=True)
class _Element:
    """An element that a loop touches again and again; `sums`: it is added to, and so is whatever may be the same."""

    own: str
    index: gast.expr
    written: bool
    sums: bool
    number: str


class _Registers:
    def __init__(self, function: Function, sizes: Sizes) -> None:
        self.types: dict[str, Type] = dict(function.types)
        self.function = replace(function, types=self.types)
        self.effects, self.aliases = Effects(self.function), Aliases(self.function)
        self.structure = Structure(self.function)
        self.dependences = Dependences(self.structure, self.types, sizes)
        self.used = set(self.types) | set(function.globals) | set(function.params)
        self.used |= {n.id for s in function.body for n in nodes_in(s) if isinstance(n, gast.Name)}
        self.moving = redefined(function)

    def block(self, body: list[gast.stmt]) -> list[gast.stmt]:
        done: list[gast.stmt] = []
        for stmt in body:
            if isinstance(stmt, gast.For) and not any(isinstance(s, gast.For | gast.While) for s in _inner(stmt)):
                done += self.loop(stmt)
            else:
                done.append(map_blocks(stmt, self.block))
        return done

    def loop(self, loop: gast.For) -> list[gast.stmt]:
        """The loop with its elements in numbers."""
        if any(isinstance(s, gast.Break | gast.Return | gast.Raise | gast.Try | gast.Assert) for s in _inner(loop)):
            return [loop]
        plain = [s for s in loop.body if isinstance(s, gast.Assign | gast.AugAssign)]
        effect = self.effects.block(loop.body)
        if effect.outside or not effect.mutates or not self.bounds_are_settled(loop):
            return [loop]
        found = accesses(plain, self.types)
        rest = [s for s in loop.body if s not in plain]
        chosen = [e for e in self.elements(loop, found, rest) if e is not None]
        return self.rewritten(loop, chosen) if chosen else [loop]

    def elements(self, loop: gast.For, found: Sequence[Access], rest: Sequence[gast.stmt]) -> Iterator[_Element]:
        defined = self.effects.block(loop.body).defines | {_target(loop)}
        elsewhere = {self.aliases.find(n) for s in rest for n in self.effects.of(s).reads | self.effects.of(s).mutates}
        seen: set[tuple[str, str]] = set()
        for access in found:
            key = (access.name, access.text)
            if key in seen or access.index is None or self.aliases.find(access.name) in elsewhere:
                continue
            seen.add(key)
            names = facts(access.index).names
            if names & (defined | self.moving) or not _is_plain(access.index) or not self.is_element(access):
                continue
            group = [a for a in found if (a.name, a.text) == key]
            others = [a for a in found if self.aliases.same(a.name, access.name) and (a.name, a.text) != key]
            if any(a.name != access.name or a.index is None for a in others):
                continue
            written = any(a.how != "read" for a in group)
            meeting = [a for a in others if (written or a.how != "read") and self.may_meet(loop, access, a)]
            sums = all(a.how == "add" for a in [*group, *meeting])
            if meeting and not sums:
                continue
            if _conditional(loop.body, access):
                continue
            yield _Element(access.name, access.index, written, sums, self.fresh(access))

    def is_element(self, access: Access) -> bool:
        kind = self.types.get(access.name)
        return isinstance(kind, Array) and len(access.items) == kind.rank and kind.dtype.kind in "fc"

    def bounds_are_settled(self, loop: gast.For) -> bool:
        """Whether the counters around have bounds that mean the same wherever they are read."""
        around = (*self.structure.places[id(loop)].block.loops, loop)
        steps = loop.iter.args[2:]  # type: ignore[attr-defined]
        if any(static(step) in (MISSING, 0) for step in steps):
            return False
        return all(isinstance(x, gast.For) and not facts(x.iter).names & self.moving for x in around)

    def may_meet(self, loop: gast.For, one: Access, two: Access) -> bool:
        if facts(two.index).names & self.moving:  # type: ignore[arg-type]
            return True
        inside = self.structure.places[id(loop.body[0])]
        return self.dependences.may_meet_inside(
            Touch(one.name, one.index, inside), Touch(two.name, two.index, inside), loop
        )

    def fresh(self, access: Access) -> str:
        parts = [i.id if isinstance(i, gast.Name) else "" for i in access.items]
        hint = f"{access.name}_{''.join(parts)}".rstrip("_")
        hint = hint if all(parts) else f"{access.name}_here"
        new, k = hint, 0
        while new in self.used:
            k += 1
            new = f"{hint}{k}"
        self.used.add(new)
        kind = self.types[access.name]
        assert isinstance(kind, Array)
        self.types[new] = Scalar(kind.dtype)
        return new

    def rewritten(self, loop: gast.For, chosen: Sequence[_Element]) -> list[gast.stmt]:
        span = span_of(loop)
        body = [_replaced(s, chosen) for s in loop.body]
        before: list[gast.stmt] = []
        loads: list[gast.stmt] = []
        stores: list[gast.stmt] = []
        for e in chosen:
            kind = self.types[e.own]
            assert isinstance(kind, Array)
            place = gast.Subscript(name(e.own), e.index, gast.Load())
            target = gast.Subscript(name(e.own), e.index, gast.Store())
            if e.sums:
                before.append(_assign(e.number, gast.Constant(kind.dtype.type(0).item(), None)))
                stores.append(gast.AugAssign(target, gast.Add(), name(e.number)))
                continue
            loads.append(_assign(e.number, place))
            if e.written:
                stores.append(gast.Assign([target], name(e.number), None))
        new = with_fields(loop, body=body)
        if loads:
            return [with_span(s, span) for s in [*before, *_if_it_runs(loop, [*loads, new, *stores])]]
        return [with_span(s, span) for s in [*before, new, *_if_it_runs(loop, stores)]]


def redefined(function: Function) -> frozenset[str]:
    """Numbers that are given a value more than once, other than counters."""
    seen: dict[str, int] = {}
    for stmt in statements_in(function.body):
        match stmt:
            case gast.AugAssign(target=gast.Name(id=own)):
                seen[own] = seen.get(own, 0) + 2
            case gast.Assign(targets=[target]):
                for node in nodes_in(target):
                    if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store):
                        seen[node.id] = seen.get(node.id, 0) + 1
    params = set(function.params)
    return frozenset(n for n, count in seen.items() if count > 1 or n in params)


def _inner(loop: gast.For) -> Iterator[gast.stmt]:
    return iter(statements_in(loop.body))


def _target(loop: gast.For) -> str:
    assert isinstance(loop.target, gast.Name)
    return loop.target.id


def _is_plain(index: gast.expr) -> bool:
    """Names, numbers, and sums of them."""
    parts = gast.Name | gast.Constant | gast.Tuple | gast.BinOp | gast.UnaryOp
    return all(isinstance(n, parts | gast.operator | gast.unaryop | gast.expr_context) for n in nodes_in(index))


def _conditional(body: Sequence[gast.stmt], access: Access) -> bool:
    """Whether the element is read only under a condition somewhere."""
    for stmt in body:
        for node in nodes_in(stmt):
            if isinstance(node, gast.IfExp | gast.BoolOp) and any(
                a.name == access.name and a.text == access.text
                for a in accesses([gast.Assign([name("_")], node, None)], {access.name: _ARRAY})
            ):
                return True
    return False


_ARRAY = Array.__new__(Array)


def _replaced(stmt: gast.stmt, chosen: Sequence[_Element]) -> Any:
    numbers = {(e.own, facts(e.index).text): e.number for e in chosen}

    def visit(node: gast.AST) -> gast.AST:
        match node:
            case gast.Subscript(value=gast.Name(id=own), slice=index, ctx=ctx) if (own, facts(index).text) in numbers:
                return gast.Name(numbers[own, facts(index).text], ctx, None, None)
            case gast.Name() | gast.Constant():
                return node
        return map_children(node, visit)

    return visit(stmt)


def _assign(own: str, value: gast.expr) -> gast.stmt:
    return gast.Assign([gast.Name(own, gast.Store(), None, None)], value, None)


def _if_it_runs(loop: gast.For, body: list[gast.stmt]) -> list[gast.stmt]:
    """Statements under the condition that a loop has an iteration, as far as that is not known."""
    match test := runs(loop):
        case gast.Compare(left=left, comparators=[right]) if MISSING not in (one := static(left), two := static(right)):
            return body if one > two else []
    return [gast.If(test, body, [])]


def runs(loop: gast.For) -> gast.expr:
    """Whether a counted loop has an iteration."""
    args = loop.iter.args  # type: ignore[attr-defined]
    if len(args) == 1:
        return build("n > 0", n=args[0])
    down = len(args) == 3 and static(args[2]) < 0
    return build("a > b" if down else "b > a", a=args[0], b=args[1])
