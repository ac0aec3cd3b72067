"""The whole compiler on one page: stages in order, one reason per line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gast

from adgen.analyses.meaning import find_ending
from adgen.emit.module import render_function, render_module
from adgen.errors import AdgenError, MeaninglessDerivative, NotScalar, SeparateSweeps, meaningless
from adgen.frontend.specialize import MOST_FIXED, Program, specialize
from adgen.loading import is_frozen
from adgen.lower import Helper, lower, write_loops
from adgen.optimize import INTERPRETED, PASSES, optimize
from adgen.options import Options
from adgen.program.accumulation import spell_accumulations
from adgen.program.attempts import catch_any
from adgen.program.function import Function, GlobalName
from adgen.program.spans import Span, span_of
from adgen.program.syntax import clone, nodes_in
from adgen.program.trees import Branch, Leaf, Tree, leaves, map_leaves, tree_expression
from adgen.program.types import Array, Scalar, is_differentiable
from adgen.runtime.records import record
from adgen.transforms.nodes import constant, load, numpy_call, store
from adgen.transforms.reverse import Derivative, Reverse
from adgen.transforms.tangent import Tangent
from adgen.transforms.vector_mode import Unit, find_units, in_directions
from adgen.transforms.winners import keep_winners

KINDS = {
    "grad": "Gradient",
    "value_and_grad": "Value and gradient",
    "vjp": "Vector-Jacobian product",
    "jvp": "Value and tangent",
    "jacrev": "Jacobian",
    "jacfwd": "Jacobian",
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
    helpers: tuple[Helper, ...] = ()  # functions that Numba compiles besides
    plain: tuple[Any, ...] = ()  # functions of adgen.runtime that are called in object mode
    contiguous: frozenset[str] = frozenset()  # arrays that the code takes to be laid out row by row
    warning: MeaninglessDerivative | None = None

    @property
    def runtime_functions(self) -> list[Any]:
        """Functions of adgen.runtime that the text calls; under Numba they are compiled, but for the plain ones."""
        names = self.names_read()
        called = [g.value for g in self.globals.values() if g.module == "adgen.runtime" and g.name in names]
        return [f for f in called if f not in self.plain]

    def names_read(self) -> set[str]:
        """Names that the functions and their helpers mention."""
        own = {n.id for f in self.functions for s in f.body for n in nodes_in(s) if isinstance(n, gast.Name)}
        return own.union(*[h.names_read() for h in self.helpers])


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
        "grad", "value_and_grad", "vjp", "jvp", "jacrev" or "jacfwd".
    wrt
        Names of the parameters to differentiate with respect to.
    single
        Whether the gradient of one parameter stands alone, not in a tuple.
    """
    options = options or Options()

    def differentiated(most_fixed: int) -> tuple[Program, _Compiler, Derivative]:
        program = specialize(function, arguments, promote=frozenset(wrt), most_fixed=most_fixed)  # to normal form
        compiler = _Compiler(program, product, wrt, options, has_aux, name)
        compiler.single = single
        return program, compiler, compiler.transform()  # analyses, tangent | adjoint

    try:
        program, compiler, derivative = differentiated(0)
    except AdgenError as refusal:
        if refusal.slug != "nested-list":
            raise
        try:
            program, compiler, derivative = differentiated(MOST_FIXED)
        except AdgenError:
            raise refusal from None
    if options.jit:
        catch_any(derivative.body)
    passes = PASSES if options.jit else INTERPRETED
    functions = tuple(optimize(f, passes) for f in compiler.wrap(derivative))  # as a person would write it
    helpers: tuple[Helper, ...] = ()
    plain: tuple[Any, ...] = ()
    globals_ = dict(functions[0].globals)
    if decorator := options.decorator():
        loops = write_loops(functions[-1], program.sizes)  # arrays become loops, as a person would write them
        lowered = lower(loops, program.sizes, decorator)  # as Numba takes it
        functions, helpers, plain = (*functions[:-1], lowered.function), lowered.helpers, lowered.plain
        globals_ |= lowered.function.globals
        wrapper = functions[0].body if len(functions) > 1 else ()
        if any(isinstance(n, gast.Name) and n.id == "record" for s in wrapper for n in nodes_in(s)):
            plain += (record,)  # the wrapper around what is compiled stays Python
    generated = Generated(
        compiler.name,
        "",
        functions,
        program,
        compiler.seed_tree,
        globals_,
        compiler.result,
        derivative.copied,
        helpers,
        plain,
        derivative.contiguous,
        compiler.warning,
    )
    return replace(generated, text=module_text(generated, options))


