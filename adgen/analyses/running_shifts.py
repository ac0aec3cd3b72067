"""Shifts of exponentials that loops find and loops use, number by number.

    largest = max(largest, x[i])        total += exp(x[i] - largest)        largest + log(total)

Whatever the shift is, the sum does not depend on it, as in `shifts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import gast

from adgen.analyses.effects import dotted
from adgen.analyses.structure import Place, Structure
from adgen.program.syntax import nodes_in, own_parts
from adgen.program.types import Scalar, Type

EXP, LOG = frozenset({"np.exp", "math.exp"}), frozenset({"np.log", "math.log"})


def find_running_shifts(structure: Structure, types: Mapping[str, Type], outputs: Iterable[str]) -> frozenset[str]:
    """Names that hold such a shift, and those by which its loop finds it."""
    values = structure.values()
    exponents = {v.args[0].id for v in values.values() if _is_call(v, EXP) and isinstance(v.args[0], gast.Name)}
    shifts = {v.right.id for n in exponents if (v := _difference(values.get(n))) is not None}
    if not shifts:
        return frozenset()
    uses = _uses(structure)
    for name in outputs:
        uses.setdefault(name, []).append(None)
    found: set[str] = set()
    for name in sorted(shifts):
        found |= _Running(structure, types, uses).names(name)
    return frozenset(found)


def _uses(structure: Structure) -> dict[str, list[Place | None]]:
    """The statements that read each name; None for the results."""
    uses: dict[str, list[Place | None]] = {}
    for place in structure.places.values():
        nodes = (n for part in own_parts(place.statement) for n in nodes_in(part))
        names = {n.id for n in nodes if isinstance(n, gast.Name) and is_read(n)}
        for name in sorted(names):
            uses.setdefault(name, []).append(place)
    return uses


@dataclass
class _Running:
    structure: Structure
    types: Mapping[str, Type]
    uses: Mapping[str, list[Place | None]]

    def names(self, shift: str) -> set[str]:
        """The shift and what its loop finds it by, if no result depends on it; else nothing."""
        loop = self.loop_of(shift)
        if loop is None:
            return set()
        self.loop, self.block = loop, loop.block
        own = self.found_by(shift)
        return own if own and self.cancels(shift) else set()

    def loop_of(self, name: str) -> Place | None:
        """The loop that carries a real number, which has a value before it, from iteration to iteration."""
        definition = self.structure.definitions.get(name)
        if definition is None or definition.kind != "loop" or definition.loop is None or not self.is_real(name):
            return None
        loop = self.structure.places[id(definition.loop)]
        before = [p for p in definition.places if not is_inside(p, loop)]
        return loop if len(before) == 1 and before[0].block is loop.block and before[0].index < loop.index else None

    def is_real(self, name: str) -> bool:
        type_ = self.types.get(name)
        return isinstance(type_, Scalar) and type_.kind == "f"

    def is_once(self, name: str) -> bool:
        definition = self.structure.definitions.get(name)
        return definition is not None and definition.kind == "plain" and len(definition.places) == 1

    def found_by(self, shift: str) -> set[str]:
        """Names that depend on a shift inside of its loop, which hands on nothing of them but the shift."""
        own, pending = {shift}, [shift]
        while pending:
            name = pending.pop()
            for use in self.uses.get(name, ()):
                if use is None or not is_inside(use, self.loop):
                    if name == shift and use is not None and use.index > self.loop.last:
                        continue  # judged by `cancels`
                    return set()
                if isinstance(use.statement, gast.If | gast.For | gast.While):
                    continue  # in a condition
                target = _given(use, name)
                if target is None:
                    return set()
                if not self.is_real(target):
                    if not isinstance(self.types.get(target), Scalar):
                        return set()
                elif target not in own:
                    if not all(is_inside(p, self.loop) for p in self.structure.definitions[target].places):
                        return set()
                    own.add(target)
                    pending.append(target)
        return own

    # ---- after the loop

    def cancels(self, shift: str) -> bool:
        """Whether what is computed from the shift, step by step, ends in sums that do not depend on it."""
        self.parts, ends, pending = {shift: "shift"}, [], [shift]
        while pending:
            name = pending.pop()
            for use in self.uses.get(name, ()):
                if use is None:
                    return False
                if (name == shift and is_inside(use, self.loop)) or self.parts.get(_given(use, name) or "") == "added":
                    continue
                target, part = self.step(name, use) or (None, "")
                if part == "end":
                    ends.append(use)
                elif target is None or self.parts.setdefault(target, part) != part:
                    return False
                elif target not in pending:
                    pending.append(target)
        return all({self.parts.get(n.id) for n in (u.statement.value.left, u.statement.value.right)} == {"shift", "log"}
                   for u in ends)  # fmt: skip

    def step(self, name: str, use: Place) -> tuple[str, str] | None:
        """What a statement makes of a part, and the name of it; None if the shift may not cancel."""
        target, value, part = _given(use, name), getattr(use.statement, "value", None), self.parts[name]
        if target is None or not self.is_once(target):
            return None
        match value:
            case gast.BinOp(left=gast.Name(id=left), op=gast.Sub(), right=gast.Name(id=right)) if part == "shift":
                return (target, "exponent") if right == name != left else None
            case gast.BinOp(left=gast.Name(id=left), op=gast.Add(), right=gast.Name(id=right)) if left != right:
                if part in ("shift", "log"):
                    return (target, "end") if use.block is self.block else None
                total = right if left == name else left
                return (total, "sum") if part == "term" and self.is_total(total, target, use) else None
            case gast.Call() if _is_call(value, EXP) and part == "exponent":
                return target, "term"
            case gast.Call() if _is_call(value, LOG) and part == "sum":
                after = (loop := self.loop_of(name)) is not None and use.index > loop.last
                return (target, "log") if after and use.block is self.block else None
        return None

    def is_total(self, total: str, added: str, use: Place) -> bool:
        """Whether a sum starts from zero after the shift is found, and gets nothing but one term in its loop."""
        loop = self.loop_of(total)
        if loop is None or loop.block is not self.block or not is_inside(use, loop):
            return False
        start, *carried = sorted(self.structure.definitions[total].places, key=lambda p: p.index)
        if start.index <= self.loop.last or not _is_zero(_value_of(total, start)):
            return False
        if not all(_value_of(total, p) in (added, total) for p in carried):
            return False
        if not all(u in carried for u in self.uses.get(added, ())):
            return False
        self.parts[added] = "added"
        return True


def is_read(name: gast.Name) -> bool:
    return isinstance(name.ctx, gast.Load)


def is_inside(place: Place, loop: Place) -> bool:
    return loop.index < place.index <= loop.last


def _is_call(value: gast.expr | None, functions: frozenset[str]) -> bool:
    match value:
        case gast.Call(func=func, args=[_], keywords=[]):
            return dotted(func) in functions
    return False


def _difference(value: gast.expr | None) -> gast.BinOp | None:
    match value:
        case gast.BinOp(left=gast.Name(), op=gast.Sub(), right=gast.Name()):
            return value
    return None


def _given(use: Place, name: str) -> str | None:
    """The name that a statement gives the value which it computes from `name`."""
    match use.statement:
        case gast.Assign(targets=[gast.Name(id=target)]):
            return target
        case gast.Assign(targets=[gast.Tuple(elts=targets)], value=gast.Tuple(elts=values)):
            found = [t.id for t, v in zip(targets, values, strict=True) if isinstance(v, gast.Name) and v.id == name]
            return found[0] if len(found) == 1 else None
    return None


def _value_of(name: str, definition: Place) -> str | float | None:
    """What a copy gives a name: another name, or a number."""
    pairs: list[tuple[gast.expr, gast.expr]] = []
    match definition.statement:
        case gast.Assign(targets=[gast.Name() as target], value=value):
            pairs = [(target, value)]
        case gast.Assign(targets=[gast.Tuple(elts=targets)], value=gast.Tuple(elts=values)):
            pairs = list(zip(targets, values, strict=True))
    for target, value in pairs:
        if isinstance(target, gast.Name) and target.id == name:
            return value.id if isinstance(value, gast.Name) else getattr(value, "value", None)
    return None


def _is_zero(value: object) -> bool:
    return isinstance(value, float | int) and value == 0
