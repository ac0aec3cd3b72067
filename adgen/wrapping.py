"""The function around a derivative: parameters, checks and copies at entry, and the structure of what it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import gast

from adgen.differentiation import Differentiation
from adgen.loading import is_frozen
from adgen.program.accumulation import spell_accumulations
from adgen.program.function import Function, GlobalName
from adgen.program.syntax import clone, nodes_in
from adgen.program.trees import Branch, Leaf, Tree, map_leaves, tree_expression
from adgen.program.types import Array, Scalar, is_differentiable
from adgen.runtime.records import record
from adgen.transforms.nodes import constant, load, numpy_call, store
from adgen.transforms.reverse import Derivative

KINDS = {
    "grad": "Gradient",
    "value_and_grad": "Value and gradient",
    "vjp": "Vector-Jacobian product",
    "jvp": "Value and tangent",
    "jacrev": "Jacobian",
    "jacfwd": "Jacobian",
}


class Wrapper:
    """Writes the function.

    Attributes
    ----------
    single
        Whether the gradient of one parameter stands alone, not in a tuple.
    """

    def __init__(self, task: Differentiation, derivative: Derivative, *, single: bool) -> None:
        self.task, self.derivative, self.single = task, derivative, single
        self.program, self.function, self.options = task.program, task.function, task.options
        self.written_rows: set[str | None] = set()  # results whose part of a Jacobian is written

    def functions(self) -> list[Function]:
        """The function; under Numba perhaps a kernel, and a wrapper that takes containers apart."""
        returned = self.returned()
        globals_ = dict(self.derivative.globals)
        for cls in classes_in(self.task.result) | {
            c for p in self.task.wrt for c in classes_in(self.program.arguments[p])
        }:
            globals_.setdefault(cls.__name__, GlobalName(cls.__name__, cls, cls.__module__, cls.__qualname__))
        globals_.setdefault("record", GlobalName("record", record, "adgen.runtime", "record"))
        body = [
            *self.checks(),
            *self.apart(),
            *self.copies(),
            *self.derivative.body,
            gast.Return(tree_expression(returned, lambda leaf: leaf)),
        ]
        users = self.users_read(body, globals_) if self.options.jit else {}
        unpacked = self.program.prologue or self.task.seed_prologue or self.program.statics
        if not self.options.jit or not (unpacked or users or not is_plain(returned) or self.singles(returned)):
            params = (*self.program.parameters, *self.task.seed_params)
            body = [*self.unpack(), *body]
            return [self.finished(self.task.name, params, body, globals_)]
        return self.split(returned, globals_, users)

    def users_read(self, body: Sequence[gast.stmt], globals_: Mapping[str, GlobalName]) -> dict[str, GlobalName]:
        """Numbers and arrays among the user's globals, which are looked up at each call."""
        reads = {n.id for s in body for n in nodes_in(s) if isinstance(n, gast.Name)}
        return {
            n: g
            for n, g in globals_.items()
            if n in reads and not is_frozen(g) and g.module != "adgen.runtime" and n not in self.function.params
        }

    def singles(self, returned: Any) -> bool:
        """Whether a number of single precision is returned: Numba hands out Python floats."""
        if isinstance(returned, Branch):
            return any(self.singles(child) for child in returned.children)
        return single_of(returned, self.derivative) is not None

    def split(self, returned: Any, globals_: dict[str, GlobalName], users: Mapping[str, GlobalName]) -> list[Function]:
        """Under Numba: a kernel of numbers and arrays, and a wrapper that takes containers apart."""
        parts: list[gast.expr] = []

        def leaf_position(expr: gast.expr) -> gast.expr:
            if isinstance(expr, gast.Constant):
                return expr
            parts.append(expr)
            item = gast.Subscript(load("parts"), constant(len(parts) - 1), gast.Load())
            single = single_of(expr, self.derivative)
            return item if single is None else gast.Call(expression(f"np.{single}"), [item], [])

        outer = tree_expression(returned, leaf_position)
        inner = [
            *self.checks(),
            *self.copies(),
            *self.derivative.body,
            gast.Return(gast.Tuple(parts, gast.Load())),
        ]
        reads = {n.id for s in inner for n in nodes_in(s) if isinstance(n, gast.Name)}
        names = [n for n in (*self.function.params, *self.all_seeds()) if n in reads]
        own = {n: g for n, g in globals_.items() if n not in users}
        kernel = self.finished(f"{self.task.name}_kernel", (*names, *users), inner, own)
        call = gast.Call(load(kernel.name), [load(n) for n in (*names, *users)], [])
        needed = {n: p for n, p in {**self.program.prologue, **self.task.seed_prologue}.items() if n in names}
        wrapper_body = [
            *[gast.Assign([store(n)], expression(p), None) for n, p in needed.items()],
            gast.Assign([store("parts")], call, None),
            gast.Return(outer),
        ]
        wrapper = self.finished(
            self.task.name, (*self.program.parameters, *self.task.seed_params), wrapper_body, globals_
        )
        return [wrapper, kernel]

    def all_seeds(self) -> list[str]:
        return [*self.task.seed_params, *self.task.seed_prologue]

    def finished(
        self,
        name: str,
        params: tuple[str, ...],
        body: list[gast.stmt],
        globals_: Mapping[str, GlobalName],
    ) -> Function:
        return Function(
            name,
            params,
            tuple(spell_accumulations(body)),
            self.program.sizes.reduced_types(self.derivative.types),
            self.derivative.temporaries,
            self.docstring(),
            globals_,
            lengths={
                p: len(tree.children)
                for p, tree in self.program.arguments.items()
                if isinstance(tree, Branch) and tree.kind in ("tuple", "list")
            },
        )

    def unpack(self) -> list[gast.stmt]:
        return [
            gast.Assign([store(name)], expression(path), None)
            for name, path in {**self.program.prologue, **self.task.seed_prologue}.items()
        ]

    def copies(self) -> list[gast.stmt]:
        return [
            gast.Assign([store(p)], gast.Call(gast.Attribute(load(p), "copy", gast.Load()), [], []), None)
            for p in self.derivative.copied
        ]

    def checks(self) -> list[gast.stmt]:
        """What the code assumes of the sizes of arguments is checked when it is entered."""
        conditions = [str(check) for check in self.program.sizes.needed()]
        if not conditions:
            return []
        test = expression(" and ".join(conditions))
        message = constant(f"{self.task.name}: the sizes of the arguments do not agree as this test wants")
        return [
            gast.If(
                gast.UnaryOp(gast.Not(), test), [gast.Raise(gast.Call(load("ValueError"), [message], []), None)], []
            )
        ]

    def apart(self) -> list[gast.stmt]:
        """In text that stands alone: an argument that is written shares no memory with another."""
        types = self.function.types
        arrays = [p for p in self.function.params if isinstance(types.get(p), Array)]
        pairs = [(p, other) for p in self.derivative.copied if p in arrays for other in arrays if other != p]
        if not pairs or not self.options.alone or self.options.jit:
            return []
        test = expression(" or ".join(f"np.may_share_memory({p}, {other})" for p, other in pairs))
        message = constant(f"{self.task.name}: {pairs[0][0]} is written, and shares memory")
        return [gast.If(test, [gast.Raise(gast.Call(load("ValueError"), [message], []), None)], [])]

    def returned(self) -> Any:
        values = map_leaves(self.value_expression, self.task.result)
        aux: Any = None
        if self.task.aux is not None:
            aux = map_leaves(self.value_expression, self.task.aux)
            values = Branch("tuple", (0, 1), (values, aux))
        if self.task.product == "jvp":
            tangents = map_leaves(lambda leaf: tangent_expression(leaf, self.derivative), self.task.result)
            return Branch("tuple", (0, 1), (values, tangents))
        if self.task.product == "jacrev":
            return map_leaves(self.row_tree, self.task.result)
        if self.task.product == "jacfwd":
            return map_leaves(self.column_tree, self.task.result)
        gradient = self.argument_trees(lambda name: self.derivative.gradients[name])
        if self.task.product == "value_and_grad":
            return Branch("tuple", (0, 1), (values, gradient))
        return gradient if aux is None else Branch("tuple", (0, 1), (gradient, aux))

    def argument_trees(self, gradient: Callable[[str], gast.expr]) -> Any:
        """What is known of each input in the structure of the arguments; None where there is nothing to know."""
        trees = [
            map_leaves(
                lambda leaf: gradient(leaf.name) if leaf.name in self.task.inputs else constant(None),
                self.program.arguments[p],
            )
            for p in self.task.wrt
        ]
        if len(trees) == 1 and self.task.product != "vjp" and self.single:
            return trees[0]
        return Branch("tuple", tuple(range(len(trees))), tuple(trees))

    def row_tree(self, leaf: Leaf) -> Any:
        """The part of a Jacobian that belongs to one result: shapes of the result, then of the arguments."""
        mine = [k for k, unit in enumerate(self.task.units) if unit.name == leaf.name]
        types = self.function.types
        shape = () if leaf.name is None else getattr(types[leaf.name], "shape", ())
        extents = [self.program.sizes.reduce(d).const for d in shape]

        again = leaf.name in self.written_rows
        self.written_rows.add(leaf.name)

        def block(name: str) -> gast.expr:
            rows = [clone(self.derivative.rows[k][name]) for k in mine]
            if extents:
                return stacked(rows, extents, name, types[name])
            if again and isinstance(types[name], Array):  # a result that is returned twice
                return gast.Call(gast.Attribute(rows[0], "copy", gast.Load()), [], [])
            return rows[0]

        return self.argument_trees(block)

    def column_tree(self, leaf: Leaf) -> Any:
        """The same by columns."""
        again = leaf.name in self.written_rows
        self.written_rows.add(leaf.name)
        kind = self.function.types[leaf.name or ""]

        def block(name: str) -> gast.expr:
            mine = [k for k, unit in enumerate(self.task.units) if unit.name == name]
            columns = [clone(self.derivative.rows[k][leaf.name or ""]) for k in mine]
            extents = [self.program.sizes.reduce(d).const for d in getattr(self.function.types[name], "shape", ())]
            if extents:
                return stacked(columns, extents, leaf.name or "", kind, last=True)
            if again and isinstance(kind, Array):
                return gast.Call(gast.Attribute(columns[0], "copy", gast.Load()), [], [])
            return columns[0]

        return self.argument_trees(block)

    def value_expression(self, leaf: Leaf) -> gast.expr:
        if leaf.name is None:
            return (
                constant(leaf.value) if isinstance(leaf.value, int | float | complex | str | None) else constant(None)
            )
        return self.derivative.values.get(leaf.name, load(leaf.name))

    def docstring(self) -> str:
        where = f"{Path(self.program.file).name}:{self.program.line}"
        names = ", ".join(f"`{p}`" for p in self.task.wrt)
        mode = "forward mode" if self.task.product in ("jvp", "jacfwd") else "reverse mode"
        return f"{KINDS[self.task.product]} of `{self.function.name}` ({where}) with respect to {names}, {mode}."


