"""Adjoints of variables: first use assigns, later ones accumulate, broadcasting is undone by summing.

An adjoint may be kept in a smaller shape that broadcasts to its variable's (the adjoint of a mean is a
number); it is spread out only where a rule needs the full shape.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import gast
import numpy as np

from adgen.analyses.aliases import Sources
from adgen.analyses.effects import dotted
from adgen.analyses.expression_types import shape_of
from adgen.program.syntax import clone, nodes_in
from adgen.program.types import INT, Array, ListOf, Scalar, Type
from adgen.transforms.broadcasting import Broadcasting
from adgen.transforms.nodes import constant, load, numpy_call, store, zero_number


@dataclass(frozen=True)
class Bar:
    """The present adjoint of a variable: where it is held, in which shape, and whether it may be written."""

    name: str
    type: Type
    owned: bool


class Bars(Broadcasting):
    """Bookkeeping of adjoints while the reverse sweep is written."""

    sweep = "reverse"
    bars: dict[str, Bar]
    moving = ""  # an adjoint whose memory passes to the only operand that gets it
    given: Collection[str] = ()  # adjoints whose memory nobody needs after the statement
    heirs: list[tuple[str, bool]]  # those whose adjoints share it, and whether in a way that lets them write

    @property
    def constants(self) -> dict[str, complex]:
        """Adjoints that are known numbers as the code is written."""
        return self.__dict__.setdefault("_constants", {})

    def bar_name(self, name: str) -> str:
        known = self.canonical.get(name)
        if known is None:
            known = self.canonical[name] = self.fresh(f"{name}_bar", temporary=name in self.temporaries)
        return known

    def full_name(self, name: str) -> str:
        """The variable for an adjoint in full shape: another one if that held a number before."""
        known = self.bar_name(name)
        if known in self.types and self.rank(self.types[known]) != self.rank(self.types[name]):
            known = self.canonical[name] = self.fresh(known, temporary=name in self.temporaries)
        return known

    @property
    def canonical(self) -> dict[str, str]:
        return self.__dict__.setdefault("_canonical", {})

    # ---- contributions

    def contribute(self, name: str, expr: gast.expr, *, whole: bool = False) -> None:
        """Add `expr` to the adjoint of a variable; a `whole` one has its extents, but for those that are 1."""
        if not self.is_active(name) or (isinstance(expr, gast.Constant) and expr.value == 0):
            return
        kind = self.infer(expr)
        real = self.real_of(name, expr, kind)
        if real is not expr:
            expr, kind = real, self.infer(real)
        if self.storage.is_lens(name):
            if self.is_read_only(name):
                self.contribute(self.storage.parent[name], self.spread_into_parent(name, expr))
            else:
                expr = self.saved_from(self.storage.root(name), expr)
                self.add_into(self.lens(name), expr)
            return
        if isinstance(self.types[name], ListOf):
            self.contribute_list(name, expr)
            return
        whole = whole or self.is_summed(expr)
        kind = self.types[name] if kind is None else self.sized(kind, self.types[name]) if whole else kind
        known = self.bars.get(name)
        if known is None:
            self.first(name, expr, kind)
        else:
            self.accumulate(name, known, expr, kind)

    def sized(self, kind: Type, wanted: Type) -> Type:
        """The type of what a rule gives for a variable: extents that are not told are the variable's own."""
        if not isinstance(kind, Array) or not isinstance(wanted, Array) or kind.rank != wanted.rank:
            return kind
        dims = [a if self.sizes.reduce(a).is_one else b for a, b in zip(kind.shape, wanted.shape, strict=True)]
        return Array(kind.dtype, tuple(dims))

    def real_part(self, name: str, expr: gast.expr) -> gast.expr:
        """The part of a contribution that goes to a variable: the real part if that is real."""
        return self.real_of(name, expr, self.infer(expr))

    def real_of(self, name: str, expr: gast.expr, kind: Type | None) -> gast.expr:
        wanted = self.types[name]
        if getattr(wanted, "kind", "") != "f":
            return expr
        if kind is None:  # complex if anything in it is
            parts = [self.types.get(n.id) for n in nodes_in(expr) if isinstance(n, gast.Name)]
        else:
            parts = [kind]
        return numpy_call("real", expr) if any(getattr(p, "kind", "") == "c" for p in parts) else expr

    def first(self, name: str, expr: gast.expr, kind: Type) -> None:
        variable = self.bar_name(name)
        full = self.is_full(kind, self.types[name])
        if not full or (variable in self.types and self.rank(self.types[variable]) != self.rank(kind)):
            variable = (
                self.fresh(variable, temporary=name in self.temporaries) if full or variable in self.types else variable
            )
        value = self.contiguous(name, expr) if full and self.is_owned(expr) else expr
        # A number that became an array, for it is written through views, has the type of one.
        self.types[variable] = (
            self.types[name] if value is not expr and not shape_of(kind) else self.bar_type(kind, name)
        )
        self.assign(variable, value)
        if isinstance(expr, gast.Constant):
            self.constants[variable] = expr.value
        else:
            self.constants.pop(variable, None)
        self.bars[name] = Bar(variable, self.types[variable], self.is_owned(expr))
        if self.given and not self.bars[name].owned and self.shared(expr) & set(self.given):
            self.heirs.append((name, is_writable_view(expr)))

    def inherit(self) -> None:
        """The memory of a result's adjoint belongs to the operand whose adjoint has it, if that is one alone."""
        if len(self.heirs) == 1:
            name, writable = self.heirs[0]
            known = self.bars[name]
            self.bars[name] = Bar(known.name, known.type, known.owned or (writable and name not in self.laid_out))
        self.given, self.heirs = (), []

    def shared(self, expr: gast.expr) -> frozenset[str]:
        """Whose memory an expression may share."""
        return Sources(self.function.types).sources(expr)

    def full_type(self, name: str) -> Type:
        """The type of an adjoint in full shape; double precision numbers may be Python's."""
        wanted = self.types[name]
        return Scalar(wanted.dtype) if isinstance(wanted, Scalar) and wanted.dtype == np.float64 else wanted

    def bar_type(self, kind: Type, name: str) -> Type:
        wanted = self.types[name]
        if isinstance(kind, Scalar) and kind.kind in "iub":
            return Scalar(wanted.dtype)
        return kind

    def accumulate(self, name: str, known: Bar, expr: gast.expr, kind: Type) -> None:
        wanted = self.types[name]
        if isinstance(wanted, Scalar) or (known.owned and self.is_full(known.type, wanted)):
            self.constants.pop(known.name, None)
            self.emit(gast.AugAssign(store(known.name), gast.Add(), expr))
            self.bars[name] = Bar(known.name, known.type, known.owned)
            return
        total = gast.BinOp(load(known.name), gast.Add(), expr)
        total_type = self.infer(total) or wanted
        if not shape_of(wanted):
            total_type = wanted
        variable = known.name
        if not self.is_full(known.type, total_type):
            variable = self.fresh(self.bar_name(name), temporary=name in self.temporaries)
        self.types[variable] = total_type
        self.assign(variable, self.contiguous(name, total) if self.is_full(total_type, wanted) else total)
        self.bars[name] = Bar(variable, total_type, True)

    def is_owned(self, expr: gast.expr) -> bool:
        """Whether the value of an expression is memory that nobody else holds."""
        return (
            isinstance(expr, gast.BinOp | gast.UnaryOp | gast.Constant)
            or (isinstance(expr, gast.Name) and expr.id == self.moving)
            or (isinstance(expr, gast.Call) and self.fresh_memory(expr))
        )

    def fresh_memory(self, call: gast.Call) -> bool:
        return Sources(self.function.types).is_fresh(call)

    @staticmethod
    def rank(type_: Type) -> int:
        return len(shape_of(type_))

    def is_full(self, kind: Type, wanted: Type) -> bool:
        """Whether a value has its variable's shape, not just one that broadcasts to it."""
        have, want = shape_of(kind), shape_of(wanted)
        return len(have) == len(want) and all(self.sizes.provably_equal(a, b) for a, b in zip(have, want, strict=True))

    # ---- adjoints that are written in place

    def lens(self, name: str) -> gast.expr:
        """The part of the root's adjoint that belongs to a view."""
        if not self.storage.is_lens(name) and not self.is_row(name):
            return load(self.materialized(name).name)
        expr = clone(self.storage.views[name])
        parent = self.storage.parent[name]
        inner = self.lens(parent)
        replaced = _Replace(parent, inner).visit(expr)
        self.need_all(replaced, without=inner)
        return replaced

    def add_into(self, target: gast.expr, expr: gast.expr, op: gast.operator | None = None) -> None:
        self.emit(gast.AugAssign(as_target(target), op or gast.Add(), expr))

    def contribute_list(self, name: str, items: gast.expr) -> None:
        """Add the items of `items` (a list or an array) to those of a list's adjoint, one by one."""
        bar = self.materialized(name)
        k = self.fresh("k", temporary=True)
        self.types[k] = INT
        place = gast.Subscript(load(bar.name), load(k), gast.Store())
        item = gast.Subscript(items, load(k), gast.Load())
        count = gast.Call(load("len"), [load(bar.name)], [])
        self.emit(
            gast.For(
                store(k), gast.Call(load("range"), [count], []), [gast.AugAssign(place, gast.Add(), item)], [], None
            )
        )

    def repeated_list_adjoint(self, bar: Bar, items: list[gast.expr]) -> None:
        """``[a, b] * n``: each item gets the sum over its copies."""
        count = gast.Call(load("len"), [load(bar.name)], [])
        for place, item in enumerate(items):
            if not (isinstance(item, gast.Name) and self.is_active(item.id)):
                continue
            total, k = self.fresh(f"{item.id}_bar", temporary=True), self.fresh("k", temporary=True)
            self.types[total], self.types[k] = self.full_type(item.id), INT
            self.emit(gast.Assign([store(total)], self.zeros(item.id), None))
            copies = gast.Call(load("range"), [constant(place), count, constant(len(items))], [])
            part = gast.Subscript(load(bar.name), load(k), gast.Load())
            self.emit(gast.For(store(k), copies, [gast.AugAssign(store(total), gast.Add(), part)], [], None))
            self.contribute(item.id, load(total))

    def start_list(self, name: str) -> Bar:
        """The adjoint of a list: a zero for each item that it holds at its end."""
        variable = self.bar_name(name)
        self.types[variable] = self.types[name]
        self.assign(variable, self.zeros(name))
        self.bars[name] = Bar(variable, self.types[name], True)
        return self.bars[name]

    def materialized(self, name: str) -> Bar:
        """The adjoint in full shape, in memory of its own."""
        known = self.bars.get(name)
        wanted = self.types[name]
        if isinstance(wanted, ListOf):
            return known if known is not None else self.start_list(name)
        if known is not None and known.owned and self.is_full(known.type, wanted):
            return known
        if known is not None and isinstance(wanted, Scalar):
            return known
        variable = self.full_name(name)
        if known is not None and known.name == variable and not self.is_full(known.type, wanted):
            variable = self.canonical[name] = self.fresh(variable, temporary=name in self.temporaries)
        if known is None:
            expr = self.zeros(name)
        elif self.is_full(known.type, wanted):
            expr = gast.Call(gast.Attribute(load(known.name), "copy", gast.Load()), [], [])
        else:
            expr = self.filled(name, known)
        if known is not None and isinstance(known.type, Array) and isinstance(wanted, Array):
            wanted = Array(np.result_type(known.type.dtype, wanted.dtype), wanted.shape)
        self.types[variable] = wanted
        self.assign(variable, self.contiguous(name, expr))
        self.bars[name] = Bar(variable, wanted, True)
        return self.bars[name]

    def filled(self, name: str, known: Bar) -> gast.expr:
        """An adjoint of smaller shape, spread out."""
        zeros = self.zeros(name)
        if isinstance(known.type, Scalar) and isinstance(zeros, gast.Call) and not zeros.keywords:
            spelling = "full_like" if zeros.func.attr == "zeros_like" else "full"
            return numpy_call(spelling, zeros.args[0], load(known.name))
        return gast.BinOp(zeros, gast.Add(), load(known.name))

    def zeros(self, name: str) -> gast.expr:
        wanted = self.types[name]
        if isinstance(wanted, Scalar):
            return zero_number(wanted)
        if isinstance(wanted, ListOf):
            self.need_all(load(name))
            return self.zero_items(name)
        assert isinstance(wanted, Array)
        holder: Any = load(name) if name in self.function.params else self.holder(wanted, None)
        if isinstance(holder, gast.Name) and self.types[holder.id].dtype == wanted.dtype:
            return numpy_call("zeros_like", holder)
        dims = [self.sizes.reduce(d) for d in wanted.shape]
        if all(self.at_entry(d) for d in dims):
            shape = [self.dim_expression(d) for d in dims]
            extent = shape[0] if len(shape) == 1 else gast.Tuple(shape, gast.Load())
            dtype = gast.Attribute(load("np"), wanted.dtype.name, gast.Load())
            extra = {} if wanted.dtype == float else {"dtype": dtype}
            return numpy_call("zeros", extent, **extra)
        self.need_all(gast.Attribute(load(name), "shape", gast.Load()))  # whatever its contents are by now
        return numpy_call("zeros_like", load(name))

    def spread(self, name: str, bar: Bar) -> gast.expr:
        """The adjoint of an output for rules that need its full shape."""
        wanted = self.types[name]
        if isinstance(wanted, Scalar) or self.is_full(bar.type, wanted):
            return load(bar.name)
        self.bars[name] = bar
        full = self.materialized(name)
        del self.bars[name]
        self.given = {*self.given, full.name}
        return load(full.name)


WRITABLE = frozenset(f"np.{n}" for n in "expand_dims flip moveaxis ravel reshape squeeze swapaxes transpose".split())


def is_writable_view(expr: gast.expr) -> bool:
    """Whether writing into the value of an expression writes into the memory that it is a view of."""
    match expr:
        case gast.Call(func=func, args=[inner, *_]):
            return dotted(func) in WRITABLE and is_writable_view(inner)
        case gast.Attribute(value=inner, attr="T") | gast.Subscript(value=inner):
            return is_writable_view(inner)
    return isinstance(expr, gast.Name)


def as_target(expr: gast.expr) -> gast.expr:
    """An expression that can stand left of ``+=`` and is written in place."""
    match expr:
        case gast.Name(id=name):
            return store(name)
        case gast.Subscript():
            return gast.Subscript(expr.value, expr.slice, gast.Store())
    return gast.Subscript(expr, constant(...), gast.Store())


class _Replace(gast.NodeTransformer):
    def __init__(self, name: str, expr: gast.expr) -> None:
        self.name, self.expr = name, expr

    def visit_Name(self, node: gast.Name) -> gast.expr:
        return clone(self.expr) if node.id == self.name and isinstance(node.ctx, gast.Load) else node
