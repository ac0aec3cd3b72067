"""Forward mode: every statement is followed, or preceded, by the statement of its tangent."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import gast

from adgen.analyses.sizes import Sizes
from adgen.analyses.structure import base_name
from adgen.program.attempts import Attempt
from adgen.program.function import Function
from adgen.program.spans import span_of, with_span
from adgen.program.syntax import clone, nodes_in
from adgen.program.types import Array, ListOf, Scalar
from adgen.transforms.base import Transform
from adgen.transforms.expansion import Bound
from adgen.transforms.guards import FLAT, LEVELLING, is_regular, literal_sign, overflowing_names, replaced, tamed
from adgen.transforms.matching import Match
from adgen.transforms.nodes import constant, load, numpy_call, store
from adgen.transforms.reverse import Derivative


class Tangent(Transform):
    """The tangent of a program: primal and tangent statements, side by side."""

    sweep = "tangent"

    def __init__(self, function: Function, sizes: Sizes, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> None:
        super().__init__(function, sizes, inputs, outputs)
        self.dots: dict[str, str] = {}
        self.only_tangents = False

    def build(self, seeds: Mapping[str, str]) -> Derivative:
        """`seeds` names the variable that holds the tangent of each input."""
        self.dots = dict(seeds)
        self.used |= set(seeds.values())
        for name, dot in seeds.items():
            self.types[dot] = self.types[name]
        for name in self.function.params:  # what is held fixed, but written
            if self.is_active(name) and name not in seeds:
                self.assign(self.dot(name), self.zeros(name))
        self.block(self.function.body)
        copied = tuple(
            p for p in self.function.params if isinstance(self.types.get(p), Array) and self.storage.is_written(p)
        )
        copied += tuple(seeds[p] for p in copied if p in seeds)
        tangents = {name: load(self.dots[name]) if name in self.dots else self.zeros(name) for name in self.outputs}
        return Derivative(
            self.out,
            {n: load(n) for n in self.outputs},
            tangents,
            self.types,
            frozenset(self.temporaries),
            self.globals,
            copied,
            {},
            self.assumed_contiguous,
            frozenset(self.dots.values()),
        )

    def is_active(self, name: str | None) -> bool:
        return name in self.varied

    def dot(self, name: str) -> str:
        """The variable of a tangent."""
        known = self.dots.get(name)
        if known is None:
            known = self.dots[name] = self.fresh(f"{name}_dot", temporary=name in self.temporaries)
            self.types[known] = self.types[name]
        return known

    def dot_of(self, expr: gast.expr) -> gast.expr | None:
        """Tangent of an atom; None for zero."""
        if isinstance(expr, gast.Name) and self.is_active(expr.id):
            return load(self.dot(expr.id))
        return None

    def zeros(self, name: str) -> gast.expr:
        wanted = self.types[name]
        if isinstance(wanted, Scalar):
            single = wanted.dtype.name if wanted.dtype.name in ("float32", "complex64") else None
            return constant(0.0) if single is None else numpy_call(single, constant(0.0))
        if isinstance(wanted, ListOf):
            return self.zero_items(name)
        return numpy_call("zeros_like", load(name))

    # ---- statements

    def block(self, body: Sequence[gast.stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def nested(self, body: Sequence[gast.stmt]) -> list[gast.stmt]:
        outer, self.out = self.out, []
        self.block(body)
        inner, self.out = self.out, outer
        return inner

    def attempt(self, statement: Attempt) -> None:
        """The tangents stand behind the attempt: should they raise, that is not what the program catches."""
        outer, self.only_tangents = self.only_tangents, True
        failed, done = self.nested(statement.orelse), self.nested(statement.body)
        self.only_tangents = outer
        self.keep(statement)
        if failed or done:
            self.span = None
            test = load(statement.flag)
            made = gast.If(test, failed, done) if failed else gast.If(gast.UnaryOp(gast.Not(), test), done, [])
            self.emit(made)

    def keep(self, statement: gast.stmt) -> None:
        if self.only_tangents:
            return
        self.out.append(with_span(clone(statement), span_of(statement)))

    def statement(self, statement: gast.stmt) -> None:
        self.span = span_of(statement)
        match statement:
            case Attempt():
                self.attempt(statement)
            case gast.If(test=test, body=body, orelse=orelse):
                new: gast.stmt = gast.If(clone(test), self.nested(body), self.nested(orelse))
                self.out.append(with_span(new, span_of(statement)))
            case gast.For(target=target, iter=header, body=body):
                new = gast.For(clone(target), clone(header), self.nested(body), [], None)
                self.out.append(with_span(new, span_of(statement)))
            case gast.While(test=test, body=body):
                new = gast.While(clone(test), self.nested(body), [])
                self.out.append(with_span(new, span_of(statement)))
            case gast.Assign(targets=[gast.Tuple(elts=targets)], value=gast.Tuple(elts=values)):
                self.parallel_copy(targets, values)
            case gast.Assign(targets=[gast.Tuple(elts=targets)], value=value):
                self.keep(statement)
                self.several_results([t.id for t in targets], value)
            case gast.Assign(targets=[gast.Subscript() as target], value=value):
                self.store_tangent(statement, target, value)
            case gast.AugAssign(target=target, op=op, value=value):
                self.augmented_tangent(statement, target, op, value)
            case gast.Assign(targets=[gast.Name(id=name)], value=value):
                self.definition(statement, name, value)
            case gast.Expr(value=gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="append"), args=[item])):
                self.keep(statement)
                if self.is_active(name):
                    call = gast.Call(
                        gast.Attribute(load(self.dot(name)), "append", gast.Load()),
                        [self.dot_of(item) or self.zero_of(item)],
                        [],
                    )
                    self.emit(gast.Expr(call))
            case _:
                self.keep(statement)

    def definition(self, statement: gast.stmt, name: str, value: gast.expr) -> None:
        if not self.is_active(name):
            self.keep(statement)
            return
        self.keep(statement)
        dot = self.tangent(name, value)
        if isinstance(dot, gast.Name) and self.is_loop_invariant(name):
            dot = clone(dot)
        if dot is None:
            dot = self.zeros(name)
        elif self.view_of(value) is None and not isinstance(value, gast.Name):
            dot = self.contiguous(name, self.full(name, dot))
        self.assign(self.dot(name), dot)

    def is_loop_invariant(self, name: str) -> bool:
        return False

    def full(self, name: str, dot: gast.expr) -> gast.expr:
        """A tangent in the shape of its variable, in memory of its own if that is written."""
        wanted, kind = self.types[name], self.infer(dot)
        if not isinstance(wanted, Array):
            return dot
        same = (
            isinstance(kind, Array)
            and len(kind.shape) == len(wanted.shape)
            and all(self.sizes.provably_equal(a, b) for a, b in zip(kind.shape, wanted.shape, strict=True))
        )
        if not same:
            return gast.BinOp(self.zeros(name), gast.Add(), dot)
        if isinstance(dot, gast.Name):
            return gast.Call(gast.Attribute(dot, "copy", gast.Load()), [], [])
        return dot

    def tangent(self, name: str, value: gast.expr) -> gast.expr | None:
        match value:
            case gast.Name() | gast.Constant():
                return self.dot_of(value)
            case gast.Subscript(value=gast.Name(id=source), slice=index):
                return (
                    gast.Subscript(load(self.dot(source)), clone(index), gast.Load())
                    if self.is_active(source)
                    else None
                )
            case gast.List() | gast.Tuple():
                return self.display(value)
            case gast.BinOp(right=count) if isinstance(self.types[name], ListOf):
                items = gast.List(self.repeated_items(value), gast.Load())
                return gast.BinOp(self.display(items), gast.Mult(), clone(count))
            case gast.Call(func=gast.Attribute(value=gast.Name(id=source), attr="pop")) if isinstance(
                self.types.get(source), ListOf
            ):
                return self.on_dot(value, source)
            case gast.Call(func=gast.Attribute(value=gast.Name(id=source), attr="astype" | "copy")) if isinstance(
                self.types.get(source), Array
            ):
                return self.on_dot(value, source)
            case gast.Call(
                func=gast.Attribute(value=gast.Name(id="np"), attr="float32" | "float64" | "complex64" | "complex128"),
                args=[gast.Name(id=source)],
            ):
                return self.on_dot(value, source)
            case gast.Attribute(value=gast.Name(id=source)):
                return self.on_dot(value, source)
        match = self.matcher.match(value)
        if match is None or match.row.kind == "constant":
            return None
        if match.head.callee in ("np.array", "np.asarray"):
            return self.display(value)
        (result,) = self.apply_row([name], match, value)
        return result

    def on_dot(self, value: gast.expr, source: str) -> gast.expr | None:
        """The same operation on the tangent."""
        if not self.is_active(source):
            return None
        new = clone(value)
        for node in nodes_in(new):
            if isinstance(node, gast.Name) and node.id == source:
                node.id = self.dot(source)
        return new

    def display(self, value: gast.expr) -> gast.expr:
        """The same list or array, of the items' tangents."""
        match value:
            case gast.List(elts=elts):
                return gast.List([self.display(e) for e in elts], gast.Load())
            case gast.Tuple(elts=elts):
                return gast.Tuple([self.display(e) for e in elts], gast.Load())
            case gast.Call(func=func, args=[first, *rest], keywords=keywords):
                return gast.Call(clone(func), [self.display(first), *rest], [clone(k) for k in keywords])
        return self.dot_of(value) or self.zero_of(value)

    def zero_of(self, value: gast.expr) -> gast.expr:
        if isinstance(value, gast.Name) and isinstance(self.types.get(value.id), Array):
            return numpy_call("zeros_like", load(value.id))
        return constant(0.0)

    # ---- rules

    def apply_row(self, names: list[str], match: Match, value: gast.expr) -> list[gast.expr | None]:
        extra: dict[str, Bound] = {}
        for output, name in zip(match.head.outputs, names, strict=False):
            extra[output] = Bound(load(name), self.types[name])
        row = match.row
        if row.kind == "elementwise" and not row.tangents:
            return [self.sum_of_partials(names[0], match, extra)]
        if row.tangents:
            return self.given_tangents(match, extra)
        return [self.linear_tangent(match, value)]

    def sum_of_partials(self, name: str, match: Match, extra: Mapping[str, Bound]) -> gast.expr | None:
        expander = self.expander(match, extra)
        total: gast.expr | None = None
        for key, _, operand in match.operands():
            dot = self.dot_of(operand)
            if dot is None:
                continue
            partial = expander.expand(match.row.partials[key])
            term = self.product(dot, partial, name if key in match.row.singular else None)
            if isinstance(operand, gast.Name) and operand.id in self.overflowing:
                if (match.head.callee, key) in LEVELLING:
                    term = self.finite_term(dot, partial, load(name))
                elif match.head.callee.rpartition(".")[2] in FLAT:
                    term = self.finite_term(dot, partial, clone(partial))
            total = term if total is None else gast.BinOp(total, gast.Add(), term)
        return total

    def product(self, dot: gast.expr, partial: gast.expr, singular: str | None) -> gast.expr:
        """Tangent times partial; `singular` names the result of a function whose partial may be infinite."""
        match partial:
            case gast.Constant(value=1):
                return dot
            case gast.UnaryOp(op=gast.USub(), operand=gast.Constant(value=1)) | gast.Constant(value=-1):
                return gast.UnaryOp(gast.USub(), dot)
        term: gast.expr = gast.BinOp(clone(dot), gast.Mult(), partial)
        match partial:
            case gast.BinOp(left=gast.Constant(value=1), op=gast.Div(), right=right):
                term = gast.BinOp(clone(dot), gast.Div(), right)
            case gast.BinOp(left=left, op=gast.Div(), right=right):  # the slope alone may be too large for a float
                term = gast.BinOp(gast.BinOp(clone(dot), gast.Mult(), left), gast.Div(), right)
        if singular is None or is_regular(partial, literal_sign):
            return term
        test = gast.Compare(dot, [gast.NotEq()], [constant(0.0)])
        if isinstance(self.infer(term), Array):
            return self.product(dot, tamed(partial, test, self.types, singular), None)
        return gast.IfExp(test, term, constant(0.0))

    @functools.cached_property
    def overflowing(self) -> frozenset[str]:
        return overflowing_names(self.structure.values())

    def finite_term(self, dot: gast.expr, partial: gast.expr, zero: gast.expr) -> gast.expr:
        """Tangent times partial; 0 where `zero` is 0, whatever the tangent."""
        test = gast.Compare(zero, [gast.NotEq()], [constant(0.0)])
        if not isinstance(self.infer(gast.BinOp(clone(dot), gast.Mult(), partial)), Array):
            return gast.IfExp(test, gast.BinOp(clone(dot), gast.Mult(), partial), constant(0.0))
        return gast.BinOp(numpy_call("where", test, clone(dot), constant(0.0)), gast.Mult(), partial)

    def given_tangents(self, match: Match, extra: Mapping[str, Bound]) -> list[gast.expr | None]:
        dots: dict[str, Bound] = {}
        for key, bound in match.bound.items():
            if isinstance(bound, tuple | gast.Tuple | gast.List):
                items = bound if isinstance(bound, tuple) else tuple(bound.elts)
                dots[f"{key}_dot"] = Bound(tuple(self.dot_bound(i) for i in items), None)
            else:
                dots[f"{key}_dot"] = self.dot_bound(bound)
        for key in match.head.defaults:
            dots.setdefault(f"{key}_dot", Bound(constant(0.0), None, 0.0))
        expander = self.expander(match, {**extra, **dots})
        return [expander.expand(match.row.tangents[o]) if o in match.row.tangents else None for o in match.head.outputs]

    def dot_bound(self, value: gast.expr) -> Bound:
        dot = self.dot_of(value)
        if dot is None:
            dot = self.zero_of(value)
        return Bound(dot, self.infer(value))

    def linear_tangent(self, match: Match, value: gast.expr) -> gast.expr | None:
        """The statement itself on tangents; for products, once for each factor."""
        active = [(key, k, e) for key, k, e in match.operands() if self.dot_of(e) is not None]
        if not active:
            return None
        if match.row.kind == "bilinear":
            total: gast.expr | None = None
            for _, _, operand in active:
                term = replaced(value, {id(operand): self.dot_of(operand)})
                total = term if total is None else gast.BinOp(total, gast.Add(), term)
            return total
        changes: dict[int, gast.expr | None] = {}
        for _, _, operand in match.operands():
            changes[id(operand)] = self.dot_of(operand) or self.zero_of(operand)
        return replaced(value, changes)

    def several_results(self, names: list[str], value: gast.expr) -> None:
        if not any(self.is_active(n) for n in names):
            return
        match = self.matcher.match(value)
        if match is None or match.row.kind == "constant":
            return
        if match.row.kind in ("linear", "bilinear") and not match.row.tangents:
            targets = gast.Tuple([store(self.dot(n)) for n in names], gast.Store())
            expr = self.linear_tangent(match, value)
            if expr is not None:
                self.emit(gast.Assign([targets], expr, None))
            return
        for name, dot in zip(names, self.apply_row(names, match, value), strict=True):
            if self.is_active(name):
                self.assign(self.dot(name), self.full(name, dot) if dot is not None else self.zeros(name))

    # ---- copies and stores

    def parallel_copy(self, targets: Sequence[gast.expr], values: Sequence[gast.expr]) -> None:
        left = [store(t.id) for t in targets]
        right = [clone(v) for v in values]
        for target, value in zip(targets, values, strict=True):
            if self.is_active(target.id):
                left.append(store(self.dot(target.id)))
                right.append(self.dot_of(value) or self.zero_of(value))
        self.emit(gast.Assign([gast.Tuple(left, gast.Store())], gast.Tuple(right, gast.Load()), None))

    def store_tangent(self, statement: gast.stmt, target: gast.Subscript, value: gast.expr) -> None:
        name = base_name(target)
        if name is not None and self.is_active(name):
            place = clone(target)
            place.value = load(self.dot(name))
            self.emit(gast.Assign([place], self.dot_of(value) or constant(0.0), None))
        self.keep(statement)

    def augmented_tangent(self, statement: gast.stmt, target: gast.expr, op: gast.operator, value: gast.expr) -> None:
        name = base_name(target)
        dot = self.dot_of(value)
        if name is not None and self.is_active(name) and dot is not None:
            place = clone(target)
            if isinstance(place, gast.Name):
                place = store(self.dot(name))
            else:
                place.value = load(self.dot(name))
            self.emit(gast.AugAssign(place, op, dot))
        self.keep(statement)
