"""Fold a temporary into the place where it is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import gast

from adgen.analyses.effects import MUTATING_FUNCTIONS, blocks_of, dotted, facts
from adgen.optimize.context import Facts, count_names, is_derived, is_forward, with_body
from adgen.optimize.trees import keep, map_blocks, substitute, unchanged, with_fields
from adgen.program.attempts import Attempt
from adgen.program.function import Function
from adgen.program.spans import errstate_of, span_of
from adgen.program.syntax import nodes_in
from adgen.program.types import Scalar

ALWAYS, MOST, COLUMNS = 3, 5, 85


def inline_temporaries(function: Function) -> Function:
    """Fold temporaries used once, and cheap ones used twice, where nothing they read changes before.

    >>> from adgen.optimize.showing import show
    >>> print(show(inline_temporaries, '''
    ... t1 = k * x
    ... t2 = t1 * y
    ... v = v - t2
    ... t3 = xs[i]
    ... xs[i] = v
    ... z = t3'''))
    v = v - k * x * y
    t3 = xs[i]
    xs[i] = v
    z = t3
    """
    loads, stores = count_names(function)
    folder = _Folder(Facts(function), loads, stores)
    body = folder.block(list(function.body))
    return function if unchanged(function.body, body) else with_body(function, body)


@dataclass
class _Folder:
    known: Facts
    loads: Counter[str]
    stores: Counter[str]
    errstate: str = ""  # under which the definition stands that is being folded

    def block(self, body: list[gast.stmt]) -> list[gast.stmt]:
        """From the last definition to the first, so that chains fold completely."""
        done = [map_blocks(stmt, self.block) for stmt in body]
        for position in range(len(done) - 1, -1, -1):
            stmt = done[position]
            before = done[position - 1] if position else None
            if self._is_candidate(stmt, done[position + 1 :], before):
                rest = self._folded(stmt, done[position + 1 :])
                if rest is not None:
                    done[position:] = rest
        return keep(body, done)

    def _is_candidate(self, stmt: gast.stmt, rest: list[gast.stmt], before: gast.stmt | None) -> bool:
        if not (isinstance(stmt, gast.Assign) and isinstance(stmt.targets[0], gast.Name)):
            return False
        name = stmt.targets[0].id
        uses = self.loads[name]
        if self.stores[name] != 1 or not uses or name in facts(stmt.value).names:
            return False
        if not self.known.effects.is_pure(stmt.value):
            return False
        if rest and isinstance(rest[0], gast.Return) and not is_forward(stmt) and before is not None:
            if self._will_grow(stmt, before):
                return False  # results are not simplified any more
        if not self.known.is_temporary(name):
            return self._is_result(name, rest) and uses == 1
        return uses == 1 or self._is_cheap(stmt.value, name, uses)

    def _is_result(self, name: str, rest: list[gast.stmt]) -> bool:
        """An adjoint that is computed only to be returned on the next line."""
        following = rest[0] if rest else None
        match following:
            case gast.Return(value=gast.Name(id=returned)):
                return is_derived(name) and returned == name
        return False

    def _is_cheap(self, value: gast.expr, name: str, uses: int) -> bool:
        """Worth writing again: an element read, or one operation on names."""
        if not self.known.is_scalar(name):
            return self._is_view_of_name(value) and uses <= 3
        found = facts(value)
        if found.calls:
            return False
        if found.operators == 0:
            return found.width <= 12 and uses <= (3 if isinstance(value, gast.Subscript) else 4)
        if any(self._will_fold(read) for read in found.names):
            return False  # first let it grow to what it is
        if isinstance(value, gast.UnaryOp) and isinstance(value.operand, gast.Name):
            return uses <= 4 and isinstance(value.op, gast.USub)
        if isinstance(self.known.function.types.get(name), Scalar) and self.known.function.types[name].kind == "i":
            return found.operators == 1 and uses <= 6 and found.width <= 12 and not _divides(value)
        operators = found.operators - isinstance(_leading(value), gast.UnaryOp)
        return operators == 1 and uses <= 2 and found.width <= 24 and not _divides(value)

    def _will_fold(self, name: str) -> bool:
        return self.known.is_temporary(name) and self.loads[name] == 1 and self.stores[name] == 1

    def _will_grow(self, stmt: gast.Assign, before: gast.stmt) -> bool:
        """Whether the statement before one will be folded into it."""
        match before:
            case gast.Assign(targets=[gast.Name(id=name)], value=value) if name in facts(stmt.value).names:
                merged = substitute(stmt, {name: value})
                return self._will_fold(name) and self._is_readable(stmt, merged, value)
        return False

    def _is_view_of_name(self, value: gast.expr) -> bool:
        return isinstance(value, gast.Attribute) and isinstance(value.value, gast.Name)

    def _folded(self, stmt: gast.Assign, rest: list[gast.stmt]) -> list[gast.stmt] | None:
        """The following statements with the uses replaced; None where that is not possible."""
        name, value = stmt.targets[0].id, stmt.value
        self.errstate = errstate_of(stmt)
        remaining = self.loads[name]
        done: list[gast.stmt] = []
        for stop, later in enumerate(rest):
            new, found = self._into(later, name, value)
            if found is None or found > remaining:
                return None
            remaining -= found
            done.append(new)
            if not remaining:
                self._count(name, value)
                if isinstance(new, gast.Return) and isinstance(later.value, gast.Name):
                    done[-1] = with_fields(new, span=span_of(stmt))
                return [*done, *rest[stop + 1 :]]
            if not self.known.can_pass(value, later):
                return None
        return None

    def _count(self, name: str, value: gast.expr) -> None:
        uses = self.loads.pop(name)
        self.stores.pop(name)
        if uses > 1:
            for read in facts(value).names:
                self.loads[read] += uses - 1

    def _into(self, stmt: gast.stmt, name: str, value: gast.expr) -> tuple[gast.stmt, int | None]:
        """A statement with `name` replaced, and how many uses there were (None: it must stay)."""
        if name not in self.known.effects.of(stmt).reads:
            return stmt, 0
        if isinstance(stmt, Attempt) and not _never_raises(value):
            return stmt, None
        if isinstance(stmt, gast.If):
            return self._into_if(stmt, name, value)
        if isinstance(stmt, gast.For):
            if any(name in self.known.effects.of(s).reads for b in blocks_of(stmt) for s in b):
                return stmt, None
        elif not isinstance(stmt, gast.Assign | gast.AugAssign | gast.Return | gast.Expr):
            return stmt, None
        if errstate_of(stmt) != self.errstate and not _never_raises(value):
            return stmt, None
        if _is_written_through(stmt, name) or not self._stays_fresh(stmt, name, value):
            return stmt, None
        uses = _uses(stmt, name)
        new = substitute(stmt, {name: value})
        return (new, uses) if self._is_readable(stmt, new, value) else (stmt, None)

    def _into_if(self, stmt: gast.If, name: str, value: gast.expr) -> tuple[gast.stmt, int | None]:
        total = facts(stmt.test).loads.count(name)
        test = substitute(stmt.test, {name: value}) if total else stmt.test
        blocks: list[list[gast.stmt]] = []
        for block in (stmt.body, stmt.orelse):
            new, passable = [], True
            for inner in block:
                changed, uses = self._into(inner, name, value)
                if uses is None or (uses and not passable):
                    return stmt, None
                total += uses
                new.append(changed)
                passable = passable and self.known.can_pass(value, inner)
            blocks.append(keep(block, new))
        return with_fields(stmt, test=test, body=blocks[0], orelse=blocks[1]), total

    def _stays_fresh(self, stmt: gast.stmt, name: str, value: gast.expr) -> bool:
        """Folding must not change which arrays share storage: only matters for `a = t`."""
        whole = isinstance(stmt, gast.Assign) and isinstance(stmt.value, gast.Name)
        return not whole or self.known.is_scalar(name) or not isinstance(value, gast.Name)

    def _is_readable(self, old: gast.stmt, new: gast.stmt, value: gast.expr) -> bool:
        if facts(value).operators == 0:
            return True
        merged = getattr(new, "value", None) or getattr(new, "iter", None)
        before = getattr(old, "value", None) or getattr(old, "iter", None)
        if merged is None or isinstance(before, gast.Name):
            return True
        if is_forward(old) and isinstance(merged, gast.Tuple):
            return facts(merged).operators <= ALWAYS
        found = facts(merged)
        if found.operators <= ALWAYS:
            return True
        target = getattr(new, "target", None) or getattr(new, "targets", [None])[0]
        columns = found.width + (facts(target).width + 4 if target is not None else 8)
        return found.operators <= MOST and columns <= COLUMNS


def _never_raises(value: gast.expr) -> bool:
    """Whether an expression may be evaluated where exceptions are caught."""
    return not any(
        isinstance(n, gast.Call | gast.Subscript)
        or isinstance(n, gast.BinOp)
        and not isinstance(n.op, gast.Add | gast.Sub | gast.Mult | gast.MatMult)
        for n in nodes_in(value)
    )


def _leading(value: gast.expr) -> gast.expr:
    """The leftmost operand of a product."""
    while isinstance(value, gast.BinOp) and isinstance(value.op, gast.Mult):
        value = value.left
    return value


def _divides(value: gast.expr) -> bool:
    return isinstance(value, gast.BinOp) and isinstance(value.op, gast.Div | gast.Pow | gast.MatMult | gast.Mod)


def _uses(stmt: gast.stmt, name: str) -> int:
    """How often a simple statement (or the header of a loop) reads a name."""
    parts = [getattr(stmt, field, None) for field in ("value", "iter", "test")]
    total = sum(facts(part).loads.count(name) for part in parts if part is not None)
    targets: list[Any] = getattr(stmt, "targets", None) or [getattr(stmt, "target", None)]
    return total + sum(facts(t).loads.count(name) for t in targets if isinstance(t, gast.Subscript | gast.Attribute))


def _is_written_through(stmt: gast.stmt, name: str) -> bool:
    """Whether the statement stores into the object that `name` holds."""
    targets: Iterable[gast.AST] = getattr(stmt, "targets", [getattr(stmt, "target", None)])
    for target in targets:
        base = target
        while isinstance(base, gast.Subscript | gast.Attribute):
            base = base.value
        if isinstance(base, gast.Name) and base.id == name:
            return True
    if isinstance(stmt, gast.Expr) and isinstance(stmt.value, gast.Call):
        call = stmt.value
        given = call.args[:1] if dotted(call.func) in MUTATING_FUNCTIONS else call.args
        return any(isinstance(a, gast.Name) and a.id == name for a in given)
    return False
