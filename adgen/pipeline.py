"""The whole compiler on one page: stages in order, one reason per line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gast

from adgen.emit.module import render_function, render_module
from adgen.errors import NotScalar
from adgen.frontend.specialize import Program, specialize
from adgen.optimize import optimize
from adgen.options import Options
from adgen.program.accumulation import spell_accumulations
from adgen.program.function import Function, GlobalName
from adgen.program.spans import Span
from adgen.program.trees import Branch, Leaf, Tree, leaves, map_leaves, tree_expression
from adgen.program.types import Array, Scalar, is_differentiable
from adgen.transforms.base import constant, load, store
from adgen.transforms.reverse import Derivative, Reverse
from adgen.transforms.tangent import Tangent

KINDS = {
    "grad": "Gradient",
    "value_and_grad": "Value and gradient",
    "vjp": "Vector-Jacobian product",
    "jvp": "Value and tangent",
}


@dataclass(frozen=True)
class Generated:
    """A derivative as text, and how to call it."""

    name: str
    text: str  # the functions, without imports of the user's own globals
    functions: tuple[Function, ...]
    program: Program
    seeds: Tree | None
    globals: Mapping[str, GlobalName]
    result: Tree | None = None
    written: tuple[str, ...] = ()  # arguments that the original writes in place

    @property
    def runtime_functions(self) -> list[Any]:
        return [g.value for g in self.globals.values() if g.module == "adgen.runtime"]


def generate(
    function: Any,
    arguments: Mapping[str, Any],
    product: str,
    wrt: tuple[str, ...],
    *,
    options: Options | None = None,
    has_aux: bool = False,
    name: str | None = None,
    single: bool = True,
) -> Generated:
    """Source of a function's derivative, specialised on its arguments.

    Parameters
    ----------
    arguments
        Examples (or `Abstract` types) by parameter name.
    product
        "grad", "value_and_grad", "vjp" or "jvp".
    wrt
        Names of the parameters to differentiate with respect to.
    single
        Whether the gradient of one parameter stands alone, not in a tuple.
    """
    options = options or Options()
    program = specialize(function, arguments, promote=frozenset(wrt))  # source -> normal form
    compiler = _Compiler(program, product, wrt, options, has_aux, name)
    compiler.single = single
    derivative = compiler.transform()  # analyses, tangent | adjoint
    functions = tuple(optimize(f) for f in compiler.wrap(derivative))  # as a person would write it
    return Generated(
        compiler.name,
        compiler.text(functions),
        functions,
        program,
        compiler.seed_tree,
        functions[0].globals,
        compiler.result,
        derivative.copied,
    )


IMPORTS = ("import cmath", "import math", "import numba", "import numpy as np", "import scipy as sp")


class _Compiler:
    """One derivative of one program."""

    def __init__(
        self, program: Program, product: str, wrt: tuple[str, ...], options: Options, has_aux: bool, name: str | None
    ) -> None:
        self.program, self.product, self.wrt, self.options = program, product, wrt, options
        base = program.function.name if program.function.name.isidentifier() else "function"
        self.name = name or f"{base if base != 'lambda' else 'function'}_{product}"
        self.function = program.function
        self.result, self.aux = split_aux(program.result, has_aux)
        if isinstance(self.result, Leaf) and self.result.name is None and self.result.value is None:
            self.result = self.delivered()
        self.inputs = tuple(
            leaf.name
            for p in wrt
            for leaf in leaves(program.arguments[p])
            if leaf.name is not None and is_differentiable(leaf.type)
        )
        self.outputs = tuple(
            dict.fromkeys(
                leaf.name for leaf in leaves(self.result) if leaf.name is not None and is_differentiable(leaf.type)
            )
        )
        self.seed_tree: Tree | None = None
        self.seed_params: list[str] = []
        self.seed_prologue: dict[str, str] = {}

    # ---- what is differentiated

    def delivered(self) -> Tree:
        """A function that returns nothing delivers the arrays that it writes into."""
        transform = Reverse(self.function, self.program.sizes, (), ())
        written = [
            p
            for p in self.function.params
            if isinstance(self.function.types.get(p), Array) and transform.storage.is_written(p)
        ]
        trees = tuple(Leaf(p, self.function.types[p]) for p in written)
        if not trees:
            return Leaf(None, None, None)
        return trees[0] if len(trees) == 1 else Branch("tuple", tuple(range(len(trees))), trees)

    def scalar_output(self) -> None:
        tree = self.result
        if isinstance(tree, Leaf) and tree.name is None and isinstance(tree.value, int | float):
            return
        kind = tree.type if isinstance(tree, Leaf) else None
        real = isinstance(kind, Scalar) or (isinstance(kind, Array) and kind.rank == 0)
        if real and kind is not None and kind.kind != "c":
            return
        from adgen.program.types import show_type

        shown = show_type(kind) if kind is not None else "a container"
        span = Span(self.program.file, self.program.line, 0, self.program.line, 0, self.function.name)
        raise NotScalar(
            "not-scalar",
            f"{self.function.name} returns {shown}",
            span,
            reason="a gradient is the derivative of one real number.",
            remedy="adgen.jacobian, adgen.vjp, or a sum over the results",
        )

    def transform(self) -> Derivative:
        if self.product in ("grad", "value_and_grad"):
            self.scalar_output()
            reverse = Reverse(self.function, self.program.sizes, self.inputs, self.outputs)
            return reverse.build({n: constant(1.0) for n in self.outputs}, want_values=self.product == "value_and_grad")
        if self.product == "vjp":
            reverse = Reverse(self.function, self.program.sizes, self.inputs, self.outputs)
            return reverse.build(self.cotangents(reverse), want_values=False)
        tangent = Tangent(self.function, self.program.sizes, self.inputs, self.outputs)
        return tangent.build(self.tangents(tangent))

    def cotangents(self, transform: Reverse) -> dict[str, gast.expr]:
        """Parameters for the adjoints of the results, in the results' structure."""
        counts: dict[str, gast.expr] = {}
        single = isinstance(self.result, Leaf)
        stem = transform.fresh(
            f"{self.result.name}_bar"
            if single and self.result.name is not None and self.result.name not in transform.temporaries
            else "result_bar"
        )
        self.seed_params = [stem]
        self.seed_tree = self.result

        def visit(tree: Tree, path: str) -> None:
            if isinstance(tree, Branch):
                for key, child in zip(tree.keys, tree.children, strict=True):
                    visit(child, f"{path}.{key}" if tree.kind == "object" else f"{path}[{key!r}]")
            elif tree.name in self.outputs:
                variable = path
                if path != stem:
                    variable = transform.fresh(f"{tree.name}_bar")
                    self.seed_prologue[variable] = path
                transform.types[variable] = transform.types[tree.name]
                seed: gast.expr = load(variable)
                counts[tree.name] = seed if tree.name not in counts else gast.BinOp(counts[tree.name], gast.Add(), seed)

        visit(self.result, stem)
        return counts

    def tangents(self, transform: Tangent) -> dict[str, str]:
        seeds: dict[str, str] = {}
        for parameter in self.wrt:
            tree = self.program.arguments[parameter]
            stem = transform.fresh(f"{parameter}_dot")
            self.seed_params.append(stem)
            for leaf in leaves(tree):
                if leaf.name in self.inputs:
                    variable = stem
                    if leaf.path != parameter:
                        variable = transform.fresh(f"{leaf.name}_dot")
                        self.seed_prologue[variable] = stem + leaf.path[len(parameter) :]
                    seeds[leaf.name] = variable
        return seeds

    # ---- the function around it

    def wrap(self, derivative: Derivative) -> list[Function]:
        returned = self.returned(derivative)
        globals_ = dict(derivative.globals)
        for cls in classes_in(self.result) | {c for p in self.wrt for c in classes_in(self.program.arguments[p])}:
            globals_.setdefault(cls.__name__, GlobalName(cls.__name__, cls, cls.__module__, cls.__qualname__))
        body = [
            *self.checks(),
            *self.copies(derivative),
            *derivative.body,
            gast.Return(tree_expression(returned, lambda leaf: leaf)),
        ]
        flat = not self.program.prologue and not self.seed_prologue and not self.program.statics
        if not self.options.jit or flat:
            params = (*self.program.parameters, *self.seed_params)
            body = [*self.unpack(), *body]
            return [self.finished(self.name, params, body, derivative, globals_)]
        return self.split(derivative, returned, globals_)

    def split(self, derivative: Derivative, returned: Any, globals_: dict[str, GlobalName]) -> list[Function]:
        """Under Numba: a kernel of numbers and arrays, and a wrapper that takes containers apart."""
        parts: list[gast.expr] = []

        def leaf_position(expr: gast.expr) -> gast.expr:
            parts.append(expr)
            return gast.Subscript(load("parts"), constant(len(parts) - 1), gast.Load())

        outer = tree_expression(returned, leaf_position)
        inner = [
            *self.checks(),
            *self.copies(derivative),
            *derivative.body,
            gast.Return(gast.Tuple(parts, gast.Load())),
        ]
        reads = {n.id for s in inner for n in gast.walk(s) if isinstance(n, gast.Name)}
        names = [n for n in (*self.function.params, *self.all_seeds()) if n in reads]
        kernel = self.finished(f"{self.name}_kernel", tuple(names), inner, derivative, globals_)
        call = gast.Call(load(kernel.name), [load(n) for n in names], [])
        needed = {n: p for n, p in {**self.program.prologue, **self.seed_prologue}.items() if n in names}
        wrapper_body = [
            *[gast.Assign([store(n)], expression(p), None) for n, p in needed.items()],
            gast.Assign([store("parts")], call, None),
            gast.Return(outer),
        ]
        wrapper = self.finished(
            self.name, (*self.program.parameters, *self.seed_params), wrapper_body, derivative, globals_
        )
        return [wrapper, kernel]

    def all_seeds(self) -> list[str]:
        return [*self.seed_params, *self.seed_prologue]

    def finished(
        self,
        name: str,
        params: tuple[str, ...],
        body: list[gast.stmt],
        derivative: Derivative,
        globals_: Mapping[str, GlobalName],
    ) -> Function:
        return Function(
            name,
            params,
            tuple(spell_accumulations(body)),
            dict(derivative.types),
            derivative.temporaries,
            self.docstring(),
            globals_,
        )

    def unpack(self) -> list[gast.stmt]:
        return [
            gast.Assign([store(name)], expression(path), None)
            for name, path in {**self.program.prologue, **self.seed_prologue}.items()
        ]

    def copies(self, derivative: Derivative) -> list[gast.stmt]:
        return [
            gast.Assign([store(p)], gast.Call(gast.Attribute(load(p), "copy", gast.Load()), [], []), None)
            for p in derivative.copied
        ]

    def checks(self) -> list[gast.stmt]:
        """What the code assumes of the sizes of arguments is checked when it is entered."""
        conditions = []
        for check in dict.fromkeys(self.program.sizes.checks):
            if all(s in self.program.sizes.entry_symbols for d in (check.left, check.right) for s in d.symbols):
                conditions.append(f"{check.left} == {check.right}")
        if not conditions:
            return []
        test = expression(" and ".join(conditions))
        message = constant(f"{self.name}: the sizes of the arguments do not agree as this test wants")
        return [
            gast.If(
                gast.UnaryOp(gast.Not(), test), [gast.Raise(gast.Call(load("ValueError"), [message], []), None)], []
            )
        ]

    def returned(self, derivative: Derivative) -> Any:
        values = map_leaves(lambda leaf: self.value_expression(leaf, derivative), self.result)
        if self.aux is not None:
            aux = map_leaves(lambda leaf: self.value_expression(leaf, derivative), self.aux)
            values = Branch("tuple", (0, 1), (values, aux))
        if self.product == "jvp":
            tangents = map_leaves(lambda leaf: tangent_expression(leaf, derivative), self.result)
            return Branch("tuple", (0, 1), (values, tangents))
        trees = [
            map_leaves(
                lambda leaf: derivative.gradients[leaf.name] if leaf.name in derivative.gradients else constant(None),
                self.program.arguments[p],
            )
            for p in self.wrt
        ]
        gradient = (
            trees[0]
            if len(trees) == 1 and self.product != "vjp" and self.single
            else Branch("tuple", tuple(range(len(trees))), tuple(trees))
        )
        return Branch("tuple", (0, 1), (values, gradient)) if self.product == "value_and_grad" else gradient

    single = True

    def value_expression(self, leaf: Leaf, derivative: Derivative) -> gast.expr:
        if leaf.name is None:
            return (
                constant(leaf.value) if isinstance(leaf.value, int | float | complex | str | None) else constant(None)
            )
        return derivative.values.get(leaf.name, load(leaf.name))

    def docstring(self) -> str:
        where = f"{Path(self.program.file).name}:{self.program.line}"
        names = ", ".join(f"`{p}`" for p in self.wrt)
        mode = "forward mode" if self.product == "jvp" else "reverse mode"
        return f"{KINDS[self.product]} of `{self.function.name}` ({where}) with respect to {names}, {mode}."

    # ---- text

    def text(self, functions: tuple[Function, ...]) -> str:
        """All that runs, but for the user's own globals, which are handed in when it is loaded."""
        parts = rendered(functions, self.options)
        return render_module(
            parts,
            imports=IMPORTS,
            runtime_functions=self.used_runtime(functions),
            helper_decorator=self.options.decorator(),
        )

    def used_runtime(self, functions: tuple[Function, ...]) -> list[Any]:
        names = {n.id for f in functions for s in f.body for n in gast.walk(s) if isinstance(n, gast.Name)}
        return [g.value for g in functions[0].globals.values() if g.module == "adgen.runtime" and g.name in names]