def tangent_expression(leaf: Leaf, derivative: Derivative) -> gast.expr:
    if leaf.name is None:
        return constant(0.0 if isinstance(leaf.value, float | complex) else None)
    return derivative.gradients.get(leaf.name, constant(0.0)) if is_differentiable(leaf.type) else constant(None)


def stacked(parts: list[gast.expr], extents: Sequence[int], name: str, kind: Any, *, last: bool = False) -> gast.expr:
    """Parts of a Jacobian, of the shape of a variable, as one array: the axes that count them first, or last."""
    rank = kind.rank if isinstance(kind, Array) else 0
    if rank:
        block = numpy_call("stack", gast.Tuple(parts, gast.Load()), **({"axis": constant(rank)} if last else {}))
    else:
        block = numpy_call("array", gast.List(parts, gast.Load()))
    if len(extents) == 1:
        return block
    counted: list[gast.expr] = [constant(e) for e in extents]
    own = [gast.Subscript(expression(f"{name}.shape"), constant(k), gast.Load()) for k in range(rank)]
    return numpy_call("reshape", block, gast.Tuple([*own, *counted] if last else [*counted, *own], gast.Load()))


def is_plain(returned: Any) -> bool:
    """Whether Numba can return it: numbers and arrays, and tuples of those."""
    if not isinstance(returned, Branch):
        return not isinstance(returned, gast.Constant) or isinstance(returned.value, int | float | complex)
    return returned.kind == "tuple" and returned.cls is None and all(map(is_plain, returned.children))


def single_of(expr: gast.expr, derivative: Derivative) -> str | None:
    """The same for the value of an expression that is returned: a name, or a name that is cast."""
    match expr:
        case gast.Name(id=name):
            return single_name(derivative.types.get(name))
        case gast.Call(func=gast.Attribute(value=gast.Name(id="np"), attr="float32" | "complex64" as cast)):
            return cast
    return None


def single_name(type_: Any) -> str | None:
    """The name of NumPy's scalar type of single precision, for numbers of that type."""
    single = (
        isinstance(type_, Scalar) and type_.dtype.kind in "fc" and type_.dtype.itemsize < 8 * (1 + (type_.kind == "c"))
    )
    return type_.dtype.name if single else None


def classes_in(tree: Tree) -> set[Any]:
    if isinstance(tree, Leaf):
        return set()
    found = {c for child in tree.children for c in classes_in(child)}
    return found | ({tree.cls} if tree.cls is not None else set())


def expression(text: str) -> gast.expr:
    return gast.parse(text).body[0].value
