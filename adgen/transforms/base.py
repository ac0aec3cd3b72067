"""What tangent and adjoint share: the program's facts, names, and rules expanded for statements."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import gast

from adgen.analyses.activity import find_useful, find_varied
from adgen.analyses.dependence import Dependences
from adgen.analyses.expression_types import ExpressionTypes, is_module
from adgen.analyses.layout import Layout
from adgen.analyses.shifts import find_shifts
from adgen.analyses.sizes import Sizes
from adgen.analyses.storage import Storage
from adgen.analyses.structure import Structure, assigned, base_name
from adgen.errors import MissingRule, UnsupportedSyntax
from adgen.program.dims import Dim
from adgen.program.function import Function, GlobalName
from adgen.program.spans import Span, span_of, with_span
from adgen.program.syntax import clone
from adgen.program.types import Array, ListOf, Scalar, Type, is_differentiable, of_items
from adgen.rules.macros import MISSING
from adgen.transforms.expansion import Bound, Expander
from adgen.transforms.matching import Match, Matcher, leaf_names, static_of
from adgen.transforms.nodes import constant, load, numpy_call, store, zero_number
from adgen.transforms.views import Views


class Transform(Views):
    """Common ground of the two modes."""

    sweep = "forward"

    def __init__(self, function: Function, sizes: Sizes, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> None:
        self.function, self.sizes = function, sizes
        self.types: dict[str, Type] = dict(function.types)
        self.globals: dict[str, GlobalName] = dict(function.globals)
        self.used = set(function.types) | set(function.globals) | set(function.params) | {"np", "math"}
        self.temporaries = set(function.temporaries)
        self.matcher = Matcher(self.types, self.globals)
        self.structure = Structure(function)
        self.dependences = Dependences(self.structure, function.types, sizes)
        self.layout = Layout(function, self.structure, self.is_view, self.elementwise_operands)
        self.storage = Storage(function, self.structure, self.view_of, self.may_share, outputs)
        self.statements = [p.statement for p in self.structure.places.values()]
        self.infer = ExpressionTypes(self.types, sizes, self.globals)
        self.inputs, self.outputs = inputs, outputs
        shifts = find_shifts(self.structure, self.types, outputs, self.storage.is_written)  # held constant
        moving = [
            s for s in self.statements if not (isinstance(s, gast.Assign) and shifts & set(assigned(s.targets[0])))
        ]
        self.varied = find_varied(moving, inputs, self.types, self.matcher.differentiable_names, self.storage)
        self.useful = find_useful(self.statements, outputs, self.matcher.differentiable_names, self.storage)
        self.out: list[gast.stmt] = []
        self.span: Span | None = None
        self.check_program()

    # ---- refusals

    def check_program(self) -> None:
        """Refuse what neither mode can do right: overlaps, rules that are not there."""
        for conflict in self.storage.conflicts:
            if self.is_active(conflict.written) or self.is_active(conflict.other):
                raise UnsupportedSyntax(
                    "overlap",
                    f"{conflict.written!r} is written while {conflict.other!r} may share its memory",
                    span_of(conflict.statement),
                    reason="which name sees the new value can't be decided when the derivative is generated.",
                    remedy=f"{conflict.written} = {conflict.written}.copy() before it",
                )
        self.check_complex_parts()
        for statement in self.statements:
            self.check_nested_lists(statement)
            value = getattr(statement, "value", None)
            if isinstance(statement, gast.Assign | gast.AugAssign) and value is not None:
                self.check_rule(statement, value)

    def check_rule(self, statement: gast.stmt, value: gast.expr) -> None:
        for key, name in self.matcher.held_constant(value):
            if name in self.varied and self.defines_active(statement):
                match = self.matcher.match(value)
                assert match is not None
                raise MissingRule(
                    "no-derivative",
                    f"{match.head.callee} has no derivative with respect to {key!r}",
                    span_of(statement),
                    reason="its rule holds this argument constant.",
                    remedy=f"adgen.stop_gradient({name}) if that is meant",
                )
        self.check_lists(statement, value)
        if (
            isinstance(value, gast.Call | gast.BinOp | gast.UnaryOp | gast.Attribute)
            and self.matcher.match(value) is None
            and self.defines_active(statement)
        ):
            varied = [n for n in leaf_names(value) if n in self.varied]
            refusal = self.matcher.refusal(value)
            if varied and refusal is not None:
                raise MissingRule(
                    "refused-function",
                    f"{refusal[0]} can't be differentiated",
                    span_of(statement),
                    reason=refusal[1],
                    remedy="what the reason suggests",
                )
            if varied and not self.is_special(value):
                raise MissingRule(
                    "no-rule",
                    "no rule fits this call",
                    span_of(statement),
                    reason="the function has rules, but not for these arguments.",
                    remedy="other arguments, or a rule: adgen.rule(...)",
                )

    def check_lists(self, statement: gast.stmt, value: gast.expr) -> None:
        """Of a list that grows, only ``np.array``, ``np.stack`` and ``list`` know the adjoint."""
        if not isinstance(value, gast.Call):
            return
        for argument in value.args:
            if (
                isinstance(argument, gast.Name)
                and isinstance(self.types.get(argument.id), ListOf)
                and argument.id in self.varied
                and self.defines_active(statement)
            ):
                match = self.matcher.match(value)
                callee = match.head.callee if match is not None else "list"
                if callee in ("np.array", "np.stack", "list", "len") and len(value.args) == 1 and not value.keywords:
                    continue
                raise UnsupportedSyntax(
                    "list-argument",
                    f"{callee} of a list that grows at run time",
                    span_of(statement),
                    reason="where its items end up in the result is known only at run time.",
                    remedy=f"np.array({argument.id}), then {callee}",
                )

    def check_nested_lists(self, statement: gast.stmt) -> None:
        """Lists of lists of floats of run-time length: whose item an inner list is can't be followed."""
        target = statement.targets[0] if isinstance(statement, gast.Assign) else None
        name = target.id if isinstance(target, gast.Name) else ""  # pyright: ignore[reportOptionalMemberAccess]
        kind = self.types.get(name)
        if isinstance(kind, ListOf) and isinstance(kind.item, ListOf) and is_differentiable(kind):
            raise UnsupportedSyntax(
                "nested-list",
                "a list of lists whose lengths are known only at run time",
                span_of(statement),
                reason="writes to an inner list can't be followed through the outer one.",
                remedy="an array: np.zeros((m, n))",
            )

    def defines_active(self, statement: gast.stmt) -> bool:
        target = statement.target if isinstance(statement, gast.AugAssign) else statement.targets[0]
        names = assigned(target) or [base_name(target)]
        return any(n in self.useful and is_differentiable(self.types.get(n)) for n in names)

    def is_special(self, value: gast.expr) -> bool:
        """Forms that the transforms know without a row."""
        match value:
            case gast.Call(func=gast.Attribute(value=owner, attr="astype" | "pop" | "copy" | "append")):
                return not is_module(owner)
            case gast.Call(
                func=gast.Attribute(value=gast.Name(id="np"), attr="float32" | "float64" | "complex128" | "complex64")
            ):
                return True
            case gast.Attribute(attr="shape" | "size" | "ndim" | "dtype"):
                return True
            case gast.Call(func=gast.Name(id="len")):
                return True
        return False

    # ---- facts

    def is_active(self, name: str | None) -> bool:
        return name in self.varied and name in self.useful

    # ---- names and statements

    def fresh(self, hint: str, *, temporary: bool = False) -> str:
        name, k = hint, 0
        while name in self.used:
            k += 1
            name = f"{hint}{k}"
        self.used.add(name)
        if temporary:
            self.temporaries.add(name)
        return name

    def emit(self, statement: gast.stmt) -> gast.stmt:
        span = None if self.span is None else replace(self.span, sweep=self.sweep)
        if span is not None and "raise" in span.errstate:  # what the original computes has not raised
            span = replace(span, errstate=span.errstate.replace('"raise"', '"ignore"'))
        self.out.append(with_span(statement, span))
        return statement

    def assign(self, name: str, expr: gast.expr) -> None:
        self.emit(gast.Assign([store(name)], expr, None))

    # ---- rules

    def expander(self, match: Match, extra: Mapping[str, Bound]) -> Expander:
        bound = {name: self.bound(value) for name, value in match.bound.items()}
        for name, default in match.head.defaults.items():
            if name not in bound:
                bound[name] = Bound(
                    constant(default)
                    if not isinstance(default, tuple)
                    else gast.Tuple([constant(v) for v in default], gast.Load()),
                    None,
                    default,
                )
        scalars = all(not isinstance(b.type, Array) for b in bound.values())
        use_math = match.head.callee.startswith("math.") and scalars
        return Expander(
            match.row,
            {**bound, **extra},
            infer=self.infer,
            metadata=self.metadata,
            define=self.define_shared,
            need_runtime=self.need_runtime,
            use_math=use_math,
        )

    def bound(self, value: Any) -> Bound:
        if isinstance(value, gast.Tuple | gast.List) and static_of(value) is MISSING:
            value = tuple(value.elts)
        if isinstance(value, tuple):
            return Bound(tuple(self.bound(v) for v in value), None, static_of(value))
        type_ = self.infer(value)
        if isinstance(type_, Array):
            type_ = replace(type_, shape=tuple(map(self.sizes.reduce, type_.shape)))
        return Bound(value, type_, static_of(value))

    def define_shared(self, name: str, value: gast.expr) -> gast.expr:
        """A ``let`` of a row gets a variable, so that it is computed once."""
        if isinstance(value, gast.Name | gast.Constant):
            return value
        type_ = self.infer(value)
        variable = self.fresh(name, temporary=True)
        if type_ is not None:
            self.types[variable] = type_
        self.assign(variable, value)
        return load(variable)

    def need_runtime(self, name: str, function: Any, module: str | None = "adgen.runtime") -> str:
        """The name of a function of `adgen.runtime`, or of what a user's rule names."""
        for known in self.globals.values():
            if known.value is function:
                return known.name
        variable = self.fresh(name)
        self.globals[variable] = GlobalName(variable, function, module, name)
        return variable

    # ---- extents

    def metadata(self, expr: Any, type_: Type | None, what: str, axis: int | None) -> gast.expr | None:
        """``x.shape[k]``, ``x.size``, ``x.shape`` in terms of what is known or at hand."""
        if not isinstance(type_, Array | Scalar):
            return None
        if what == "dtype":
            return gast.Attribute(load("np"), type_.dtype.name, gast.Load())
        if isinstance(type_, Scalar):
            return constant(1) if what == "size" else gast.Tuple([], gast.Load()) if what == "shape" else None
        dims = [self.sizes.reduce(d) for d in type_.shape]
        if what == "shape" and axis is not None:
            return self.extent(dims[axis], expr, axis % len(dims))
        if what == "size":
            if all(d.is_const for d in dims):
                total = 1
                for d in dims:
                    total *= d.const
                return constant(total)
            return self.size_expression(dims, self.holder(type_, expr))
        holder = self.holder(type_, expr)
        if holder is not None:
            return gast.Attribute(holder, "shape", gast.Load())
        if all(self.at_entry(d) for d in dims):
            return gast.Tuple([self.dim_expression(d) for d in dims], gast.Load())
        return None

    def size_expression(self, dims: list[Dim], holder: gast.expr | None) -> gast.expr | None:
        """The number of elements: of a variable of the user's, else the product of the extents."""
        named = holder.id if isinstance(holder, gast.Name) else ""  # pyright: ignore[reportOptionalMemberAccess]
        if (not named or named in self.temporaries) and all(self.at_entry(d) for d in dims):
            factors = [self.dim_expression(d) for d in dims if not d.is_one]
            return functools.reduce(lambda a, b: gast.BinOp(a, gast.Mult(), b), factors)
        return None if holder is None else gast.Attribute(holder, "size", gast.Load())

    def at_entry(self, dim: Dim) -> bool:
        return all(s in self.sizes.entry_symbols for s in dim.symbols)

    def dim_expression(self, dim: Dim) -> gast.expr:
        return clone(gast.parse(str(dim)).body[0].value)

    def extent(self, dim: Dim, expr: Any, axis: int) -> gast.expr | None:
        if dim.is_const:
            return constant(dim.const)
        if self.at_entry(dim):
            return self.dim_expression(dim)
        if isinstance(expr, gast.Name):
            shape = gast.Attribute(load(expr.id), "shape", gast.Load())
            return gast.Subscript(shape, constant(axis), gast.Load())
        return None

    def holder(self, type_: Array, expr: Any) -> gast.expr | None:
        """A variable of the same shape that is sure to be at hand: the user's own, if there is one."""
        shape = [self.sizes.reduce(d) for d in type_.shape]

        def fits(name: str) -> bool:
            other = self.types.get(name)
            return isinstance(other, Array) and [self.sizes.reduce(d) for d in other.shape] == shape

        own = expr.id if isinstance(expr, gast.Name) else None
        if own is not None and (own in self.function.params or (own not in self.temporaries and self.at_hand(own))):
            return load(own)
        for name in (*self.function.params, *self.visible_names()):
            if name != own and fits(name) and name not in self.temporaries and self.at_hand(name):
                return load(name)
        return load(own) if own is not None else None

    def repeated_items(self, value: gast.BinOp) -> list[gast.expr]:
        """The items of ``[a, b] * n``, the operator on lists of run-time length that has a derivative here."""
        match value:
            case gast.BinOp(left=gast.List(elts=items), op=gast.Mult()) if not any(
                isinstance(item, gast.Name) and isinstance(self.types.get(item.id), Array | ListOf) for item in items
            ):
                return items
        raise UnsupportedSyntax(
            "list-operator",
            "an operator on lists whose length is known only at run time",
            self.span,
            reason="the adjoint of each item would have to be found among those of the result.",
            remedy="an array: np.full(n, x), np.concatenate, or a loop with append",
        )

    def zero_items(self, name: str) -> gast.expr:
        """A list of zeros: one for each item that a list holds now."""
        listed: Any = self.types[name]
        if listed.item is None:
            return gast.List([], gast.Load())
        if isinstance(listed.item, Array):
            item = self.fresh("item", temporary=True)
            self.types[item] = of_items(listed.item, item)
            loop = gast.comprehension(store(item), load(name), [], 0)
            return gast.ListComp(numpy_call("zeros_like", load(item)), [loop])
        count = gast.Call(load("len"), [load(name)], [])
        return gast.BinOp(gast.List([zero_number(listed.item)], gast.Load()), gast.Mult(), count)

    def visible_names(self) -> list[str]:
        return []

    def at_hand(self, name: str) -> bool:
        """Whether a variable outside of all loops and branches holds its value now."""
        if name in self.function.params:
            return True
        definition = self.structure.definitions.get(name)
        return (
            definition is not None and definition.kind == "plain" and definition.places[0].block is self.structure.root
        )
