"""Nested containers of arguments and results: where the numbers sit."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gast
import numpy as np

from adgen.program.types import Type


@dataclass(frozen=True)
class Leaf:
    """A number or array: the variable that holds it, or a constant (`name` is None)."""

    name: str | None
    type: Type | None = None
    value: Any = None
    path: str = ""


@dataclass(frozen=True)
class Branch:
    """A tuple, list, dict, named tuple or object of leaves and branches."""

    kind: str  # tuple, list, dict, object
    keys: tuple[Any, ...]
    children: tuple[Tree, ...]
    cls: Any = None


Tree = Leaf | Branch


def leaves(tree: Tree) -> Iterator[Leaf]:
    """The leaves, left to right."""
    if isinstance(tree, Leaf):
        yield tree
    else:
        for child in tree.children:
            yield from leaves(child)


def map_leaves(function: Any, tree: Tree) -> Tree:
    if isinstance(tree, Leaf):
        return function(tree)
    return dataclasses.replace(tree, children=tuple(map_leaves(function, c) for c in tree.children))


def tree_expression(tree: Tree, leaf: Any) -> gast.expr:
    """Python that builds the object; `leaf` gives the expression of each leaf."""
    if not isinstance(tree, Branch):
        return leaf(tree)
    children = [tree_expression(child, leaf) for child in tree.children]
    if tree.kind == "dict":
        return gast.Dict([gast.Constant(k, None) for k in tree.keys], children)
    if tree.kind == "list":
        return gast.List(children, gast.Load())
    if tree.kind == "record":
        cls = gast.Name(tree.cls.__name__, gast.Load(), None, None)
        named = [gast.keyword(k, c) for k, c in zip(tree.keys, children, strict=True)]
        return gast.Call(gast.Name("record", gast.Load(), None, None), [cls], named)
    if tree.kind == "object":
        callee = gast.Name(tree.cls.__name__, gast.Load(), None, None)
        return gast.Call(callee, [], [gast.keyword(k, c) for k, c in zip(tree.keys, children, strict=True)])
    if tree.cls is not None:
        return gast.Call(gast.Name(tree.cls.__name__, gast.Load(), None, None), children, [])
    return gast.Tuple(children, gast.Load())


def copied_in_place(array: np.ndarray, values: np.ndarray | None = None) -> np.ndarray:
    """A copy (or other values) laid out in memory as the array is: by rows, by columns, or with gaps."""
    values = array if values is None else values
    if array.flags.c_contiguous:
        return np.array(values, order="C")
    if array.flags.f_contiguous:
        return np.array(values, order="F")
    with_gaps = np.empty((*values.shape, 2), values.dtype)[..., 0]
    with_gaps[...] = values
    return with_gaps
