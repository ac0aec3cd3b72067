"""Containers of numbers: walking, copying and comparing tuples, lists, dicts, named tuples, dataclasses."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from adgen.program.objects import attribute_names, is_object
from adgen.program.trees import copied_in_place

Tree = Any


def children(tree: Tree) -> list[tuple[str, Tree]] | None:
    """Children of a container with the text that selects each, or None for a leaf."""
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return [(f".{name}", getattr(tree, name)) for name in tree._fields]
    if isinstance(tree, (tuple, list)):
        return [(f"[{i}]", item) for i, item in enumerate(tree)]
    if isinstance(tree, dict):
        return [(f"[{key!r}]", item) for key, item in tree.items()]
    if is_object(tree):
        return [(f".{name}", getattr(tree, name)) for name in attribute_names(tree)]
    return None


def _rebuild(tree: Tree, parts: list[Tree]) -> Tree:
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*parts)
    if isinstance(tree, (tuple, list)):
        return type(tree)(parts)
    if isinstance(tree, dict):
        return dict(zip(tree, parts, strict=True))
    made = copy.copy(tree)
    for name, child in zip(attribute_names(tree), parts, strict=True):
        object.__setattr__(made, name, child)
    return made


def map_leaves(function: Callable[..., Any], tree: Tree, *others: Tree, path: str = "") -> Tree:
    """Apply ``function(path, leaf, other_leaf, ...)`` to each leaf; None stands for a container of None."""
    items = children(tree)
    if items is None:
        return function(path, tree, *others)
    rest: list[list[Tree]] = []
    for other in others:
        if other is None:
            rest.append([None] * len(items))
            continue
        found = children(other)
        if found is None or {key for key, _ in found} != {key for key, _ in items}:
            message = f"result{path} should be built like {describe(tree)}, but is {describe(other)}"
            raise AssertionError(message)
        by_key = dict(found)  # attributes and entries in whatever order
        rest.append([by_key[key] for key, _ in items])
    parts = [
        map_leaves(function, child, *(column[i] for column in rest), path=path + key)
        for i, (key, child) in enumerate(items)
    ]
    return _rebuild(tree, parts)


def leaves(tree: Tree, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf with the text that selects it."""
    items = children(tree)
    if items is None:
        yield path, tree
        return
    for key, child in items:
        yield from leaves(child, path + key)


def describe(tree: Tree) -> str:
    items = children(tree)
    if items is None:
        shape = f" of shape {tree.shape}" if isinstance(tree, np.ndarray) else ""
        return f"{type(tree).__name__}{shape}"
    return f"{type(tree).__name__}({', '.join(describe(child) for _, child in items)})"


def is_smooth(leaf: Any) -> bool:
    """Whether a leaf can carry a derivative."""
    if isinstance(leaf, (np.ndarray, np.generic)):
        return leaf.dtype.kind in "fc"
    return isinstance(leaf, (float, complex))


def copied(args: Sequence[Any]) -> tuple[Any, ...]:
    """Copies that a function may mutate; modules and functions stay themselves."""
    return tuple(map_leaves(lambda _, leaf: copied_leaf(leaf), arg) for arg in args)


def copied_leaf(leaf: Any) -> Any:
    if isinstance(leaf, np.ndarray):
        return copied_in_place(leaf)
    try:
        return copy.deepcopy(leaf)
    except TypeError:  # generators, modules, open files: not values
        return leaf


def smooth_leaves(tree: Tree) -> list[np.ndarray]:
    """The smooth leaves, as arrays."""
    return [np.asarray(leaf) for _, leaf in leaves(tree) if is_smooth(leaf)]


def same(left: Any, right: Any) -> bool:
    """Whether two leaves are equal, entry by entry."""
    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        return np.shape(left) == np.shape(right) and np.array_equal(
            left, right, equal_nan=np.asarray(left).dtype.kind in "fc"
        )
    if left is right or left == right:
        return True
    # Objects without a notion of equality are what their attributes are.
    has_attributes = type(left) is type(right) and type(left).__eq__ is object.__eq__ and hasattr(left, "__dict__")
    return has_attributes and not is_changed(vars(left), vars(right))


def is_changed(before: Tree, after: Tree) -> bool:
    old, new = list(leaves(before)), list(leaves(after))
    if [path for path, _ in old] != [path for path, _ in new]:
        return True
    return not all(same(a, b) for (_, a), (_, b) in zip(old, new, strict=True))


def _random_like(leaf: Any, rng: np.random.Generator) -> Any:
    """A normal variate of the leaf's shape and dtype."""
    drawn = rng.standard_normal(np.shape(leaf))
    dtype = np.asarray(leaf).dtype
    if dtype.kind == "c":
        drawn = drawn + 1j * rng.standard_normal(np.shape(leaf))
    if isinstance(leaf, (np.ndarray, np.generic)):
        drawn = np.asarray(drawn, dtype=dtype)
        return drawn if isinstance(leaf, np.ndarray) else drawn[()]
    return complex(drawn) if dtype.kind == "c" else float(drawn)


def random_direction(tree: Tree, rng: np.random.Generator) -> Tree:
    """A random element of the tangent space: None at leaves that carry no derivative."""
    if not any(is_smooth(leaf) for _, leaf in leaves(tree)):
        return None
    return map_leaves(lambda _, leaf: _random_like(leaf, rng) if is_smooth(leaf) else None, tree)
