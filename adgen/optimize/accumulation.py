"""Sums written as sums: ``v = a`` with ``v += b`` is ``v = a + b``; ``v = v + e`` is ``v += e``."""

from __future__ import annotations

from dataclasses import dataclass

import gast

from adgen.analyses.effects import Effect, dotted, facts
from adgen.optimize.algebra import is_zero
from adgen.optimize.context import Facts, is_forward, with_body
from adgen.optimize.kinds import Kinds, same_shape
from adgen.optimize.products import split_sign
from adgen.optimize.trees import (
    assign,
    augment,
    binary,
    keep,
    map_blocks,
    name,
    negated,
    spanned,
    text,
    unchanged,
    with_fields,
)
from adgen.program.function import Function
from adgen.program.types import Array, Scalar

MOST, COLUMNS = 6, 85
SWAPPED = {"np.add.at": "subtract", "np.subtract.at": "add"}


def merge_accumulations(function: Function) -> Function:
    """Join accumulations into the same place, and use ``+=`` and ``-=`` where they fit.

    >>> from adgen.optimize.showing import show
    >>> print(show(merge_accumulations, '''
    ... x_bar = 0.0
    ... x_bar += y * k
    ... x_bar += -z
    ... xs_bar[i] += y
    ... xs_bar[i] += -t1
    ... v = v - x_bar
    ... np.add.at(X_bar, rows, -Y_bar)'''))
    x_bar = y * k - z
    xs_bar[i] += y - t1
    v -= x_bar
    np.subtract.at(X_bar, rows, Y_bar)
    """
    body = _Merger(Facts(function)).block(list(function.body))
    return function if unchanged(function.body, body) else with_body(function, body)


