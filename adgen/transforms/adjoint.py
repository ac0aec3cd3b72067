"""Reverse mode: the adjoint of every statement, last to first."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Sequence
from typing import Any

import gast

from adgen.analyses.expression_types import shape_of
from adgen.errors import UnsupportedSyntax
from adgen.program.accumulation import as_argument
from adgen.program.syntax import clone
from adgen.program.types import Array, ListOf, Scalar, Type
from adgen.rules.kinds import Row
from adgen.transforms.bars import Bar
from adgen.transforms.expansion import Bound
from adgen.transforms.known_results import KnownResults
from adgen.transforms.matching import Match
from adgen.transforms.nodes import constant, is_basic, load, store
from adgen.transforms.row_views import element


class Adjoint(KnownResults):
    """Adjoints of definitions and copies; those of stores are in `stores`, blocks and loops in `reversal`."""

    def statement_adjoint(self, statement: gast.stmt) -> None:
        match statement:
            case gast.Assign(targets=[gast.Tuple(elts=targets)], value=gast.Tuple(elts=values)):
                self.parallel_copy([t.id for t in targets], values)
            case gast.Assign(targets=[gast.Tuple(elts=targets)], value=value):
                self.several_results([t.id for t in targets], value)
            case gast.Assign(targets=[gast.Subscript() as target], value=value):
                self.store_adjoint(statement, target, value)
            case gast.AugAssign(target=target, op=op, value=value):
                self.augmented_adjoint(statement, target, op, value)
            case gast.Assign(targets=[gast.Name(id=name)], value=value):
                self.definition_adjoint(name, value)
            case gast.Expr(value=gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="append"), args=[item])):
                self.append_adjoint(statement, name, item)

    # ---- definitions

    def definition_adjoint(self, name: str, value: gast.expr) -> None:
        if self.storage.is_lens(name) or self.is_row(name):
            return  # a view: its adjoint is a view of its root's
        if isinstance(value, gast.Call) and isinstance(value.func, gast.Attribute) and value.func.attr == "pop":
            self.pop_adjoint(name, value)
            return
        bar = self.bars.pop(name, None)
        if bar is None:
            return
        self.propagate(name, bar, value)

    def propagate(self, name: str, bar: Bar, value: gast.expr) -> None:
        """Send the adjoint of a result to the operands of the expression that defined it."""
        match value:
            case gast.Name(id=source):
                self.contribute_full(source, name, bar)
                return None
            case gast.Constant():
                return None
            case gast.Subscript(value=gast.Name(id=source)):
                self.load_adjoint(name, bar, source, value)
                return None
            case gast.List(elts=items):
                return self.list_adjoint(bar, items)
            case gast.BinOp() if isinstance(self.types[name], ListOf):
                return self.repeated_list_adjoint(bar, self.repeated_items(value))
            case gast.Call(func=gast.Name(id="list"), args=[gast.Name(id=source)]):
                self.contribute(source, load(bar.name))
                return None
            case gast.Call(func=gast.Attribute(value=gast.Name(id=source), attr="astype" | "copy")) if isinstance(
                self.types.get(source), Array
            ):
                self.contribute_full(source, name, bar)
                return None
            case gast.Call(
                func=gast.Attribute(value=gast.Name(id="np"), attr="float32" | "float64" | "complex64" | "complex128"),
                args=[gast.Name(id=source)],
            ):
                self.contribute_full(source, name, bar)
                return None
        match_ = self.matcher.match(value)
        if match_ is None or match_.row.kind == "constant":
            return None
        listed = (
            isinstance(value, gast.Call)
            and value.args
            and isinstance(value.args[0], gast.Name)
            and isinstance(self.types.get(value.args[0].id), ListOf)
        )
        active = [e for _, _, e in match_.operands() if isinstance(e, gast.Name) and self.is_active(e.id)]
        self.moving = bar.name if bar.owned and len(active) == 1 else ""
        self.given, self.heirs = {bar.name} if bar.owned else set(), []
        if match_.head.callee in ("np.array", "np.asarray") or listed:
            self.array_adjoint(name, bar, value)
        elif match_.row.kind == "elementwise" and match_.row.partials:
            self.elementwise_adjoint(name, bar, match_)
        else:
            self.row_adjoint([(name, bar)], match_)
        self.moving = ""
        self.inherit()

    def contribute_full(self, source: str, name: str, bar: Bar) -> None:
        if bar.owned and source not in self.bars and self.is_active(source) and not self.storage.is_lens(source):
            self.contribute(source, load(bar.name))
            known = self.bars[source]  # the memory moves on to the source
            self.bars[source] = Bar(known.name, known.type, True)
        else:
            self.contribute(source, load(bar.name))

    def load_adjoint(self, name: str, bar: Bar, source: str, value: gast.Subscript) -> None:
        """``y = x[i]``: the adjoint goes where the value came from; repeated indices accumulate."""
        if not self.is_active(source):
            return
        added = self.added_axes(name, value)
        if added is not None:
            self.contribute(source, self.without_axes(bar, self.types[name], added))
            return
        index = clone(value.slice)
        self.need_all(index)
        if isinstance(self.types[source], ListOf) and isinstance(index, gast.Slice):
            raise UnsupportedSyntax(
                "list-slice",
                "a slice of a list that grows is differentiated",
                self.span,
                reason="its adjoint is no part of the list's adjoint.",
                remedy="an array, or a loop over the indices",
            )
        read_only = self.is_read_only(source)
        whole = self.zeros_for(source) if read_only else self.lens(source)
        target = element(whole, index)
        expr: gast.expr = (
            self.real_part(source, load(bar.name)) if not isinstance(self.types[source], ListOf) else load(bar.name)
        )
        if is_basic(value.slice, self.types) or self.is_mask(value.slice):
            self.add_into(target, expr)
        else:
            add_at = gast.Attribute(gast.Attribute(load("np"), "add", gast.Load()), "at", gast.Load())
            self.emit(gast.Expr(gast.Call(add_at, [target.value, as_argument(index), expr], [])))
        if read_only:
            self.contribute(source, clone(whole))

    def added_axes(self, name: str, value: gast.Subscript) -> list[int] | None:
        """The axes of length 1 that an index adds, if it does nothing else to an array."""
        kind = self.types[name]
        items = value.slice.elts if isinstance(value.slice, gast.Tuple) else [value.slice]
        if not isinstance(kind, Array) or not all(map(keeps_all, items)) or not any(map(is_new_axis, items)):
            return None
        new: list[bool] = []
        for item in items:
            dots = isinstance(item, gast.Constant) and item.value is ...
            new += [False] * (kind.rank - len(items) + 1) if dots else [is_new_axis(item)]
        return [axis for axis, is_new in enumerate(new) if is_new]

    def without_axes(self, bar: Bar, full: Type, axes: Sequence[int]) -> gast.expr:
        """An adjoint without some axes of length 1 of its variable."""
        rank = len(shape_of(bar.type))
        shown = [axis - len(shape_of(full)) + rank for axis in axes]
        shown = [axis for axis in shown if axis >= 0]
        if not shown:
            return load(bar.name)
        items = [constant(0) if k in shown else gast.Slice(None, None, None) for k in range(max(shown) + 1)]
        return gast.Subscript(
            load(bar.name), items[0] if len(items) == 1 else gast.Tuple(items, gast.Load()), gast.Load()
        )

    def list_adjoint(self, bar: Bar, items: Sequence[gast.expr]) -> None:
        for k, item in enumerate(items):
            if isinstance(item, gast.Name):
                self.contribute(item.id, gast.Subscript(load(bar.name), constant(k), gast.Load()))

    def array_adjoint(self, name: str, bar: Bar, value: gast.Call) -> None:
        """``np.array([...])``: each item gets the element that it became."""
        full = self.spread(name, bar)

        def visit(node: gast.expr, path: tuple[int, ...]) -> None:
            if isinstance(node, gast.List | gast.Tuple):
                for k, item in enumerate(node.elts):
                    visit(item, (*path, k))
            elif isinstance(node, gast.Name) and self.is_active(node.id):
                if isinstance(self.types[node.id], ListOf):
                    self.contribute_list(node.id, full)
                    return
                index = constant(path[0]) if len(path) == 1 else gast.Tuple([constant(k) for k in path], gast.Load())
                self.contribute(node.id, gast.Subscript(clone(full), index, gast.Load()) if path else full)

        visit(value.args[0], ())

    # ---- rules

    def elementwise_adjoint(self, name: str, bar: Bar, match: Match) -> None:
        expander = self.expander(
            match,
            {"y": self.output_bound(match.head.outputs[0], name)}
            | {match.head.outputs[0]: self.output_bound("y", name)},
        )
        for key, _, operand in match.operands():
            if not isinstance(operand, gast.Name) or not self.is_active(operand.id):
                continue
            partial = self.with_known(expander.expand(match.row.partials[key]))
            self.need_all(partial)
            expr = self.product(load(bar.name), partial)
            if key in match.row.singular or name in self.vanishing:
                expr = self.guarded(expr, bar, name, match, partial)
            if shape_of(self.types[name]):  # before it is summed; `contribute` does it for single numbers
                expr = self.real_part(operand.id, expr)
            self.contribute(operand.id, self.unbroadcast(expr, self.types[operand.id], self.types[name]))

    def output_bound(self, _: str, name: str) -> Bound:
        return Bound(load(name), self.types[name])

    def row_adjoint(self, results: list[tuple[str, Bar | None]], match: Match) -> None:
        """Linear, bilinear and general rows, and elementwise ones that give ``x_bar``."""
        row = match.row
        extra: dict[str, Bound] = {}
        keys = [k for k, _, e in match.operands() if isinstance(e, gast.Name) and self.is_active(e.id)]
        names = match.head.outputs if len(results) > 1 or len(match.head.outputs) > 1 else ("y",)
        for output, (name, bar) in zip(match.head.outputs, results, strict=True):
            extra[output] = self.output_bound(output, name)
            if bar is None:
                extra[f"{output}_bar"] = Bound(None, None, None)
                continue
            small = row.kind == "elementwise" or (isinstance(bar.type, Scalar) and spreads(row, keys, output))
            spread = load(bar.name) if small else self.spread(name, bar)
            extra[f"{output}_bar"] = Bound(spread, bar.type if small else self.types[name])
        assert names
        outer, self.out = self.out, []
        expander = self.expander(match, extra)
        for key, k, operand in match.operands():
            if not isinstance(operand, gast.Name) or not self.is_active(operand.id):
                continue
            more = {} if k is None else {"k": Bound(constant(k), None, k)}
            if k is not None:
                expander.bound["k"] = more["k"]
            text = row.adjoints.get(key)
            expr = self.partial_product(expander, key, results[0][1]) if text is None else expander.expand(text)
            self.flush_lets(outer)
            self.need_all(expr)
            first_name, first_bar = results[0]
            if key in row.singular and first_bar is not None:
                expr = self.guarded(expr, first_bar, first_name, match, expr)
            expr = self.real_part(operand.id, expr)
            if row.kind == "elementwise":
                expr = self.unbroadcast(expr, self.types[operand.id], self.types[results[0][0]])
            self.contribute(operand.id, expr, whole=row.kind != "elementwise")
        outer += self.out
        self.out = outer

    def partial_product(self, expander: Any, key: str, bar: Bar | None) -> gast.expr:
        assert bar is not None
        return self.product(load(bar.name), self.with_known(expander.expand(expander.row.partials[key])))

    def flush_lets(self, outer: list[gast.stmt]) -> None:
        """What shared subexpressions read must be at hand before them."""
        lets, self.out = self.out, []
        for statement in lets:
            if isinstance(statement, gast.Assign) and statement not in outer:
                self.need_all(statement.value)
        self.out = [s for s in self.out if s not in lets] + lets

    def several_results(self, names: list[str], value: gast.expr) -> None:
        bars = [self.bars.pop(n, None) for n in names]
        if all(b is None for b in bars):
            return
        match = self.matcher.match(value)
        if match is None or match.row.kind == "constant":
            return
        if len(match.head.outputs) == 1:
            self.tuple_result(names, bars, match)
            return
        self.row_adjoint(list(zip(names, bars, strict=True)), match)

    def tuple_result(self, names: list[str], bars: list[Bar | None], match: Match) -> None:
        """A function that returns a tuple under one name (``np.split``, ``np.meshgrid``)."""
        spread = []
        for name, bar in zip(names, bars, strict=True):
            if bar is None:
                self.materialized(name)
                bar = self.bars.pop(name)
            spread.append(self.spread(name, bar))
        extra = {
            "y_bar": Bound(tuple(Bound(e, self.infer(e)) for e in spread), None),
            "y": Bound(tuple(Bound(load(n), self.types[n]) for n in names), None),
        }
        output = match.head.outputs[0]
        extra |= {output: extra["y"], f"{output}_bar": extra["y_bar"]}
        expander = self.expander(match, extra)
        for key, k, operand in match.operands():
            if isinstance(operand, gast.Name) and self.is_active(operand.id):
                if k is not None:
                    expander.bound["k"] = Bound(constant(k), None, k)
                expr = expander.expand(match.row.adjoints[key])
                self.need_all(expr)
                self.contribute(operand.id, expr)

    # ---- copies

    def parallel_copy(self, targets: list[str], values: Sequence[gast.expr]) -> None:
        """``a, b = c, d``: all at once, so that swaps come out right."""
        taken = [(self.bars.pop(t, None), v) for t, v in zip(targets, values, strict=True)]
        moves = [(v.id, b) for b, v in taken if b is not None and isinstance(v, gast.Name) and self.is_active(v.id)]
        clash = {b.name for _, b in moves} & {self.bar_name(s) for s, _ in moves}
        if not clash:
            for source, bar in moves:
                self.contribute(source, load(bar.name))
            return
        fresh: list[tuple[str, Bar]] = []
        later: list[tuple[str, str]] = []  # what is added to an adjoint that the copy defines
        for source, bar in moves:
            if source in self.bars or self.storage.is_lens(source):
                self.contribute(source, load(bar.name))
            elif all(source != s for s, _ in fresh):
                fresh.append((source, bar))
            else:
                saved = self.fresh(bar.name, temporary=True)
                self.types[saved] = bar.type
                self.assign(saved, load(bar.name))
                later.append((source, saved))
        names = [self.bar_name(s) for s, _ in fresh]
        for name, (_, bar) in zip(names, fresh, strict=True):
            self.types[name] = bar.type
        self.emit(
            gast.Assign(
                [gast.Tuple([store(n) for n in names], gast.Store())],
                gast.Tuple([load(b.name) for _, b in fresh], gast.Load()),
                None,
            )
        )
        for name, (source, bar) in zip(names, fresh, strict=True):
            self.bars[source] = Bar(name, bar.type, bar.owned)
        for source, saved in later:
            self.contribute(source, load(saved))


@functools.lru_cache(maxsize=256)
def _spreading(texts: tuple[str, ...], bar: str) -> bool:
    inside: set[int] = set()
    found: set[int] = set()
    for text in texts:
        for node in ast.walk(ast.parse(text.strip())):
            match node:
                case ast.Call(func=ast.Name(id="unreduce"), args=[first, *_]):
                    inside |= {id(n) for n in ast.walk(first)}
                case ast.Name(id=name) if name == bar:
                    found.add(id(node))
    return found <= inside


def spreads(row: Row, keys: Iterable[str], output: str) -> bool:
    """Whether a row uses an adjoint only to spread it over what a reduction removed, so that a number will do."""
    return _spreading((*(row.adjoints.get(k, "") for k in keys), *row.let.values()), f"{output}_bar")


def is_new_axis(item: gast.expr) -> bool:
    return isinstance(item, gast.Constant) and item.value is None


def keeps_all(item: gast.expr) -> bool:
    """Whether an item of an index (``:``, ``None``, ``...``) leaves nothing of an array out."""
    if isinstance(item, gast.Slice):
        return item.lower is item.upper is item.step is None
    return isinstance(item, gast.Constant) and (item.value is None or item.value is ...)
