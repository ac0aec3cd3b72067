"""Arrays that are filled only to have their shape taken: ``np.zeros_like(y)`` is ``np.zeros(...)``, as `y` was made."""

from __future__ import annotations

from collections import Counter
from typing import Any

import gast

from adgen.analyses.effects import dotted, facts, statements_in
from adgen.optimize.context import count_names, with_body
from adgen.optimize.trees import copy, replace_nodes, with_fields
from adgen.program.function import Function
from adgen.program.syntax import nodes_in
from adgen.program.types import Array, Scalar

MAKERS = frozenset({"np.zeros", "np.empty"})


def replace_blank_likes(function: Function) -> Function:
    """Say how large an array of zeros is without the array that it is like, where nobody reads that otherwise.

    >>> from adgen.optimize.showing import show
    >>> print(show(replace_blank_likes, '''
    ... ys = np.zeros((n, 3))
    ... for i in range(n):
    ...     ys[i] += x
    ... ys_bar = np.zeros_like(ys)
    ... return ys_bar'''))
    ys = np.zeros((n, 3))
    for i in range(n):
        ys[i] += x
    ys_bar = np.zeros((n, 3))
    return ys_bar
    """
    likes = Counter(name for _, name in _likes(function))
    if not likes:
        return function
    loads, stores = count_names(function)
    made = {}
    for statement in function.body:
        match statement:
            case gast.Assign(targets=[gast.Name(id=name)], value=gast.Call(args=[shape], keywords=[]) as call):
                if name in likes and stores[name] == 1 and dotted(call.func) in MAKERS:
                    if all(_stays(read, function, stores) for read in facts(shape).names):
                        made[name] = shape
    written = Counter(_stored_into(statement) for statement in statements_in(function.body))
    changes = {
        id(node): with_fields(node, func=gast.Attribute(node.func.value, "zeros", gast.Load()), args=[copy(made[name])])
        for node, name in _likes(function)
        if name in made and loads[name] == likes[name] + written[name]
    }
    if not changes:
        return function
    return with_body(function, [replace_nodes(statement, changes) for statement in function.body])


def _likes(function: Function) -> list[tuple[Any, str]]:
    """Calls ``np.zeros_like(name)``."""
    found = []
    for statement in function.body:
        for node in nodes_in(statement):
            match node:
                case gast.Call(func=func, args=[gast.Name(id=name)], keywords=[]) if dotted(func) == "np.zeros_like":
                    found.append((node, name))
    return found


def _stays(name: str, function: Function, stores: Counter[str]) -> bool:
    """Whether a number, or the shape of an array, is the same all the time."""
    bound = 0 if name in function.params else 1
    return name == "np" or stores[name] <= bound and isinstance(function.types.get(name), Scalar | Array)


def _stored_into(statement: gast.stmt) -> str | None:
    """The array whose elements a statement writes."""
    match statement:
        case gast.Assign(targets=[gast.Subscript(value=gast.Name(id=name))]):
            return name
        case gast.AugAssign(target=gast.Subscript(value=gast.Name(id=name))):
            return name
    return None
