"""Partials that may be infinite where a function is defined: a zero cotangent contributes zero there."""

from __future__ import annotations

import functools

import gast

from adgen.program.syntax import nodes_in
from adgen.program.types import Array, is_differentiable
from adgen.transforms.bars import Bar
from adgen.transforms.guards import FINITE_WHERE_SINGULAR, has_gaps, is_regular, selects, tamed, vanishing_names
from adgen.transforms.matching import Match
from adgen.transforms.nodes import constant, load, numpy_call
from adgen.transforms.stores import Stores


class Singular(Stores):
    """Products of cotangents with partials, guarded where a zero cotangent may meet an infinite partial."""

    def product(self, bar: gast.expr, partial: gast.expr) -> gast.expr:
        match partial:
            case gast.Constant(value=1):
                return bar
            case gast.UnaryOp(op=gast.USub(), operand=gast.Constant(value=1)) | gast.Constant(value=-1):
                return gast.UnaryOp(gast.USub(), bar)
            case gast.BinOp(left=gast.Constant(value=1), op=gast.Div(), right=right):
                return gast.BinOp(bar, gast.Div(), right)
            case gast.BinOp(left=left, op=gast.Div(), right=right):  # the slope alone may be too large for a float
                return gast.BinOp(gast.BinOp(bar, gast.Mult(), left), gast.Div(), right)
        return gast.BinOp(bar, gast.Mult(), partial)

    def guarded(self, expr: gast.expr, bar: Bar, name: str, match: Match, partial: gast.expr) -> gast.expr:
        """A zero cotangent contributes zero, where the partial is infinite too."""
        finite = match.head.callee in FINITE_WHERE_SINGULAR
        sure = self.constants.get(bar.name) not in (None, 0.0)
        regular = is_regular(partial, self.sign_facts) or not (finite or name in self.maskable)
        if sure or regular and name not in self.vanishing:
            return expr
        test = gast.Compare(load(bar.name), [gast.NotEq()], [constant(0.0)])
        if not isinstance(self.infer(expr), Array):
            return gast.IfExp(test, expr, constant(0.0))
        if expr is partial:  # a row that gives the whole contribution
            return numpy_call("where", test, expr, constant(0.0))
        return self.product(load(bar.name), tamed(partial, test, self.types, name))

    def sign_facts(self, expr: gast.expr, depth: int = 0) -> str:
        """What the form of an expression says: "positive", "nonnegative" or "unknown"."""
        match expr:
            case gast.Constant(value=int() | float() as value):
                return "positive" if value > 0 else "nonnegative" if value == 0 else "unknown"
            case gast.Name():
                value = self._defining(expr)
                return "unknown" if value is None or depth > 6 else self.sign_facts(value, depth + 1)
            case gast.BinOp(left=left, op=gast.Mult(), right=right):
                if gast.dump(left) == gast.dump(right) and not self._is_complex(left):
                    return "positive" if self.sign_facts(left, depth + 1) == "positive" else "nonnegative"
                signs = {self.sign_facts(left, depth + 1), self.sign_facts(right, depth + 1)}
                return "unknown" if "unknown" in signs else "nonnegative" if "nonnegative" in signs else "positive"
            case gast.BinOp(left=left, op=gast.Add(), right=right):
                signs = [self.sign_facts(left, depth + 1), self.sign_facts(right, depth + 1)]
                return "unknown" if "unknown" in signs else "positive" if "positive" in signs else "nonnegative"
            case gast.BinOp(left=left, op=gast.Div(), right=right):
                signs = [self.sign_facts(left, depth + 1), self.sign_facts(right, depth + 1)]
                return "unknown" if "unknown" in signs or signs[1] != "positive" else signs[0]
            case gast.BinOp(left=left, op=gast.Pow(), right=gast.Constant(value=2 | 2.0)) if not self._is_complex(left):
                return "positive" if self.sign_facts(left, depth + 1) == "positive" else "nonnegative"
            case gast.Call(func=gast.Attribute(attr="sum"), args=[inner, *_]) if self._has_a_one(expr, inner):
                return "positive"
            case gast.Call(func=gast.Attribute(attr="cosh"), args=[inner]) if not self._is_complex(inner):
                return "positive"
            case gast.Call(func=gast.Attribute(attr="exp"), args=[inner]) if not self._is_complex(inner):
                return "nonnegative"  # it may underflow
            case gast.Call(func=gast.Attribute(attr="var" | "abs")):
                return "nonnegative"
            case gast.Call(func=gast.Attribute(attr="sqrt" | "sum" | "mean" | "expand_dims"), args=[inner, *_]):
                return self.sign_facts(inner, depth + 1)
            case gast.Subscript(value=gast.Name() as inner):
                return self.sign_facts(inner, depth + 1)
        return "unknown"

    def _defining(self, expr: gast.expr) -> gast.expr | None:
        """The expression that a name was set to, once and for all; the expression itself if it is no name."""
        if not isinstance(expr, gast.Name):
            return expr
        definition = self.structure.definitions.get(expr.id)
        if definition is None or definition.kind != "plain" or self.storage.is_written(expr.id):
            return None
        return getattr(definition.places[0].statement, "value", None)

    def _has_a_one(self, total: gast.Call, summed: gast.expr) -> bool:
        """Whether a sum is one of ``exp(x - max(x))``: one of them does not underflow."""
        match self._defining(summed):
            case gast.Call(func=gast.Attribute(attr="exp"), args=[inner]):
                shifted = self._defining(inner)
            case _:
                return False
        match shifted:
            case gast.BinOp(left=gast.Name() as shifted, op=gast.Sub(), right=gast.expr() as top):
                pass
            case _:
                return False
        definition = self.structure.definitions.get(shifted.id)
        if definition is None or definition.kind not in ("param", "plain") or self.storage.is_written(shifted.id):
            return False  # it may have changed since the maximum was taken
        while True:
            match top:
                case gast.Name() if (value := self._defining(top)) is not None:
                    top = value
                case gast.Subscript(value=inner):
                    top = inner
                case gast.Call(func=gast.Attribute(attr="expand_dims"), args=[inner, _]):
                    top = inner
                case gast.Call(func=gast.Attribute(attr="max" | "amax"), args=[inner, *_]):
                    same = gast.dump(inner) == gast.dump(shifted)
                    return same and _axis(top) == _axis(total)
                case _:
                    return False

    def _is_complex(self, expr: gast.expr) -> bool:
        kinds = {getattr(self.types.get(n.id), "kind", "") for n in nodes_in(expr) if isinstance(n, gast.Name)}
        return "c" in kinds

    @functools.cached_property
    def vanishing(self) -> frozenset[str]:
        """Results whose slope may be infinite where their cotangent is zero."""
        values = self.structure.values()
        return vanishing_names(values) | (self.maskable if has_gaps(values) else frozenset())

    @functools.cached_property
    def maskable(self) -> set[str]:
        """Names some of whose elements may be discarded, so that their cotangent is zero."""
        found: set[str] = set()
        edges: list[tuple[set[str], set[str]]] = []
        for place in self.structure.places.values():
            statement = place.statement
            value = getattr(statement, "value", None)
            if not isinstance(statement, gast.Assign | gast.AugAssign) or value is None:
                continue
            names = {n.id for n in nodes_in(value) if isinstance(n, gast.Name)}
            names = {n for n in names if is_differentiable(self.types.get(n))}
            target = statement.targets[0] if isinstance(statement, gast.Assign) else statement.target
            if selects(value):
                found |= {n for n in names if not isinstance(value, gast.Subscript) or self.storage.is_array(n)}
            if isinstance(target, gast.Subscript):  # what is written may be written over
                found |= {n for n in names if self.storage.is_array(n)}
            for name in names:
                definition = self.structure.definitions.get(name)
                inner = any(isinstance(p.statement, gast.If) for p in self.structure.enclosing(place))
                if (
                    inner
                    and definition is not None
                    and definition.places
                    and definition.places[0].block is not place.block
                ):
                    found.add(name)
            targets = {n.id for t in getattr(statement, "targets", []) for n in nodes_in(t) if isinstance(n, gast.Name)}
            edges.append((targets, names))
        size = -1
        while size != len(found):
            size = len(found)
            for targets, names in edges:
                if targets & found:
                    found |= names
        return found


def _axis(call: gast.Call) -> str:
    """The axis of a reduction, as text."""
    axes = [k.value for k in call.keywords if k.arg == "axis"] + call.args[1:2]
    return gast.dump(axes[0]) if axes else ""
