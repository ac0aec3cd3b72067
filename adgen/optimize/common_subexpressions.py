"""Compute equal things once: a name that already holds the value is used, or one is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import gast
import numpy as np

from adgen.analyses.effects import blocks_of, dotted, facts
from adgen.analyses.expression_types import ExpressionTypes
from adgen.analyses.sizes import Sizes
from adgen.optimize.context import Facts, is_forward, with_body
from adgen.optimize.kinds import Kinds
from adgen.optimize.trees import (
    assign,
    keep,
    map_blocks,
    name,
    names_stored,
    replace_nodes,
    unchanged,
    with_fields,
)
from adgen.program.attempts import Attempt
from adgen.program.dims import Dim
from adgen.program.function import Function
from adgen.program.types import Array, Scalar, Type

CHEAP_CALLS = frozenset({"len", "float", "int", "abs", "range", "min", "max", "bool", "np.shape", "np.size"})
ALLOCATIONS = frozenset(
    "np.zeros np.zeros_like np.empty np.empty_like np.ones np.ones_like np.full np.full_like np.array np.copy".split()
)
MANY = 3
Key = tuple[str, tuple[tuple[str, int], ...]]


def share_subexpressions(function: Function) -> Function:
    """Share repeated calls, array operations and long formulas; short ones are left as they read best.

    >>> from adgen.optimize.showing import show
    >>> print(show(share_subexpressions, '''
    ... y = np.exp(x)
    ... x_bar = y_bar * np.exp(x)
    ... z_bar = np.sin(x) * k + np.sin(x)'''))
    y = np.exp(x)
    x_bar = y_bar * y
    t1 = np.sin(x)
    z_bar = t1 * k + t1
    """
    sharer = _Sharer(function)
    body = sharer.block(list(function.body), {})
    if sharer.replacements or sharer.insertions:
        body = sharer.rebuilt(body)
    if unchanged(function.body, body):
        return function
    types = {**function.types, **sharer.types}
    temporaries = function.temporaries.union(sharer.types)
    return replace(with_body(function, body), types=types, temporaries=temporaries)


@dataclass
class _Seen:
    """The first place of an expression, and the name that holds it (if one does)."""

    node: gast.expr
    stmt: gast.stmt
    holder: str | None = None
    holder_version: int = 0
    repeats: list[gast.expr] = field(default_factory=list)


Table = dict[Key, _Seen]


class _Sharer:
    def __init__(self, function: Function) -> None:
        self.function = function
        self.known = Facts(function)
        self.kinds = Kinds(self.known)
        self.versions: dict[str, int] = {}
        self.clock = 0
        self.replacements: dict[int, gast.expr] = {}
        self.insertions: dict[int, list[gast.stmt]] = {}
        self.types: dict[str, Type] = {}
        self.entries: list[_Seen] = []

    # ---- walking ----------------------------------------------------------------------------

    def block(self, body: list[gast.stmt], table: Table) -> list[gast.stmt]:
        """Record repetitions within a block, and of what the blocks around it computed."""
        first = len(self.entries)
        for stmt in body:
            self._statement(stmt, table)
        for seen in self.entries[first:]:
            self._settle(seen)
        del self.entries[first:]
        return body

    def _statement(self, stmt: gast.stmt, table: Table) -> None:
        effect = self.known.effects.of(stmt)
        if isinstance(stmt, Attempt):
            pass  # what it computes may raise, and must not be computed before
        elif isinstance(stmt, gast.If):
            self._expression(stmt.test, stmt, table)
            for block in blocks_of(stmt):
                self.block(list(block), dict(table))
        elif isinstance(stmt, gast.For | gast.While):
            if isinstance(stmt, gast.For):
                self._expression(stmt.iter, stmt, table)
            self._advance(effect.defines, effect.mutates)
            self.block(list(stmt.body), dict(table))
        elif isinstance(stmt, gast.Assign | gast.AugAssign | gast.Expr | gast.Return):
            self._simple(stmt, table)
            self._advance(effect.defines, effect.mutates)
            self._remember(stmt, table)
            return
        self._advance(effect.defines, effect.mutates)

    def _simple(self, stmt: gast.stmt, table: Table) -> None:
        if isinstance(stmt, gast.Assign | gast.AugAssign):
            for target in getattr(stmt, "targets", None) or [stmt.target]:
                if isinstance(target, gast.Subscript):
                    self._expression(target.slice, stmt, table)
        value = stmt.value
        if value is None:
            return
        if isinstance(stmt, gast.Return | gast.Expr) or (isinstance(stmt, gast.Assign) and not self._may_alias(stmt)):
            self._new_object(value, stmt, table)
        else:
            self._expression(value, stmt, table)

    def _new_object(self, value: gast.AST, stmt: gast.stmt, table: Table) -> None:
        """Share inside `value`, but not what its result is, holds or views: somebody may write into that."""
        may_view = self.known.aliases.may_view(value)
        for child in gast.iter_child_nodes(value):
            if isinstance(child, gast.expr | gast.keyword):
                if may_view and not self._is_number(child):
                    self._new_object(child, stmt, table)
                else:
                    self._expression(child, stmt, table)

    def _is_number(self, node: gast.AST) -> bool:
        return isinstance(node, gast.expr) and self.kinds.of(node).is_number

    def _may_alias(self, stmt: gast.Assign) -> bool:
        """Whether the target may hold the same array as another name."""
        names = names_stored(stmt.targets[0])
        if not names or all(map(self.known.is_scalar, names)):
            return True
        if self.known.aliases.touch(names, self.known.returned):
            return False
        return not self.known.is_mutated(names)

    def _advance(self, defines: Iterable[str], mutates: Iterable[str]) -> None:
        self.clock += 1
        for changed in defines:
            self.versions[changed] = self.clock
        for changed in mutates:
            self.versions["*" + self.known.aliases.find(changed)] = self.clock

    def _key(self, node: gast.expr) -> Key:
        found = facts(node)
        versions = [(n, self.versions.get(n, 0)) for n in sorted(found.names)]
        classes = {"*" + self.known.aliases.find(n) for n in found.contents}
        versions += [(c, self.versions.get(c, 0)) for c in sorted(classes) if c in self.versions]
        return found.text, tuple(versions)

    # ---- matching ---------------------------------------------------------------------------

    def _expression(self, node: gast.AST, stmt: gast.stmt, table: Table) -> None:
        """Look for the largest known expressions inside `node`; record the others."""
        if isinstance(node, gast.Name | gast.Constant):
            return
        if isinstance(node, gast.expr) and not isinstance(node, gast.Slice | gast.Starred):
            if self._is_read_of_holder(node, table):
                return
            if self._is_worth_sharing(node):
                key = self._key(node)
                seen = table.get(key)
                if seen is not None and self._holds(seen):
                    seen.repeats.append(node)
                    return
                table[key] = _Seen(node, stmt)
                self.entries.append(table[key])
        if isinstance(node, gast.Lambda | gast.ListComp | gast.GeneratorExp | gast.IfExp | gast.BoolOp):
            return
        for child in gast.iter_child_nodes(node):
            if not isinstance(child, gast.expr_context | gast.operator | gast.unaryop | gast.cmpop):
                self._expression(child, stmt, table)

    def _is_read_of_holder(self, node: gast.expr, table: Table) -> bool:
        """An element read whose value was just stored there (``tape[i] = x``), or has a user's name."""
        if not isinstance(node, gast.Subscript) or not isinstance(node.value, gast.Name):
            return False
        seen = table.get(self._key(node))
        if seen is None or seen.holder is None or not self._holds(seen):
            return False
        self.replacements[id(node)] = name(seen.holder)
        return True

    def _holds(self, seen: _Seen) -> bool:
        return seen.holder is None or self.versions.get(seen.holder, 0) == seen.holder_version

    def _is_worth_sharing(self, node: gast.expr) -> bool:
        found = facts(node)
        if not found.operators or not self.known.effects.is_pure(node):
            return False
        if any(dotted(call.func) in ALLOCATIONS or _is_copy(call) for call in found.calls):
            return False
        value = self.kinds.of(node)
        if isinstance(node, gast.Call):
            return dotted(node.func) not in CHEAP_CALLS and value.shape is not None
        if not isinstance(node, gast.BinOp | gast.UnaryOp):
            return False
        if not value.is_float or value.shape is None:
            return False
        return found.operators >= (MANY if value.is_number else 1) and not _is_sign(node)

    def _remember(self, stmt: gast.stmt, table: Table) -> None:
        """After ``name = e``, `name` holds `e`; after ``x[i] = name``, so does `x[i]`."""
        if not isinstance(stmt, gast.Assign):
            return
        target, value = stmt.targets[0], stmt.value
        if isinstance(target, gast.Name) and target.id not in facts(value).names:
            if self._is_element(value):
                if not self.known.is_temporary(target.id):
                    self._hold(table, self._key(value), value, stmt, target.id)
            elif self._is_worth_sharing(value) and self._can_hold(target.id):
                self._hold(table, self._key(value), value, stmt, target.id)
        elif self._is_element(target) and isinstance(value, gast.Name):
            if self.known.is_scalar(value.id) and self._same_type(target, value):
                load = with_fields(target, ctx=gast.Load())
                self._hold(table, self._key(load), load, stmt, value.id)

    def _hold(self, table: Table, key: Key, node: gast.expr, stmt: gast.stmt, holder: str) -> None:
        old = table.get(key)
        if old is not None and old.holder is None and old.node is not node:
            return
        if old is not None and old.node is node and old.repeats:
            return
        seen = _Seen(node, stmt, holder, self.versions.get(holder, 0))
        table[key] = seen
        self.entries = [e for e in self.entries if e is not old]
        self.entries.append(seen)

    def _is_element(self, node: gast.AST) -> bool:
        return (
            isinstance(node, gast.Subscript)
            and isinstance(node.value, gast.Name)
            and self.kinds.of(node).is_number
            and isinstance(self.function.types.get(node.value.id), Array)
        )

    def _same_type(self, element: gast.expr, value: gast.Name) -> bool:
        return self.kinds.of(element).dtype == self.kinds.of(value).dtype

    def _can_hold(self, holder: str) -> bool:
        return self.known.is_scalar(holder) or not self.known.is_mutated([holder])

    # ---- rebuilding -------------------------------------------------------------------------

    def _settle(self, seen: _Seen) -> None:
        """Decide the name of what was found more than once."""
        if not seen.repeats:
            return
        holder = seen.holder
        if holder is None:
            if is_forward(seen.stmt) and all(r is None for r in seen.repeats):
                return
            holder = self._new_temporary(seen.node)
            first = assign(holder, seen.node, seen.stmt)
            self.insertions.setdefault(id(seen.stmt), []).append(first)
            self.replacements[id(seen.node)] = name(holder)
        for node in seen.repeats:
            self.replacements[id(node)] = name(holder)

    def _new_temporary(self, node: gast.expr) -> str:
        number = 1
        while f"t{number}" in self.function.types or f"t{number}" in self.types:
            number += 1
        self.types[f"t{number}"] = self._type(node, f"t{number}")
        return f"t{number}"

    def _type(self, node: gast.expr, holder: str) -> Type:
        value = self.kinds.of(node)
        if value.shape is None or value.dtype is None:
            types = {**self.function.types, **self.types}
            tried = ExpressionTypes(types, Sizes(), dict(self.function.globals))(node)
            if tried is not None:
                return tried
        dtype = value.dtype if value.dtype is not None else np.dtype(float)
        if value.is_number:
            return Scalar(dtype, weak=value.weak)
        symbols = enumerate(value.shape or ())
        shape = [d if d is not None else Dim.symbol(f"{holder}.shape[{i}]") for i, d in symbols]
        return Array(dtype, tuple(shape))

    def rebuilt(self, body: list[gast.stmt]) -> list[gast.stmt]:
        done: list[gast.stmt] = []
        for stmt in body:
            for new in sorted(self.insertions.get(id(stmt), ()), key=lambda s: facts(s.value).operators):
                inner = {k: v for k, v in self.replacements.items() if k != id(new.value)}
                done.append(with_fields(new, value=replace_nodes(new.value, inner)))
            done.append(map_blocks(self._replaced(stmt), self.rebuilt))
        return keep(body, done)

    def _replaced(self, stmt: gast.stmt) -> gast.stmt:
        def change(child: gast.AST) -> gast.AST:
            return child if isinstance(child, gast.stmt) else replace_nodes(child, self.replacements)

        fields = {}
        for field_ in stmt._fields:
            value = getattr(stmt, field_, None)
            if field_ in {"body", "orelse"} or value is None:
                continue
            if isinstance(value, gast.expr):
                fields[field_] = change(value)
            elif field_ == "targets":
                fields[field_] = [change(v) for v in value]
        changed = {k: v for k, v in fields.items() if v is not getattr(stmt, k) and not _same(v, getattr(stmt, k))}
        return with_fields(stmt, **changed) if changed else stmt


def _same(new: object, old: object) -> bool:
    return isinstance(new, list) and isinstance(old, list) and all(a is b for a, b in zip(new, old, strict=True))


def _is_copy(call: gast.Call) -> bool:
    return isinstance(call.func, gast.Attribute) and call.func.attr in {"copy", "pop"}


def _is_sign(node: gast.expr) -> bool:
    return isinstance(node, gast.UnaryOp)
