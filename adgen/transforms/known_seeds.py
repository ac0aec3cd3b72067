"""What unit seeds make of adjoints: those that are zero, or a known number, in one of several directions.

Adjoints are linear in the seeds.  So what is computed from zeros only is zero, whatever function computes it, and most
of a row of a Jacobian may be: a result that does not depend on a variable gives it no adjoint.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import gast

from adgen.analyses.effects import dotted
from adgen.program.syntax import clone, nodes_in, own_parts, static_int
from adgen.program.types import Array, Scalar, Type
from adgen.transforms.nodes import constant, load, numpy_call
from adgen.transforms.seed_flow import Dependence, contents

ZEROS = frozenset({"np.zeros", "np.zeros_like"})
SINGLES = ("np.float32", "np.complex64")


# ---- arrays of seeds whose elements are taken one by one


class _NotKnown(Exception):
    """An array is used in a way that this module does not follow."""


def elements_known(
    body: list[gast.stmt], rows: Iterable[Mapping[str, gast.expr]], seeds: Iterable[str], types: Mapping[str, Type]
) -> list[gast.stmt]:
    """A sweep that reads numbers where it read elements of seeds, for seeds of which nothing else is read."""
    results: list[Any] = [n for row in rows for e in row.values() for n in nodes_in(e)]
    returned = {n.id for n in results if isinstance(n, gast.Name)}
    for seed in seeds:
        if isinstance(types[seed], Array) and types[seed].dtype == float:
            known = _Elements(seed, types)
            try:
                changed = known.block(body)
            except _NotKnown:
                continue
            if returned.isdisjoint(known.held):
                body = changed
    return body


class _Elements:
    """The elements of one array, and of its copies, from statement to statement."""

    def __init__(self, seed: str, types: Mapping[str, Type]) -> None:
        self.types = types
        self.held: dict[str, dict[tuple[int, ...], float]] = {}
        self.seed = seed

    def block(self, body: Sequence[gast.stmt]) -> list[gast.stmt]:
        return [new for statement in body for new in self.statement(statement)]

    def statement(self, statement: gast.stmt) -> list[gast.stmt]:
        match statement:
            case gast.Assign(targets=[gast.Name(id=name)], value=gast.Call(func=func)) if (
                name == self.seed and name not in self.held and dotted(func) == "np.zeros"
            ):
                self.held[name] = {}
                return []
            case gast.Assign(targets=[gast.Name(id=name)], value=value) if (source := copied(value)) in self.held:
                alias = isinstance(value, gast.Name)
                self.held[name] = self.held[source] if alias else dict(self.held[source])
                return []
            case gast.Assign(targets=[gast.Subscript(value=gast.Name(id=name), slice=index)], value=value) if (
                name in self.held
            ):
                if not isinstance(value, gast.Constant):
                    raise _NotKnown
                self.held[name][self.place(name, index)] = value.value
                return []
        if not any(isinstance(n, gast.Name) and n.id in self.held for n in nodes_in(statement)):
            return [statement]
        if isinstance(statement, gast.If | gast.For | gast.While):
            raise _NotKnown
        new = _ReadElements(self).visit(clone(statement))
        if any(isinstance(n, gast.Name) and n.id in self.held for n in nodes_in(new)):
            raise _NotKnown
        return [new]

    def place(self, name: str, index: gast.expr) -> tuple[int, ...]:
        """An element, by non-negative numbers."""
        items = index.elts if isinstance(index, gast.Tuple) else [index]
        kind = self.types[name]
        numbers = [static_int(i) for i in items]
        if not isinstance(kind, Array) or len(numbers) != kind.rank:
            raise _NotKnown
        found = []
        for number, dim in zip(numbers, kind.shape, strict=True):
            if number is None or (number < 0 and not dim.is_const):
                raise _NotKnown
            found.append(number + dim.const if number < 0 else number)
        return tuple(found)


class _ReadElements(gast.NodeTransformer):
    def __init__(self, known: _Elements) -> None:
        self.known = known

    def visit_Subscript(self, node: gast.Subscript) -> gast.AST:
        if isinstance(node.value, gast.Name) and node.value.id in self.known.held:
            if not isinstance(node.ctx, gast.Load):
                raise _NotKnown
            name = node.value.id
            return constant(self.known.held[name].get(self.known.place(name, node.slice), 0.0))
        return self.generic_visit(node)


def copied(value: gast.expr) -> str:
    """The name of which an expression is the value, or a copy."""
    match value:
        case gast.Name(id=name) | gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="copy"), args=[]):
            return name
    return ""


# ---- adjoints that are known numbers


def with_known(
    body: list[gast.stmt],
    rows: list[dict[str, gast.expr]],
    types: Mapping[str, Type],
    infer: Callable[[gast.expr], Type | None],
) -> tuple[list[gast.stmt], list[dict[str, gast.expr]]]:
    """A sweep, and the gradients that it gives, without the adjoints (those with `types`) that are known numbers."""
    known = _Known(body, types, [e for row in rows for e in row.values()])
    writer = _Writer(known, infer)
    return writer.block(body), [{n: writer.expression(e) for n, e in row.items()} for row in rows]


class _Known:
    """The adjoints of which all definitions give the same number, as far as their form tells.

    Found optimistically: an adjoint is taken to be known until a definition of it says otherwise.
    """

    def __init__(self, body: Sequence[gast.stmt], types: Mapping[str, Type], results: Iterable[gast.expr]) -> None:
        self.types = types
        self.flow = Dependence((), types, types)
        statements: list[Any] = [n for s in body for n in nodes_in(s) if isinstance(n, gast.stmt)]
        self.definitions = [d for s in statements for d in self.defined(s)]
        self.values: dict[str, float] = {}
        self.unknown = {n for n, kind in types.items() if not isinstance(kind, Scalar | Array)}
        for node in (*results, *(part for s in statements for part in own_parts(s))):
            inside = set(contents(node))
            mentioned = {n.id for n in nodes_in(node) if isinstance(n, gast.Name)}
            self.forget(n for n in mentioned - inside if isinstance(types.get(n), Array))
        for node in results:  # arrays that are returned exist
            self.forget(n for n in contents(node) if isinstance(types.get(n), Array))
        size = -1
        while size != len(self.unknown):
            size = len(self.unknown)
            self.spread()
            self.keep_arrays()

    def forget(self, names: Iterable[str]) -> None:
        self.unknown.update(n for n in names if n in self.types)

    def defined(self, statement: gast.stmt) -> Iterator[tuple[list[str], gast.expr, bool]]:
        """Names, the value that they get, and whether all of them is replaced by it."""
        match statement:
            case gast.AugAssign(op=op) if not isinstance(op, gast.Add | gast.Sub):
                yield next(self.flow.flows(statement))[0], load("np"), False  # what it makes of them is not followed
            case gast.AugAssign(value=value) | gast.Assign(targets=[gast.Subscript()], value=value):
                yield next(self.flow.flows(statement))[0], value, False
            case gast.Assign():
                for targets, values in self.flow.flows(statement):
                    yield targets, values[0], True
            case gast.Expr(value=gast.Call(args=[*_, value])):
                for targets, _ in self.flow.flows(statement):
                    yield targets, value, False

    def spread(self) -> None:
        changed = True
        while changed:
            changed = False
            for names, value, whole in self.definitions:
                number = self.number(value)
                if number == "open" or (number == 0 and not whole):
                    continue
                for name in names:
                    if name not in self.types or name in self.unknown:
                        continue
                    fits = whole and (number == 0 or isinstance(self.types[name], Scalar))
                    if isinstance(number, str) or not fits or self.values.get(name, number) != number:
                        self.unknown.add(name)
                        changed = True
                    elif name not in self.values:
                        self.values[name] = number
                        changed = True

    def number(self, value: gast.expr) -> float | str:
        """The number that an expression gives, "open" if that is not known yet, "unknown" if it is none."""
        match value:
            case gast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return float(number)
            case gast.Constant(value=complex() as number):
                return 0.0 if number == 0 else "unknown"
            case gast.Call(func=func) if dotted(func) in ZEROS:
                return 0.0
            case gast.Call(func=func, args=[inner]) if dotted(func) in SINGLES and self.number(inner) == 0:
                return 0.0
            case gast.UnaryOp(op=gast.USub(), operand=operand):
                number = self.number(operand)
                return number if isinstance(number, str) else 0.0 - number
        name = copied(value)
        names = [name] if name else [n for n in contents(value) if n in self.types]
        if any(n in self.unknown or n not in self.types for n in names) or not names:
            return "unknown"
        found = [self.values.get(n) for n in names]
        if name:
            return "open" if found[0] is None else found[0]
        if any(f not in (None, 0.0) for f in found):
            return "unknown"
        return "open" if None in found else 0.0  # adjoints are linear in adjoints

    def keep_arrays(self) -> None:
        """Arrays that something reads besides what is left out have to be there."""
        for names, value, whole in self.definitions:
            left_out = all(self.is_known(n) for n in names) and bool(names)
            kinds = [self.types.get(n) for n in names]
            places = all(isinstance(kind, Scalar if whole else Scalar | Array) for kind in kinds)
            zero = self.number(value) == 0 and places
            if not left_out and not zero:
                self.forget(n for n in contents(value) if isinstance(self.types.get(n), Array))

    def is_known(self, name: str) -> bool:
        return name in self.values and name not in self.unknown


class _Writer:
    """Leaves out what is known."""

    def __init__(self, known: _Known, infer: Callable[[gast.expr], Type | None]) -> None:
        self.known, self.infer = known, infer

    def block(self, body: Sequence[gast.stmt]) -> list[gast.stmt]:
        return [new for statement in body for new in self.statement(statement)]

    def statement(self, statement: gast.stmt) -> list[gast.stmt]:
        if isinstance(statement, gast.If | gast.For | gast.While):
            return self.compound(statement)
        match statement:
            case gast.Assign(targets=[gast.Tuple(elts=targets)], value=gast.Tuple(elts=values)):
                pairs = zip(targets, values, strict=True)
                left = [(t, self.expression(v)) for t, v in pairs if not self.known.is_known(t.id)]
                if left:
                    statement.targets[0].elts, statement.value.elts = map(list, zip(*left, strict=True))
                return [statement] if left else []
        definitions = list(self.known.defined(statement))
        names = [n for names, _, _ in definitions for n in names]
        if names and all(map(self.known.is_known, names)):
            return []
        for _, value, whole in definitions:
            if self.known.number(value) != 0 or not self.is_adjoint(names):
                continue
            if not whole and not isinstance(statement, gast.Assign):
                return []
            if not whole or any(isinstance(self.known.types.get(n), Array) for n in contents(value)):
                statement.value = constant(0.0)
        for field in ("value", "test"):
            part = getattr(statement, field, None)
            if isinstance(part, gast.expr):
                setattr(statement, field, self.expression(part))
        return [statement]

    def is_adjoint(self, names: Collection[str]) -> bool:
        """Whether all names are adjoints, of numbers and arrays: of a list the length counts too."""
        return bool(names) and all(isinstance(self.known.types.get(n), Scalar | Array) for n in names)

    def compound(self, statement: Any) -> list[gast.stmt]:
        empty = not statement.body
        statement.body = self.block(statement.body)
        if isinstance(statement, gast.If):
            statement.orelse = self.block(statement.orelse)
            if not statement.body and statement.orelse:
                statement.test = gast.UnaryOp(gast.Not(), statement.test)
                statement.body, statement.orelse = statement.orelse, []
        return [statement] if statement.body or empty else []

    def expression(self, node: gast.expr) -> Any:
        return _Folding(self).visit(node)

    def is_number(self, node: gast.expr) -> bool:
        return isinstance(node, gast.Constant) or isinstance(self.infer(node), Scalar)


def is_zero(node: gast.expr) -> bool:
    return isinstance(node, gast.Constant) and type(node.value) in (int, float) and node.value == 0


class _Folding(gast.NodeTransformer):
    """Writes known adjoints as numbers; of numbers, what is multiplied by an adjoint of zero is zero."""

    def __init__(self, writer: _Writer) -> None:
        self.writer, self.known = writer, writer.known

    def visit_Name(self, node: gast.Name) -> gast.AST:
        if isinstance(node.ctx, gast.Load) and self.known.is_known(node.id):
            return constant(self.known.values[node.id])
        return node

    def visit_BinOp(self, node: gast.BinOp) -> gast.AST:
        before = {n.id for n in nodes_in(node) if isinstance(n, gast.Name) and self.known.is_known(n.id)}
        if not before or not self.writer.is_number(node):
            return self.of_arrays(self.generic_visit(node))
        left, right = self.visit(node.left), self.visit(node.right)
        match node.op:
            case gast.Mult() if is_zero(left) or is_zero(right):
                return constant(0.0)
            case gast.Div() if is_zero(left):
                return constant(0.0)
            case gast.Add() if is_zero(left):
                return right
            case gast.Add() | gast.Sub() if is_zero(right):
                return left
            case gast.Sub() if is_zero(left):
                return gast.UnaryOp(gast.USub(), right)
        node.left, node.right = left, right
        return node

    def of_arrays(self, node: Any) -> gast.AST:
        """Zero times an array, whose elements may be infinite, is an array of zeros."""
        match node:
            case gast.BinOp(left=left, op=gast.Mult(), right=right) if is_zero(left) or is_zero(right):
                array = right if is_zero(left) else left
                kind = self.writer.infer(array)
                names: list[Any] = [n for n in nodes_in(array) if isinstance(n, gast.Name)]
                for name in names:
                    if self.writer.infer(name) == kind:
                        return numpy_call("zeros_like", name)
        return node

    def visit_UnaryOp(self, node: gast.UnaryOp) -> gast.AST:
        self.generic_visit(node)
        return constant(0.0) if isinstance(node.op, gast.USub) and is_zero(node.operand) else node

    def visit_IfExp(self, node: gast.IfExp) -> gast.AST:
        self.generic_visit(node)
        match node.test:
            case gast.Compare(
                left=gast.Constant(value=value), ops=[gast.NotEq()], comparators=[gast.Constant(value=0)]
            ):
                return node.body if value != 0 else node.orelse
        return node