IMPORTS = (
    "import cmath", "import llvmlite.binding", "import math", "import numba", "import numpy as np",
    "import scipy as sp",
)  # fmt: skip


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
        self.warning: MeaninglessDerivative | None = None
        self.units: Sequence[Unit] = ()
        self.written_rows: set[str | None] = set()

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
        scalar = self.product in ("grad", "value_and_grad")
        if scalar:
            self.scalar_output()
        if self.product in ("jvp", "jacfwd"):
            tangent = Tangent(self.function, self.program.sizes, self.inputs, self.outputs)
            self.look_for_meaning(tangent.varied)
            return self.all_columns(tangent) if self.product == "jacfwd" else tangent.build(self.tangents(tangent))
        reverse = self.reverse()
        self.look_for_meaning(reverse.varied)
        if self.aux is not None:
            reverse.kept = tuple(leaf.name for leaf in leaves(self.aux) if leaf.name is not None)
        if self.product == "jacrev":
            return self.all_rows(reverse)
        seeds = {n: constant(1.0) for n in self.outputs} if scalar else self.cotangents(reverse)
        return reverse.build(seeds, want_values=self.product == "value_and_grad")

    def all_rows(self, reverse: Reverse) -> Derivative:
        """A gradient for each element of the results, in one sweep."""
        seeds = self.unit_seeds(reverse, self.outputs, "bar")
        if len(self.units) == 1 and self.units[0].index is None:
            made = reverse.build({self.outputs[0]: constant(1.0)}, want_values=False)
            return replace(made, rows=(made.gradients,))
        made = reverse.build({name: load(seed) for name, seed in seeds.items()}, want_values=False)
        return in_directions(made, seeds, self.units, self.program.sizes)

    def all_columns(self, tangent: Tangent) -> Derivative:
        """A tangent for each element of the arguments, in one sweep."""
        seeds = self.unit_seeds(tangent, self.inputs, "dot")
        kinds = {seed: tangent.types[seed] for seed in seeds.values()}
        made = tangent.build(seeds)
        tangent.types |= kinds
        copied = tuple(p for p in made.copied if p not in kinds)
        return in_directions(replace(made, copied=copied), seeds, self.units, self.program.sizes)

    def unit_seeds(self, transform: Reverse | Tangent, names: tuple[str, ...], suffix: str) -> dict[str, str]:
        """A variable for the seed of each result or argument, whose extents are known then."""
        if any(leaf.name not in self.outputs for leaf in leaves(self.result)):
            raise SeparateSweeps("a part of the result is no variable of floats.")
        sizes = self.program.sizes
        self.units = find_units(names, self.function.types, sizes)
        seeds = {name: transform.fresh(f"{name}_{suffix}") for name in names}
        for name, seed in seeds.items():
            kind = self.function.types[name]
            known = tuple(map(sizes.reduce, kind.shape)) if isinstance(kind, Array) else ()
            transform.types[seed] = Array(kind.dtype, known) if isinstance(kind, Array) else kind
        return seeds

    def reverse(self) -> Reverse:
        """The transform, of a function whose loops that keep the best were left to find it."""
        reverse = Reverse(self.function, self.program.sizes, self.inputs, self.outputs)
        reverse.compiled = self.options.jit
        results = {leaf.name for leaf in leaves(self.program.result)}
        while (decided := keep_winners(reverse, results)) is not None:
            reverse = Reverse(decided, self.program.sizes, self.inputs, self.outputs)
            reverse.compiled = self.options.jit
        return reverse

    def look_for_meaning(self, varied: frozenset[str]) -> None:
        """A derivative that is structurally zero, though the result depends on the argument, deserves a word."""
        if self.program.of_derivative or self.program.warnings or not varied.isdisjoint(self.outputs):
            return
        ending = find_ending(self.function.body, self.inputs, self.outputs)
        if ending is not None:
            self.warning = meaningless(span_of(ending.statement), self.function.name, rounding=ending.rounding)

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
                    visit(child, f"{path}.{key}" if tree.kind in ("object", "record") else f"{path}[{key!r}]")
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
        globals_.setdefault("record", GlobalName("record", record, "adgen.runtime", "record"))
        body = [
            *self.checks(),
            *self.apart(derivative),
            *self.copies(derivative),
            *derivative.body,
            gast.Return(tree_expression(returned, lambda leaf: leaf)),
        ]
        users = self.users_read(body, globals_) if self.options.jit else {}
        unpacked = self.program.prologue or self.seed_prologue or self.program.statics
        if not self.options.jit or not (
            unpacked or users or not is_plain(returned) or self.singles(returned, derivative)
        ):
            params = (*self.program.parameters, *self.seed_params)
            body = [*self.unpack(), *body]
            return [self.finished(self.name, params, body, derivative, globals_)]
        return self.split(derivative, returned, globals_, users)

    def users_read(self, body: Sequence[gast.stmt], globals_: Mapping[str, GlobalName]) -> dict[str, GlobalName]:
        """Numbers and arrays among the user's globals, which are looked up at each call."""
        reads = {n.id for s in body for n in nodes_in(s) if isinstance(n, gast.Name)}
        return {
            n: g
            for n, g in globals_.items()
            if n in reads and not is_frozen(g) and g.module != "adgen.runtime" and n not in self.function.params
        }

    def singles(self, returned: Any, derivative: Derivative) -> bool:
        """Whether a number of single precision is returned: Numba hands out Python floats."""
        if isinstance(returned, Branch):
            return any(self.singles(child, derivative) for child in returned.children)
        return single_of(returned, derivative) is not None

    def split(
        self, derivative: Derivative, returned: Any, globals_: dict[str, GlobalName], users: Mapping[str, GlobalName]
    ) -> list[Function]:
        """Under Numba: a kernel of numbers and arrays, and a wrapper that takes containers apart."""
        parts: list[gast.expr] = []

        def leaf_position(expr: gast.expr) -> gast.expr:
            if isinstance(expr, gast.Constant):
                return expr
            parts.append(expr)
            item = gast.Subscript(load("parts"), constant(len(parts) - 1), gast.Load())
            single = single_of(expr, derivative)
            return item if single is None else gast.Call(expression(f"np.{single}"), [item], [])

        outer = tree_expression(returned, leaf_position)
        inner = [
            *self.checks(),
            *self.copies(derivative),
            *derivative.body,
            gast.Return(gast.Tuple(parts, gast.Load())),
        ]
        reads = {n.id for s in inner for n in nodes_in(s) if isinstance(n, gast.Name)}
        names = [n for n in (*self.function.params, *self.all_seeds()) if n in reads]
        own = {n: g for n, g in globals_.items() if n not in users}
        kernel = self.finished(f"{self.name}_kernel", (*names, *users), inner, derivative, own)
        call = gast.Call(load(kernel.name), [load(n) for n in (*names, *users)], [])
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
            self.program.sizes.reduced_types(derivative.types),
            derivative.temporaries,
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
            for name, path in {**self.program.prologue, **self.seed_prologue}.items()
        ]

    def copies(self, derivative: Derivative) -> list[gast.stmt]:
        return [
            gast.Assign([store(p)], gast.Call(gast.Attribute(load(p), "copy", gast.Load()), [], []), None)
            for p in derivative.copied
        ]

    def checks(self) -> list[gast.stmt]:
        """What the code assumes of the sizes of arguments is checked when it is entered."""
        conditions = [str(check) for check in self.program.sizes.needed()]
        if not conditions:
            return []
        test = expression(" and ".join(conditions))
        message = constant(f"{self.name}: the sizes of the arguments do not agree as this test wants")
        return [
            gast.If(
                gast.UnaryOp(gast.Not(), test), [gast.Raise(gast.Call(load("ValueError"), [message], []), None)], []
            )
        ]

    def apart(self, derivative: Derivative) -> list[gast.stmt]:
        """In text that stands alone: an argument that is written shares no memory with another."""
        types = self.function.types
        arrays = [p for p in self.function.params if isinstance(types.get(p), Array)]
        pairs = [(p, other) for p in derivative.copied if p in arrays for other in arrays if other != p]
        if not pairs or not self.options.alone or self.options.jit:
            return []
        test = expression(" or ".join(f"np.may_share_memory({p}, {other})" for p, other in pairs))
        message = constant(f"{self.name}: {pairs[0][0]} is written, and shares memory")
        return [gast.If(test, [gast.Raise(gast.Call(load("ValueError"), [message], []), None)], [])]

    def returned(self, derivative: Derivative) -> Any:
        values = map_leaves(lambda leaf: self.value_expression(leaf, derivative), self.result)
        aux: Any = None
        if self.aux is not None:
            aux = map_leaves(lambda leaf: self.value_expression(leaf, derivative), self.aux)
            values = Branch("tuple", (0, 1), (values, aux))
        if self.product == "jvp":
            tangents = map_leaves(lambda leaf: tangent_expression(leaf, derivative), self.result)
            return Branch("tuple", (0, 1), (values, tangents))
        if self.product == "jacrev":
            return map_leaves(lambda leaf: self.row_tree(leaf, derivative), self.result)
        if self.product == "jacfwd":
            return map_leaves(lambda leaf: self.column_tree(leaf, derivative), self.result)
        gradient = self.argument_trees(lambda name: derivative.gradients[name])
        if self.product == "value_and_grad":
            return Branch("tuple", (0, 1), (values, gradient))
        return gradient if aux is None else Branch("tuple", (0, 1), (gradient, aux))

    single = True

    def argument_trees(self, gradient: Callable[[str], gast.expr]) -> Any:
        """What is known of each input in the structure of the arguments; None where there is nothing to know."""
        trees = [
            map_leaves(
                lambda leaf: gradient(leaf.name) if leaf.name in self.inputs else constant(None),
                self.program.arguments[p],
            )
            for p in self.wrt
        ]
        if len(trees) == 1 and self.product != "vjp" and self.single:
            return trees[0]
        return Branch("tuple", tuple(range(len(trees))), tuple(trees))

    def row_tree(self, leaf: Leaf, derivative: Derivative) -> Any:
        """The part of a Jacobian that belongs to one result: shapes of the result, then of the arguments."""
        mine = [k for k, unit in enumerate(self.units) if unit.name == leaf.name]
        types = self.function.types
        shape = () if leaf.name is None else getattr(types[leaf.name], "shape", ())
        extents = [self.program.sizes.reduce(d).const for d in shape]

        again = leaf.name in self.written_rows
        self.written_rows.add(leaf.name)

        def block(name: str) -> gast.expr:
            rows = [clone(derivative.rows[k][name]) for k in mine]
            if extents:
                return stacked(rows, extents, name, types[name])
            if again and isinstance(types[name], Array):  # a result that is returned twice
                return gast.Call(gast.Attribute(rows[0], "copy", gast.Load()), [], [])
            return rows[0]

        return self.argument_trees(block)

    def column_tree(self, leaf: Leaf, derivative: Derivative) -> Any:
        """The same by columns."""
        again = leaf.name in self.written_rows
        self.written_rows.add(leaf.name)
        kind = self.function.types[leaf.name or ""]

        def block(name: str) -> gast.expr:
            mine = [k for k, unit in enumerate(self.units) if unit.name == name]
            columns = [clone(derivative.rows[k][leaf.name or ""]) for k in mine]
            extents = [self.program.sizes.reduce(d).const for d in getattr(self.function.types[name], "shape", ())]
            if extents:
                return stacked(columns, extents, leaf.name or "", kind, last=True)
            if again and isinstance(kind, Array):
                return gast.Call(gast.Attribute(columns[0], "copy", gast.Load()), [], [])
            return columns[0]

        return self.argument_trees(block)

    def value_expression(self, leaf: Leaf, derivative: Derivative) -> gast.expr:
        if leaf.name is None:
            return (
                constant(leaf.value) if isinstance(leaf.value, int | float | complex | str | None) else constant(None)
            )
        return derivative.values.get(leaf.name, load(leaf.name))

    def docstring(self) -> str:
        where = f"{Path(self.program.file).name}:{self.program.line}"
        names = ", ".join(f"`{p}`" for p in self.wrt)
        mode = "forward mode" if self.product in ("jvp", "jacfwd") else "reverse mode"
        return f"{KINDS[self.product]} of `{self.function.name}` ({where}) with respect to {names}, {mode}."


