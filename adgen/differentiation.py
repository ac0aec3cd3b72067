"""What is differentiated: the results and arguments of a program, seeds for them, and the sweep in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import gast

from adgen.analyses.meaning import find_ending
from adgen.errors import MeaninglessDerivative, NotScalar, SeparateSweeps, meaningless
from adgen.frontend.specialize import Program
from adgen.options import Options
from adgen.program.spans import Span, span_of
from adgen.program.trees import Branch, Leaf, Tree, leaves
from adgen.program.types import Array, Scalar, is_differentiable, show_type
from adgen.transforms.nodes import constant, load
from adgen.transforms.reverse import Derivative, Reverse
from adgen.transforms.tangent import Tangent
from adgen.transforms.vector_mode import Unit, find_units, in_directions
from adgen.transforms.winners import keep_winners


class Differentiation:
    """One derivative of one program: what it is of, and its seeds."""

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


def split_aux(tree: Tree, has_aux: bool) -> tuple[Tree, Tree | None]:
    if not has_aux:
        return tree, None
    if not isinstance(tree, Branch) or len(tree.children) != 2:
        raise ValueError("with has_aux=True the function returns a pair: (value, aux)")
    return tree.children[0], tree.children[1]