@dataclass
class _Merger:
    known: Facts

    def __post_init__(self) -> None:
        self.kinds = Kinds(self.known)

    def block(self, body: list[gast.stmt]) -> list[gast.stmt]:
        done: list[gast.stmt] = []
        for stmt in body:
            new: gast.stmt | None = map_blocks(stmt, self.block)
            if isinstance(new, gast.AugAssign):
                new = self.respelled(new)
            if new is not None and not (isinstance(new, gast.AugAssign) and self._join(done, new)):
                done.append(new)
        spelled = [self.respelled(stmt) for stmt in done]  # only now: `v *= e` takes up no more sums
        return keep(body, [stmt for stmt in spelled if stmt is not None])

    # ---- one statement ----------------------------------------------------------------------

    def respelled(self, stmt: gast.stmt) -> gast.stmt | None:
        """``v = v + e`` to ``v += e``; signs; None for the addition of zero."""
        match stmt:
            case gast.Assign(targets=[gast.Name(id=v)], value=gast.BinOp()):
                return self._augmented(stmt, v, stmt.value)
            case gast.AugAssign(op=gast.Add() | gast.Sub() as op, target=target, value=value):
                if is_zero(value) and not is_forward(stmt) and self.kinds.of(target).is_float:
                    return None
                negative, positive = split_sign(value)
                if negative and not is_forward(stmt) and self.kinds.of(value).kind in "ifc":
                    swapped = gast.Sub if isinstance(op, gast.Add) else gast.Add
                    return augment(target, swapped, positive, stmt)
            case gast.Expr(value=gast.Call(func=func, args=[place, index, value], keywords=[])) if dotted(
                func
            ) in SWAPPED and not is_forward(stmt):
                negative, positive = split_sign(value)
                if negative and self.kinds.of(value).kind in "fc":
                    other = with_fields(func, value=with_fields(func.value, attr=SWAPPED[dotted(func)]))
                    return with_fields(stmt, value=gast.Call(other, [place, index, positive], []))
        return stmt

    def _augmented(self, stmt: gast.Assign, v: str, value: gast.BinOp) -> gast.stmt:
        target = stmt.targets[0]
        if not isinstance(value.op, gast.Add | gast.Sub | gast.Mult | gast.Div) or not self._owns(v):
            return stmt
        commutes = isinstance(value.op, gast.Add | gast.Mult)
        if isinstance(value.left, gast.Name) and value.left.id == v:
            other = value.right
        elif commutes and isinstance(value.right, gast.Name) and value.right.id == v:
            other = value.left
        else:
            return self._augmented_chain(stmt, v, value)
        if v in facts(other).names and not self.known.is_scalar(v):
            return stmt
        return augment(target, type(value.op), other, stmt)

    def _augmented_chain(self, stmt: gast.Assign, v: str, value: gast.BinOp) -> gast.stmt:
        """``v = v + a - b`` to ``v += a - b`` (derivative statements only: it rounds differently)."""
        terms: list[tuple[type[gast.operator], gast.expr]] = []
        node: gast.expr = value
        while isinstance(node, gast.BinOp) and isinstance(node.op, gast.Add | gast.Sub):
            terms.append((type(node.op), node.right))
            node = node.left
        leading = isinstance(node, gast.Name) and node.id == v
        if not leading or len(terms) < 2 or is_forward(stmt) or not self.kinds.of(value).is_float:
            return stmt
        terms.reverse()
        if any(v in facts(term).names for _, term in terms):
            return stmt
        op, total = terms[0]
        for next_op, term in terms[1:]:
            same = next_op is gast.Add if op is gast.Add else next_op is gast.Sub
            total = binary(total, gast.Add if same else gast.Sub, term)
        return augment(stmt.targets[0], op, total, stmt)

    def _owns(self, v: str) -> bool:
        """Numbers, and arrays that nobody else can see."""
        type_ = self.known.function.types.get(v)
        if isinstance(type_, Scalar):
            return True
        if not isinstance(type_, Array) or v in self.known.outer:
            return False
        if any(s.startswith(f"{v}.shape[") for d in type_.shape for s in d.symbols):
            return False  # one name for arrays of several extents
        find = self.known.aliases.find
        return all(find(n) != find(v) for n in self.known.function.types if n != v)

    # ---- two statements ---------------------------------------------------------------------

    def _join(self, done: list[gast.stmt], later: gast.AugAssign) -> bool:
        """Merge `later` with an earlier definition of, or addition to, the same place."""
        if not isinstance(later.op, gast.Add | gast.Sub) or is_forward(later):
            return False
        place = text(later.target)
        between: list[gast.stmt] = []
        for position in range(len(done) - 1, -1, -1):
            stmt = done[position]
            if text_of_target(stmt) == place:
                merged = None if is_forward(stmt) else self._merged(stmt, later)
                if merged is None:
                    return False
                if all(self._can_sink(stmt, other) for other in between):
                    done[position : position + 1] = []
                    done.append(merged)
                    return True
                if all(self.known.can_pass(later.value, other) for other in between):
                    done[position] = merged
                    return True
                return False
            if self._meets(later, stmt) or len(between) > 30:
                return False
            between.insert(0, stmt)
        return False

    def _meets(self, later: gast.AugAssign, stmt: gast.stmt) -> bool:
        """Whether a statement in between reads or writes the place, or what its index reads."""
        effect = self.known.effects.of(stmt)
        if isinstance(later.target, gast.Name):
            own = later.target.id
            if own in effect.reads or own in effect.defines:
                return True
            if self.known.is_scalar(own):
                return False
        return self._touches(later.target, effect)

    def _touches(self, target: gast.expr, effect: Effect) -> bool:
        base = target
        while isinstance(base, gast.Subscript | gast.Attribute):
            base = base.value
        stored = facts(base).names
        if self.known.aliases.touch(stored, effect.mutates | effect.contents):
            return True
        if facts(target).names & effect.defines:
            return True
        inner = facts(target.slice).contents if isinstance(target, gast.Subscript) else frozenset()
        return self.known.aliases.touch(inner, effect.mutates)

    def _can_sink(self, stmt: gast.stmt, other: gast.stmt) -> bool:
        """Whether an earlier definition may move below `other` (the place itself was checked)."""
        value = stmt.value  # type: ignore[attr-defined]
        return self.known.effects.is_pure(value) and self.known.can_pass(value, other)

    def _merged(self, first: gast.stmt, later: gast.AugAssign) -> gast.stmt | None:
        place = later.target
        own = place.id if isinstance(place, gast.Name) else None
        if own is not None and own in facts(later.value).names:
            return None
        if own is None and self._reads_place(later):
            return None
        if isinstance(first, gast.Assign):
            return self._merged_definition(first, later, own)
        if not isinstance(first, gast.AugAssign) or not isinstance(first.op, gast.Add | gast.Sub):
            return None
        flipped = isinstance(first.op, gast.Sub)
        op = gast.Add if isinstance(later.op, first.op.__class__) else gast.Sub
        negative, _ = split_sign(first.value)
        if flipped and op is gast.Sub and not negative:
            value = binary(later.value, gast.Sub, first.value)
            return self._fitting(spanned(gast.AugAssign(place, gast.Add(), value), first), value)
        value = binary(first.value, op, later.value)
        return self._fitting(augment(place, type(first.op), value, first), value)

    def _reads_place(self, later: gast.AugAssign) -> bool:
        base = later.target
        while isinstance(base, gast.Subscript | gast.Attribute):
            base = base.value
        return self.known.aliases.touch(facts(base).names, facts(later.value).contents)

    def _merged_definition(self, first: gast.Assign, later: gast.AugAssign, own: str | None) -> gast.stmt | None:
        minus = isinstance(later.op, gast.Sub)
        whole = self.kinds.of(later.target)
        if not whole.is_float:
            return None
        if is_zero(first.value) or _is_zeros(first.value):
            if not self._fills(later, own):
                return None
            value = negated(later.value) if minus else later.value
            if own is not None and not minus:
                value = self.known.guarded([own], first.value, value)
            return assign(first.targets[0], value, later)
        if own is not None and not self.known.is_scalar(own):
            if not self.known.aliases.is_fresh(first.value) or not self._same_dtype(later):
                return None
            if isinstance(first.value, gast.Call) and not same_shape(whole, self.kinds.of(later.value)):
                return None
        value = binary(first.value, gast.Sub if minus else gast.Add, later.value)
        return self._fitting(assign(first.targets[0], value, first), value)

    def _fills(self, later: gast.AugAssign, own: str | None) -> bool:
        """Whether the value has the extents and the type of the place, so that it can define it."""
        value = self.kinds.of(later.value)
        if own is None:
            return True
        if self.known.is_scalar(own):
            return value.is_number and value.is_float
        return same_shape(self.kinds.of(later.target), value) and self._same_dtype(later)

    def _same_dtype(self, later: gast.AugAssign) -> bool:
        value, place = self.kinds.of(later.value), self.kinds.of(later.target)
        return value.weak or (value.dtype is not None and value.dtype == place.dtype)

    def _fitting(self, stmt: gast.stmt, value: gast.expr) -> gast.stmt | None:
        found = facts(value)
        return stmt if found.operators <= MOST and found.width <= COLUMNS else None


def _is_zeros(value: gast.expr) -> bool:
    return isinstance(value, gast.Call) and text(value.func) in {"np.zeros", "np.zeros_like"}


def text_of_target(stmt: gast.stmt) -> str | None:
    match stmt:
        case gast.Assign(targets=[gast.Name() | gast.Subscript() as target]):
            return text(target)
        case gast.AugAssign(target=target):
            return text(target)
    return None


__all__ = ["merge_accumulations", "name", "with_fields"]
