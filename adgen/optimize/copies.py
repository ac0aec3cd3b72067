"""Use the original instead of its copy: names and constants are carried forward to their uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import gast

from adgen.analyses.effects import facts
from adgen.optimize.context import Facts, is_derived, with_body
from adgen.optimize.trees import (
    constant,
    keep,
    map_blocks,
    map_expressions,
    name,
    names_stored,
    substitute,
    unchanged,
    with_fields,
)
from adgen.program.function import Function
from adgen.program.types import Array, ListOf, Scalar

Known = dict[str, gast.expr]


def propagate_copies(function: Function) -> Function:
    """Replace uses of `a` after ``a = b`` by `b`, while both keep their values.

    Constants of temporaries, adjoints and tangents are carried too; a user's named constant keeps its name.

    >>> from adgen.optimize.showing import show
    >>> print(show(propagate_copies, '''
    ... t1 = x
    ... e_bar = 1.0
    ... for i in range(n):
    ...     y_bar = e_bar * t1
    ...     x = x + y_bar'''))
    t1 = x
    e_bar = 1.0
    for i in range(n):
        y_bar = 1.0 * t1
        x = x + y_bar
    """
    body = _Walk(Facts(function)).block(function.body, {})
    return function if unchanged(function.body, body) else with_body(function, body)


@dataclass(frozen=True)
class _Walk:
    known: Facts

    def block(self, body: Sequence[gast.stmt], copies: Known) -> list[gast.stmt]:
        """Rewrite a block; `copies` is updated to what holds at its end."""
        done: list[gast.stmt] = []
        for stmt in body:
            done.append(self.statement(stmt, copies))
        return keep(body, done)

    def statement(self, stmt: gast.stmt, copies: Known) -> gast.stmt:
        if isinstance(stmt, gast.If):
            return self._if(stmt, copies)
        if isinstance(stmt, gast.For | gast.While):
            return self._loop(stmt, copies)
        if not isinstance(stmt, gast.Assign | gast.AugAssign | gast.Expr | gast.Return):
            self._forget(self.known.effects.of(stmt).defines, copies)
            return self._use(stmt, copies) if isinstance(stmt, gast.Assert | gast.Raise) else stmt
        new = self._use(stmt, copies)
        self._forget(self.known.effects.of(stmt).defines, copies)
        if isinstance(new, gast.Assign):
            self._learn(new, copies)
        return new

    def _use(self, stmt: gast.stmt, copies: Known) -> gast.stmt:
        if copies and not self.known.effects.of(stmt).reads.isdisjoint(copies):
            if isinstance(stmt, gast.AugAssign) and isinstance(stmt.target, gast.Name):
                value = substitute(stmt.value, copies)
                return stmt if value is stmt.value else with_fields(stmt, value=value)
            stored = self._stored_into(stmt)
            if any(isinstance(copies.get(n), gast.Constant) for n in stored):
                copies = {a: b for a, b in copies.items() if a not in stored}
            return map_expressions(stmt, lambda e: substitute(e, copies))
        return stmt

    def _stored_into(self, stmt: gast.stmt) -> frozenset[str]:
        return self.known.effects.of(stmt).mutates

    def _if(self, stmt: gast.If, copies: Known) -> gast.stmt:
        test = substitute(stmt.test, copies)
        then, other = dict(copies), dict(copies)
        body = self.block(stmt.body, then)
        orelse = self.block(stmt.orelse, other)
        copies.clear()
        copies.update({a: b for a, b in then.items() if a in other and _same(b, other[a])})
        if test is stmt.test and body is stmt.body and orelse is stmt.orelse:
            return stmt
        return with_fields(stmt, test=test, body=body, orelse=orelse)

    def _loop(self, stmt: gast.For | gast.While, copies: Known) -> gast.stmt:
        counted = isinstance(stmt, gast.For)
        field = "iter" if counted else "test"
        if counted:
            header = substitute(stmt.iter, copies)
            self._forget(self.known.effects.of(stmt).defines, copies)
        else:
            self._forget(self.known.effects.of(stmt).defines, copies)
            header = substitute(stmt.test, copies)
        new = map_blocks(stmt, lambda b: self.block(b, dict(copies)))
        return new if header is getattr(new, field) else with_fields(new, **{field: header})

    def _forget(self, names: frozenset[str], copies: Known) -> None:
        if names and copies:
            for a in [a for a, b in copies.items() if a in names or facts(b).names & names]:
                del copies[a]

    def _learn(self, stmt: gast.Assign, copies: Known) -> None:
        target, value = stmt.targets[0], stmt.value
        pairs = [(target, value)]
        if isinstance(target, gast.Tuple) and isinstance(value, gast.Tuple):
            pairs = list(zip(target.elts, value.elts, strict=False))
        bound = set(names_stored(target))
        for to, item in pairs:
            if isinstance(to, gast.Name) and self._carries(to.id, item):
                if not facts(item).names & bound:
                    copies[to.id] = item

    def _carries(self, to: str, value: gast.expr) -> bool:
        types = self.known.function.types
        if isinstance(value, gast.Name):
            if value.id == to or value.id not in types:
                return False
            free = self.known.is_temporary(to) or not self.known.is_temporary(value.id)
            return free and _kind(types.get(to)) == _kind(types.get(value.id))
        number = isinstance(value, gast.Constant) and isinstance(value.value, int | float | complex)
        return number and self.known.is_free(to) and _fits(types.get(to), value.value)


def _fits(type_: object, value: object) -> bool:
    """A constant stands for a Python number, not for an array nor a NumPy scalar."""
    if not isinstance(type_, Scalar):
        return False
    return type_.weak and type_.dtype.kind == {bool: "b", int: "i", float: "f", complex: "c"}.get(type(value))


def _kind(type_: object) -> object:
    match type_:
        case Scalar(dtype):
            return dtype
        case Array(dtype, shape):
            return dtype, len(shape), "array"
        case ListOf():
            return "list"
    return type_


def _same(one: gast.expr, other: gast.expr) -> bool:
    return facts(one).text == facts(other).text


def remove_self_copies(body: Sequence[gast.stmt]) -> list[gast.stmt]:
    """Drop ``x = x``, and such components of parallel copies."""
    done: list[gast.stmt] = []
    for stmt in body:
        new = map_blocks(stmt, remove_self_copies) if not isinstance(stmt, gast.Assign) else stmt
        if isinstance(new, gast.Assign):
            done.extend(_without_self_copy(new))
        else:
            empty = isinstance(new, gast.For | gast.While | gast.If) and not new.body
            done.append(with_fields(new, body=[gast.Pass()]) if empty else new)
    return keep(body, done)


def _without_self_copy(stmt: gast.Assign) -> list[gast.stmt]:
    target, value = stmt.targets[0], stmt.value
    if isinstance(target, gast.Name) and isinstance(value, gast.Name) and target.id == value.id:
        return []
    if not (isinstance(target, gast.Tuple) and isinstance(value, gast.Tuple)):
        return [stmt]
    if len(target.elts) != len(value.elts):
        return [stmt]
    pairs = [
        (to, item)
        for to, item in zip(target.elts, value.elts, strict=True)
        if not (isinstance(to, gast.Name) and isinstance(item, gast.Name) and to.id == item.id)
    ]
    if len(pairs) == len(target.elts):
        return [stmt]
    if len(pairs) < 2:
        return [with_fields(stmt, targets=[to], value=item) for to, item in pairs]
    tos, items = [to for to, _ in pairs], [item for _, item in pairs]
    return [with_fields(stmt, targets=[with_fields(target, elts=tos)], value=with_fields(value, elts=items))]


__all__ = ["constant", "is_derived", "name", "propagate_copies", "remove_self_copies"]
