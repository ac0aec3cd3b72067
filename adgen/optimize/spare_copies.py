"""Copies of arrays that nobody else would have seen: ``a = b.copy()`` where `b` is not used again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import gast

from adgen.analyses.effects import facts, statements_in
from adgen.analyses.liveness import Liveness, find_liveness
from adgen.optimize.context import Facts, is_forward, with_body
from adgen.optimize.trees import keep, map_blocks, names_stored, unchanged, with_fields
from adgen.program.function import Function
from adgen.program.types import Array


def spare_copies(function: Function) -> Function:
    """Take over an array instead of copying it, where its only name ends its life there.

    >>> from adgen.optimize.showing import show
    >>> print(show(spare_copies, '''
    ... xs_bar = ys_bar * k
    ... zs_bar = xs_bar.copy()
    ... zs_bar[0] = 0.0
    ... us_bar = rs[1:]
    ... us_bar = us_bar.copy()
    ... us_bar[0] += 1.0
    ... vs_bar = xs.copy()
    ... us_bar -= vs_bar
    ... ws_bar = ys_bar + k
    ... return ws_bar.copy(), ws_bar.copy()'''))
    xs_bar = ys_bar * k
    zs_bar = xs_bar
    zs_bar[0] = 0.0
    us_bar = rs[1:].copy()
    us_bar[0] += 1.0
    vs_bar = xs
    us_bar -= vs_bar
    ws_bar = ys_bar + k
    return (ws_bar, ws_bar.copy())
    """
    if not any(_copied(getattr(s, "value", None)) for s in _candidates(function)):
        return function
    known = Facts(function)
    owners = _Owners(known, find_liveness(function, known.effects))
    body = owners.block(function.body)
    return function if unchanged(function.body, body) else with_body(function, body)


def _candidates(function: Function) -> list[gast.stmt]:
    found = [s for s in statements_in(function.body) if isinstance(s, gast.Assign)]
    last = function.body[-1] if function.body else None
    match last:
        case gast.Return(value=gast.Tuple(elts=items)):
            found += [gast.Expr(item) for item in items]
        case gast.Return(value=item) if item is not None:
            found.append(gast.Expr(item))
    return found


def _copied(value: gast.AST | None) -> str | None:
    """The name `b` of ``b.copy()``."""
    match value:
        case gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="copy"), args=[], keywords=[]):
            return name
    return None


def _copy(value: gast.expr) -> gast.expr:
    return gast.Call(gast.Attribute(value, "copy", gast.Load()), [], [])


def _original(copy: Any) -> gast.expr:
    """The `b` of ``b.copy()``."""
    return copy.func.value


class _Owners:
    def __init__(self, known: Facts, live: Liveness) -> None:
        self.known, self.live = known, live
        self._size = Counter(known.aliases.find(n) for n in known.function.types)
        self._shared: dict[str, tuple[str, str]] = {}  # by group: what was made one array; the analyses don't know yet

    def block(self, body: Sequence[gast.stmt]) -> list[gast.stmt]:
        done: list[gast.stmt] = []
        for stmt in body:
            new = self.statement(stmt)
            if new is not stmt or not self._joined(stmt, done):
                done.append(new)
        return keep(body, done)

    def _joined(self, stmt: gast.stmt, done: list[gast.stmt]) -> bool:
        """``a = b[1:]`` with ``a = a.copy()`` is ``a = b[1:].copy()``."""
        match stmt:
            case gast.Assign(targets=[gast.Name(id=name)], value=value) if _copied(value) == name:
                pass
            case _:
                return False
        for position in range(len(done) - 1, -1, -1):
            earlier = done[position]
            if isinstance(earlier, gast.Assign) and names_stored(earlier.targets[0]) == [name]:
                if not isinstance(earlier.targets[0], gast.Name) or is_forward(earlier):
                    return False
                if not all(self.known.can_pass(earlier.value, other) for other in done[position + 1 :]):
                    return False
                done[position] = with_fields(earlier, value=_copy(earlier.value))
                return True
            effect = self.known.effects.of(earlier)
            if name in effect.reads or name in effect.defines:
                return False
        return False

    def statement(self, stmt: gast.stmt) -> gast.stmt:
        if isinstance(stmt, gast.Return) and stmt.value is not None:
            value = self._returned(stmt.value)
            return stmt if value is stmt.value else with_fields(stmt, value=value)
        if not isinstance(stmt, gast.Assign) or is_forward(stmt):
            return map_blocks(stmt, self.block)
        name = _copied(stmt.value)
        if name is None or stmt.value is None or not isinstance(stmt.targets[0], gast.Name):
            return stmt
        target, original = stmt.targets[0].id, _original(stmt.value)
        groups = {self.known.aliases.find(n) for n in (target, name)}
        if any(self._shared.get(g, (target, name)) != (target, name) for g in groups):
            return stmt
        if isinstance(self.known.function.types.get(name), Array):
            if self.known.guarded([target], stmt.value, original) is original:  # nobody writes either
                self._shared |= dict.fromkeys(groups, (target, name))
                return with_fields(stmt, value=original)
        if not self._is_sole(name):
            return stmt
        same = name == target
        if (same and name in self.known.function.params) or (not same and name in self.live.after[id(stmt)]):
            return stmt
        self._shared |= dict.fromkeys(groups, (target, name))
        return with_fields(stmt, value=original)

    def _returned(self, value: gast.expr) -> gast.expr:
        items = value.elts if isinstance(value, gast.Tuple) else [value]
        reads = Counter(n for item in items for n in facts(item).loads)
        copies = Counter(map(_copied, items))
        given: set[str] = set()  # of two copies of one array, the first may be the array itself
        new = []
        for item in items:
            name = _copied(item)
            spare = name is not None and reads[name] == copies[name] and name not in given and self._is_sole(name)
            spare = spare and self.known.aliases.find(name or "") not in self._shared
            new.append(_original(item) if spare else item)
            given |= {name} if spare and name is not None else set()
        if unchanged(items, new):  # type: ignore[arg-type]
            return value
        return with_fields(value, elts=new) if isinstance(value, gast.Tuple) else new[0]

    def _is_sole(self, name: str) -> bool:
        """Whether an array of the function has no other name, view or holder."""
        function = self.known.function
        if not isinstance(function.types.get(name), Array) or self.known.aliases.touch((name,), self.known.outer):
            return False
        return self._size[self.known.aliases.find(name)] == 1
