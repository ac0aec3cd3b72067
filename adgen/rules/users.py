"""Rules that users give for functions of their own: `adgen.rule`."""

from __future__ import annotations

import ast
import builtins
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from adgen.rules.kinds import Head, build_row, parse_head
from adgen.rules.registry import registry

KINDS = ("elementwise", "linear", "bilinear", "general")


def rule(
    head: str,
    function: Callable[..., Any],
    *,
    kind: str | None = None,
    names: Mapping[str, Any] | None = None,
    like: Callable[..., Any] | None = None,
    **quantities: Any,
) -> None:
    """Give a function a derivative: one that has no Python source, or whose source is not to be differentiated.

    A rule begins with the statement that it differentiates, and gives by keyword the quantities that it defines.
    Partial derivatives ``dy_dx`` suit functions of numbers, which are applied to each element of arrays.  For all
    others, ``y_dot`` is the tangent and ``x_bar`` what is added to the adjoint of an argument ``x``; arguments without
    one are held constant.  From this both modes follow, and second derivatives if what stands on the right can be
    differentiated in turn.

    Parameters
    ----------
    head
        ``"y = f(x, n)"``; parameters with a default are matched by name.
    function
        The function, as it is called in programs.
    kind
        ``"linear"`` or ``"bilinear"`` if only the adjoints are given: the tangent then follows from the function.
    names
        Functions and constants that the right-hand sides name, besides ``np``, ``math`` and the names of the head.
    like
        A function of the same arguments that returns a value of the type and shape of the result.  Without it the
        function itself is called on small stand-ins.
    **quantities
        ``dy_dx``, or ``y_dot`` and ``x_bar``: Python text, or functions whose parameters have the names above.  Also
        ``let`` (a dict of shared values), ``singular`` (arguments whose partial may be infinite) and ``at`` (what is
        done at kinks).

    Raises
    ------
    TypeError
        If a quantity is not understood, or the tangent is missing.
    NameError
        If a right-hand side names something that is not known.

    Examples
    --------
    >>> import ctypes, ctypes.util, adgen
    >>> cbrt = ctypes.CDLL(ctypes.util.find_library("m")).cbrt
    >>> cbrt.restype, cbrt.argtypes = ctypes.c_double, [ctypes.c_double]
    >>> adgen.rule("y = cbrt(x)", cbrt, dy_dx="y / (3 * x)")
    >>> adgen.grad(lambda x: cbrt(x) ** 2)(8.0)
    0.3333333333333333

    A function of arrays, with its tangent and adjoint as functions:

    >>> import numpy as np
    >>> def total(x):                 # stands for compiled code
    ...     return float(np.asarray(x).sum())
    >>> adgen.rule("y = total(x)", total, kind="linear", x_bar=lambda y_bar, x: y_bar * np.ones_like(x))
    >>> adgen.grad(lambda x: total(x * x))(np.array([1.0, 2.0]))
    array([2., 4.])
    """
    parsed = parse_head(head)
    space = dict(names or {})
    entries = {key: _text(key, value, parsed, space) for key, value in quantities.items()}
    kind = kind or _kind_of(parsed, entries)
    if kind not in KINDS:
        raise TypeError(f"kind={kind!r}: a rule is {', '.join(KINDS)}")
    row = build_row(kind, (head,), {**entries, "y_type": like}, space=space)
    _check_names(row, parsed, space)
    registry().add(function, row.heads[0], row, first=True)


def _text(key: str, value: Any, head: Head, space: dict[str, Any]) -> Any:
    """A right-hand side as text; a function becomes a call of it, by the names of its parameters."""
    if not callable(value):
        return value
    name = f"{head.callee.replace('.', '_')}_{key}"
    space[name] = value
    return f"{name}({', '.join(inspect.signature(value).parameters)})"


def _kind_of(head: Head, entries: Mapping[str, Any]) -> str:
    if any(key.startswith(f"d{head.outputs[0]}_d") for key in entries):
        return "elementwise"
    if any(key.endswith("_dot") for key in entries):
        return "general"
    raise TypeError(f"{head.text}: give dy_dx, or y_dot beside the adjoints, or kind='linear'")


def _check_names(row: Any, head: Head, space: Mapping[str, Any]) -> None:
    known = {*head.parameters, *head.outputs, head.star, "np", "math", "sp", *row.let, *space, *dir(builtins)}
    known |= {f"{name}_dot" for name in head.parameters} | {f"{name}_bar" for name in head.outputs}
    for texts in (row.partials, row.tangents, row.adjoints, row.let):
        for key, text in texts.items():
            used = {n.id for n in ast.walk(ast.parse(text.strip(), mode="eval")) if isinstance(n, ast.Name)}
            unknown = sorted(used - known)
            if unknown:
                raise NameError(f"{head.text}: {', '.join(unknown)} in {key!r}; give it by names={{...}}")
