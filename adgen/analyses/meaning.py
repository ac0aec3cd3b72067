"""Derivatives that are zero although the result depends on the argument: only which branch runs, or what it is
rounded to, does.

The result of a bisection depends on its parameters through comparisons alone; the derivative of the program is zero,
that of the root is not.  Where no differentiable path leads from the arguments to the results, but some path does,
the first statement at which the differentiable ones end says why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import gast

from adgen.analyses.effects import METADATA
from adgen.analyses.structure import assigned, base_name
from adgen.program.syntax import nodes_in

ROUNDING = frozenset(
    "floor ceil round rint trunc fix around sign int heaviside digitize floor_divide argmax argmin argsort "
    "searchsorted count_nonzero nonzero flatnonzero argwhere".split()
)


@dataclass(frozen=True)
class Ending:
    """Where the last differentiable path ends."""

    statement: gast.stmt
    rounding: bool


def find_ending(body: Sequence[gast.stmt], inputs: Iterable[str], outputs: Iterable[str]) -> Ending | None:
    """The statement that makes the derivative zero; None if the outputs do not depend on the inputs at all.

    It is assumed that no output depends differentiably on an input.
    """
    found = _Dependence(set(inputs))
    size = -1
    while size != len(found.names):
        size = len(found.names)
        found.block(body, controlled=False)
    if found.names.isdisjoint(outputs):
        return None
    return found.rounding or found.condition


@dataclass
class _Dependence:
    """Names that depend on the inputs in any way, through values or through the branch that is taken."""

    names: set[str]
    rounding: Ending | None = None
    condition: Ending | None = None
    left: set[int] = field(default_factory=set)  # loops whose end depends on the inputs

    def block(self, body: Sequence[gast.stmt], *, controlled: bool, loop: gast.stmt | None = None) -> None:
        for statement in body:
            match statement:
                case gast.If(test=test, body=first, orelse=second):
                    depends = controlled or self.tested(statement, test)
                    if depends and loop is not None and _leaves([*first, *second]):
                        self.left.add(id(loop))
                    self.block(first, controlled=depends, loop=loop)
                    self.block(second, controlled=depends, loop=loop)
                case gast.For(iter=header, body=inner):
                    depends = controlled or id(statement) in self.left or self.tested(statement, header)
                    self.block(inner, controlled=depends, loop=statement)
                case gast.While(test=test, body=inner):
                    depends = controlled or id(statement) in self.left or self.tested(statement, test)
                    self.block(inner, controlled=depends, loop=statement)
                case gast.Assign(targets=[target], value=value):
                    self.value(statement, value, [*assigned(target), base_name(target)], controlled=controlled)
                case gast.AugAssign(target=target, value=value):
                    self.value(statement, value, [base_name(target)], controlled=controlled)
                case gast.Expr(value=gast.Call(func=gast.Attribute(value=gast.Name(id=name)), args=args)):
                    self.value(statement, gast.Tuple(args, gast.Load()), [name], controlled=controlled)

    def tested(self, statement: gast.stmt, test: gast.expr) -> bool:
        if self.names.isdisjoint(_read(test)):
            return False
        self.condition = self.condition or Ending(statement, rounding=False)
        return True

    def value(self, statement: gast.stmt, value: gast.expr, targets: list[str | None], *, controlled: bool) -> None:
        if not controlled and self.names.isdisjoint(_read(value)):
            return
        self.names |= {t for t in targets if t is not None}
        if not self.names.isdisjoint(_read(value)):
            rounds = any(_callee(n) in ROUNDING or _floors(n) for n in nodes_in(value))
            if rounds and self.rounding is None:
                self.rounding = Ending(statement, rounding=True)
            elif isinstance(value, gast.Compare | gast.BoolOp) and self.condition is None:
                self.condition = Ending(statement, rounding=False)


def _read(node: gast.AST) -> Collection[str]:
    """Names whose values an expression reads, not only their shapes; what `stop_gradient` says is not meant."""
    constant = {
        id(n)
        for a in nodes_in(node)
        if isinstance(a, gast.Attribute) and a.attr in METADATA or _callee(a) in ("len", "stop_gradient")
        for n in nodes_in(a)
    }
    return [n.id for n in nodes_in(node) if isinstance(n, gast.Name) and id(n) not in constant]


def _callee(node: gast.AST) -> str:
    function = node.func if isinstance(node, gast.Call) else None
    return getattr(function, "attr", getattr(function, "id", ""))


def _floors(node: gast.AST) -> bool:
    return isinstance(node, gast.BinOp) and isinstance(node.op, gast.FloorDiv)


def _leaves(body: Sequence[gast.stmt]) -> bool:
    return any(isinstance(n, gast.Break) for s in body for n in nodes_in(s))
