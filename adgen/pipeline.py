"""The whole compiler on one page: stages in order, one reason per line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import gast

from adgen.differentiation import Differentiation
from adgen.emit.module import render_function, render_module
from adgen.errors import AdgenError, MeaninglessDerivative
from adgen.frontend.specialize import MOST_FIXED, Program, specialize
from adgen.lower import Helper, lower, write_loops
from adgen.optimize import INTERPRETED, PASSES, optimize
from adgen.options import Options
from adgen.program.attempts import catch_any
from adgen.program.function import Function, GlobalName
from adgen.program.syntax import nodes_in
from adgen.program.trees import Tree
from adgen.runtime.records import record
from adgen.transforms.reverse import Derivative
from adgen.wrapping import Wrapper


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

    def differentiated(most_fixed: int) -> tuple[Differentiation, Derivative]:
        program = specialize(function, arguments, promote=frozenset(wrt), most_fixed=most_fixed)  # to normal form
        task = Differentiation(program, product, wrt, options, has_aux, name)
        return task, task.transform()  # analyses, tangent | adjoint

    try:
        task, derivative = differentiated(0)
    except AdgenError as refusal:
        if refusal.slug != "nested-list":
            raise
        try:
            task, derivative = differentiated(MOST_FIXED)
        except AdgenError:
            raise refusal from None
    if options.jit:
        catch_any(derivative.body)
    passes = PASSES if options.jit else INTERPRETED
    written = Wrapper(task, derivative, single=single).functions()
    functions = tuple(optimize(f, passes) for f in written)  # as a person would write it
    helpers: tuple[Helper, ...] = ()
    plain: tuple[Any, ...] = ()
    globals_ = dict(functions[0].globals)
    if decorator := options.decorator():
        loops = write_loops(functions[-1], task.program.sizes)  # arrays become loops, as a person would write them
        lowered = lower(loops, task.program.sizes, decorator)  # as Numba takes it
        functions, helpers, plain = (*functions[:-1], lowered.function), lowered.helpers, lowered.plain
        globals_ |= lowered.function.globals
        wrapper = functions[0].body if len(functions) > 1 else ()
        if any(isinstance(n, gast.Name) and n.id == "record" for s in wrapper for n in nodes_in(s)):
            plain += (record,)  # the wrapper around what is compiled stays Python
    generated = Generated(
        task.name,
        "",
        functions,
        task.program,
        task.seed_tree,
        globals_,
        task.result,
        derivative.copied,
        helpers,
        plain,
        derivative.contiguous,
        task.warning,
    )
    return replace(generated, text=module_text(generated, options))


IMPORTS = (
    "import cmath", "import llvmlite.binding", "import math", "import numba", "import numpy as np",
    "import scipy as sp",
)  # fmt: skip


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
