"""Functions that Numba lacks, element by element: by their rule row's respelling, or as SciPy compiled them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from adgen.lower.helpers import Helper
from adgen.lower.trees import build, name, text_of
from adgen.program.types import FLOAT, Array, Scalar
from adgen.rules.registry import registry

if TYPE_CHECKING:
    from adgen.lower.lowering import Lowering

CYTHON = "scipy.special.cython_special"


def by_rule(lowering: Lowering, function: Any, node: gast.Call) -> gast.expr | None:
    """The respelling that the function's rule row states."""
    for head, row in registry().lookup(function):
        if row.numba is None:
            continue
        bound = head.bind(function, node.args, {k.arg: k.value for k in node.keywords})
        if (
            bound is None
            or set(bound) != set(head.parameters)
            or not all(isinstance(v, gast.AST) for v in bound.values())
        ):
            continue
        if any(_is_complex(lowering, v) for v in bound.values()):
            return None
        if all(lowering.rank(v) == 0 for v in bound.values()):
            return written_out(lowering, row.numba, {k: _atom(lowering, v, k) for k, v in bound.items()})
        return elementwise(lowering, function.__name__, row.numba, bound)
    return None


def _is_complex(lowering: Lowering, node: gast.expr) -> bool:
    return getattr(lowering.type_of(node), "kind", "") == "c"


def _atom(lowering: Lowering, node: gast.expr, hint: str) -> gast.expr:
    if isinstance(node, gast.Name | gast.Constant):
        return node
    kind = lowering.type_of(node)
    return lowering.variable(lowering.expr(node), hint, kind)


def written_out(lowering: Lowering, text: str, parts: Mapping[str, gast.expr]) -> gast.expr:
    """The text of a row, over operands that are names or constants."""
    return lowering.expr(_with_runtime(lowering, build(text, **parts)))


def _with_runtime(lowering: Lowering, node: gast.expr) -> gast.expr:
    class Names(gast.NodeTransformer):
        def visit_Attribute(self, found: gast.Attribute) -> gast.expr:
            if isinstance(found.value, gast.Name) and found.value.id == "rt":
                return lowering.runtime(found.attr)
            return found

    return Names().visit(node)


def elementwise(lowering: Lowering, stem: str, text: str, bound: Mapping[str, gast.expr]) -> gast.expr:
    """A function of numbers that Numba broadcasts over arrays, made for this module."""
    arguments = [lowering.expr(v) for v in bound.values()]
    names = [lowering.fresh(k) for k in bound]
    lowering.types |= dict.fromkeys(names, FLOAT)
    outer, lowering.before = lowering.before, []
    body = written_out(lowering, text, {k: name(n) for k, n in zip(bound, names, strict=True)})
    assert not lowering.before
    lowering.before = outer
    lines = f"    return {text_of(body)}"
    return gast.Call(name(made(lowering, stem, names, lines)), arguments, [])


def made(lowering: Lowering, stem: str, parameters: list[str], lines: str, before: str = "") -> str:
    """The name of a helper that is broadcast over arrays."""
    key = f"{stem}: {lines}"
    if key not in lowering.helpers:
        new = lowering.fresh(f"{stem}_elements")
        text = f"{before}@numba.vectorize\ndef {new}({', '.join(parameters)}):\n{lines}"
        lowering.helpers[key] = Helper(new, text)
    return lowering.helpers[key].name


# ---- what SciPy compiled ------------------------------------------------------------------------


@functools.cache
def exported(function: str, count: int) -> str | None:
    """The name under which SciPy exports a function of `count` doubles, if it does."""
    from scipy.special import cython_special  # the user's program uses SciPy

    table = cython_special.__pyx_capi__
    wanted = f'"double ({", ".join(["double"] * count)}, int __pyx_skip_dispatch)"'
    for candidate in (function, *(f"__pyx_fuse_{k}{function}" for k in range(4))):
        if wanted in repr(table.get(candidate)):
            return candidate
    return None


def by_scipy(lowering: Lowering, function: Any, node: gast.Call) -> gast.expr | None:
    """A call of the function that SciPy compiled, element by element."""
    if node.keywords or not node.args or not isinstance(function, np.ufunc) or function.nout != 1:
        return None
    if any(_is_complex(lowering, a) for a in node.args):
        return None
    own = exported(function.__name__, len(node.args))
    kind = lowering.type_of(node)
    if own is None or not isinstance(kind, Array | Scalar) or kind.dtype != np.float64:
        return None
    names = ["x"] if len(node.args) == 1 else [f"x{k}" for k in range(len(node.args))]
    key = f"scipy {function.__name__} {len(names)}"
    if key not in lowering.helpers:
        compiled = lowering.fresh(f"scipy_{function.__name__}")
        numbers = ", ".join(["numba.types.float64"] * len(names))
        before = LINKED.format(symbol=f"scipy_{own}", own=own, compiled=compiled, numbers=numbers)
        new = made(lowering, function.__name__, names, f"    return {compiled}({', '.join(names)}, 0)", before)
        lowering.helpers[key] = lowering.helpers.pop(next(k for k, h in lowering.helpers.items() if h.name == new))
    return gast.Call(name(lowering.helpers[key].name), [lowering.expr(a) for a in node.args], [])


# The function is linked by name, so that Numba can keep what it compiled on disk.
LINKED = f"""\
llvmlite.binding.add_symbol(
    "{{symbol}}", numba.extending.get_cython_function_address("{CYTHON}", "{{own}}")
)
{{compiled}} = numba.types.ExternalFunction(
    "{{symbol}}", numba.types.float64({{numbers}}, numba.types.int32)
)


"""


def lowered_elementwise(lowering: Lowering, function: Any, node: gast.Call) -> gast.expr | None:
    """The first of the two ways that there is."""
    found = by_rule(lowering, function, node)
    return by_scipy(lowering, function, node) if found is None and is_scipy(node) else found


def is_scipy(node: gast.Call) -> bool:
    function: Any = node.func
    while isinstance(function, gast.Attribute):
        function = function.value
    return isinstance(function, gast.Name) and function.id in ("sp", "scipy")