# ---- text


def module_text(generated: Generated, options: Options) -> str:
    """All that runs, but for the user's own globals, which are handed in when it is loaded."""
    return render_module(
        decorated_parts(generated, options),
        imports=IMPORTS,
        runtime_functions=generated.runtime_functions,
        plain_functions=generated.plain,
        helper_decorator=options.decorator(),
    )


def decorated_parts(generated: Generated, options: Options) -> list[Any]:
    """The text of each function; helpers come first, and of the others only the last one is compiled."""
    decorator = options.decorator()
    parts: list[str] = []
    for helper in generated.helpers:
        code = helper.code
        parts.append(code if isinstance(code, str) else render_function(replace(code, globals={}), decorator=decorator))
    for k, function in enumerate(generated.functions):
        own = decorator if k == len(generated.functions) - 1 else None
        parts.append(render_function(replace(function, globals={}), decorator=own))
    parts[0] = renamed_helpers(generated) + parts[0]
    return parts


def renamed_helpers(generated: Generated) -> str:
    """``shares1 = shares``: a copied runtime function whose own name is a variable of the user's."""
    read = generated.names_read()
    lines = [
        f"{g.name} = {g.value.__name__}\n"
        for g in generated.globals.values()
        if g.module == "adgen.runtime" and g.name in read and g.name != g.value.__name__
    ]
    return "".join([*lines, "\n\n"]) if lines else ""


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