def decorated_parts(generated: Generated, options: Options) -> list[Any]:
    """The functions of a derivative, the compiled one last, for a module that imports the user's globals."""
    return rendered(generated.functions, options)


def rendered(functions: tuple[Function, ...], options: Options) -> list[Any]:
    """The text of each function; only the last one is compiled."""
    parts: list[Any] = []
    for k, function in enumerate(functions):
        decorator = options.decorator() if k == len(functions) - 1 else None
        parts.append(render_function(replace(function, globals={}), decorator=decorator))
    parts[0] = renamed_helpers(functions) + parts[0]
    return parts


def renamed_helpers(functions: tuple[Function, ...]) -> str:
    """``shares1 = shares``: a copied runtime function whose own name is a variable of the user's."""
    read = {n.id for f in functions for s in f.body for n in gast.walk(s) if isinstance(n, gast.Name)}
    lines = [
        f"{g.name} = {g.value.__name__}\n"
        for g in functions[0].globals.values()
        if g.module == "adgen.runtime" and g.name in read and g.name != g.value.__name__
    ]
    return "".join([*lines, "\n\n"]) if lines else ""


def tangent_expression(leaf: Leaf, derivative: Derivative) -> gast.expr:
    if leaf.name is None:
        return constant(0.0 if isinstance(leaf.value, float | complex) else None)
    return derivative.gradients.get(leaf.name, constant(0.0)) if is_differentiable(leaf.type) else constant(None)


def split_aux(tree: Tree, has_aux: bool) -> tuple[Tree, Tree | None]:
    if not has_aux:
        return tree, None
    if not isinstance(tree, Branch) or len(tree.children) != 2:
        raise ValueError("with has_aux=True the function returns a pair: (value, aux)")
    return tree.children[0], tree.children[1]


def classes_in(tree: Tree) -> set[Any]:
    if isinstance(tree, Leaf):
        return set()
    found = {c for child in tree.children for c in classes_in(child)}
    return found | ({tree.cls} if tree.cls is not None else set())


def expression(text: str) -> gast.expr:
    return gast.parse(text).body[0].value
