"""Shapes: reshapes of any layout, joins, axes that Numba cannot move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import gast

from adgen.analyses.effects import dotted
from adgen.lower.trees import build, constant, static
from adgen.program.types import Array, ListOf, Scalar, TupleOf

if TYPE_CHECKING:
    from adgen.lower.lowering import Lowering


def reshape(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """Numba reshapes contiguous arrays only; Fortran's order is that of the transposes."""
    if not set(bound) <= {"a", "shape", "order"} or "shape" not in bound:
        return None
    kind = lowering.type_of(bound["a"])
    if "order" in bound:
        shape, fortran = bound["shape"], static(bound["order"]) == "F"
        if not fortran or not isinstance(kind, Array) or not isinstance(lowering.type_of(shape), TupleOf):
            return None
        written = isinstance(shape, gast.Tuple)
        backwards = gast.Tuple(shape.elts[::-1], gast.Load()) if written else build("s[::-1]", s=shape)
        return lowering.expr(build("np.transpose(np.reshape(np.transpose(x), s))", x=bound["a"], s=backwards))
    shape = lowering.expr(bound["shape"])
    if isinstance(kind, Scalar):
        return build("np.reshape(np.array([x]), s)", x=lowering.expr(bound["a"]), s=shape)
    if not isinstance(kind, Array):
        return None
    return build("np.reshape(np.ascontiguousarray(x), s)", x=lowering.expr(bound["a"]), s=shape)


def ravel(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """Numbers are arrays of one element, displays are arrays."""
    operand, order = bound["a"], static(bound["order"]) if "order" in bound else "C"
    kind = lowering.type_of(operand)
    if isinstance(kind, Array) and kind.rank and order == "F":
        return lowering.expr(build("np.ravel(np.transpose(x))", x=operand))
    if order != "C":
        return None
    if isinstance(operand, gast.List | gast.Tuple):
        return lowering.expr(build("np.ravel(np.array(x))", x=operand))
    if isinstance(kind, Scalar) or _is_number(operand):
        return build("np.array([x])", x=lowering.expr(operand))
    return None


def _is_number(node: Any) -> bool:
    return isinstance(static(node), bool | int | float | complex)


def expand_dims(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    axis = static(bound.get("axis"))
    kind = lowering.type_of(bound["a"])
    new = lowering.expr(bound["a"])
    if not isinstance(axis, int | tuple) or not isinstance(kind, Array | Scalar):
        return None
    axes = axis if isinstance(axis, tuple) else (axis,)
    if isinstance(kind, Scalar) or kind.rank == 0:
        return build("np.full(s, x)", s=constant((1,) * len(axes)), x=new)
    total = kind.rank + len(axes)
    for k in sorted(a % total for a in axes):
        new = build("np.expand_dims(x, k)", x=new, k=k)
    return new


def squeeze(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    kind = lowering.type_of(bound["a"])
    if not isinstance(kind, Array):
        return None
    axis = static(bound["axis"]) if "axis" in bound else None
    axes = tuple(k for k, d in enumerate(kind.shape) if d.is_one) if axis is None else axis
    axes = axes if isinstance(axes, tuple) else (axes,)
    dropped = {a % kind.rank for a in axes} if kind.rank else set()
    items = [constant(0) if k in dropped else gast.Slice(None, None, None) for k in range(kind.rank)]
    array = lowering.expr(bound["a"])
    if not dropped:
        return array if lowering.rank(node) == kind.rank else None
    return gast.Subscript(array, items[0] if len(items) == 1 else gast.Tuple(items, gast.Load()), gast.Load())


def joined(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """Joins take tuples of arrays; numbers in them become arrays."""
    key = "arrays" if "arrays" in bound else "tup"
    if key not in bound or not set(bound) <= {"arrays", "tup", "axis"}:
        return None
    items = bound[key]
    if not isinstance(items, gast.List | gast.Tuple):
        return stacked(lowering, bound, items) if isinstance(lowering.type_of(items), ListOf) else None
    function = node.func.attr if isinstance(node.func, gast.Attribute) else ""
    parts = [lowering.expr(e) for e in items.elts]
    kinds = [lowering.type_of(e) for e in items.elts]
    if not all(isinstance(k, Array) and k.rank for k in kinds):
        if function == "stack" and all(lowering.rank(e) == 0 for e in items.elts):
            return build("np.array(x)", x=gast.List(parts, gast.Load()))
        if function not in ("hstack", "vstack", "column_stack", "concatenate") or None in kinds:
            return None
        parts = [build("np.array([x])", x=p) if isinstance(k, Scalar) else p for p, k in zip(parts, kinds, strict=True)]
    if function == "vstack":  # Numba wants arrays of as many axes
        parts = [
            p if lowering.rank(e) > 1 else build("np.expand_dims(x, 0)", x=p)
            for p, e in zip(parts, items.elts, strict=True)
        ]
    arguments: list[gast.expr] = [gast.Tuple(parts, gast.Load())]
    axis = static(bound["axis"]) if "axis" in bound else 0
    if axis is None or not isinstance(axis, int):
        return None
    return gast.Call(node.func, arguments, [gast.keyword("axis", constant(axis))] if axis else [])


def unstacked(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """``np.unstack``: a list, whose length is known at run time."""
    kind, axis = lowering.type_of(bound["x"]), static(bound["axis"]) if "axis" in bound else 0
    if not isinstance(lowering.type_of(node), ListOf) or not isinstance(kind, Array) or not isinstance(axis, int):
        return None
    axis %= kind.rank
    order = [axis, *[k for k in range(kind.rank) if k != axis]]
    moved = lowering.variable(transposed(lowering, lowering.expr(bound["x"]), order), "rows")
    k = lowering.fresh("k")
    return build(f"[np.ascontiguousarray(x[{k}]) for {k} in range(x.shape[0])]", x=moved)


def stacked(lowering: Lowering, bound: Mapping[str, Any], items: gast.expr) -> gast.expr | None:
    """``np.stack`` of a list of arrays that grew at run time."""
    listed = lowering.type_of(items)
    axis = static(bound["axis"]) if "axis" in bound else 0
    if not isinstance(listed, ListOf) or not isinstance(listed.item, Array) or not isinstance(axis, int):
        return None
    rank = listed.item.rank + 1
    whole = gast.Call(lowering.runtime("stacked_list"), [lowering.expr(items)], [])
    return transposed(lowering, whole, [k for k in range(1, rank) if k <= axis % rank] + [0]
                      + [k for k in range(1, rank) if k > axis % rank])  # fmt: skip


def array(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """``np.array([v, w])`` of arrays is a stack of them."""
    items = bound.get("object", bound.get("a"))
    listed = lowering.type_of(items) if isinstance(items, gast.Name) else None
    if isinstance(listed, ListOf) and isinstance(listed.item, Array) and len(bound) == 1:
        return stacked(lowering, {}, items)
    if isinstance(listed, ListOf) and isinstance(listed.item, Scalar) and len(bound) == 1:
        return gast.Call(lowering.runtime("array_of_list"), [items], [])
    if isinstance(items, gast.expr) and set(bound) <= {"object", "a"} and is_without_axes(lowering.type_of(items)):
        return build("np.asarray(x).copy()", x=lowering.expr(items))
    if _is_number(items) and len(bound) == 1:
        return build("np.asarray(x)", x=items)
    if not isinstance(items, gast.List | gast.Tuple) or not set(bound) <= {"object", "a", "dtype"}:
        return None
    kinds = [lowering.type_of(e) for e in items.elts]
    cast = f".astype({_dtype(bound['dtype'])})" if "dtype" in bound else ""
    if kinds and all(isinstance(k, Array) and k.rank for k in kinds):
        parts = gast.Tuple([lowering.expr(e) for e in items.elts], gast.Load())
        return build(f"np.stack(x){cast}", x=parts)
    if items.elts and all(isinstance(e, gast.List | gast.Tuple) for e in items.elts):
        inner = [build("np.array(x)", x=e) for e in items.elts]
        if any(lowering.rank(e) for row in items.elts for e in row.elts):
            return lowering.expr(build(f"np.stack(x){cast}", x=gast.Tuple(inner, gast.Load())))
    if kinds and any(isinstance(k, Array) for k in kinds) and all(lowering.rank(e) == 0 for e in items.elts):
        parts = [
            build("x.item()", x=lowering.expr(e)) if isinstance(k, Array) else lowering.expr(e)
            for e, k in zip(items.elts, kinds, strict=True)
        ]
        return build(f"np.array(x){cast}", x=gast.List(parts, gast.Load()))
    return None


def is_without_axes(kind: Any) -> bool:
    return isinstance(kind, Array) and not kind.rank


def _dtype(node: gast.expr) -> str:
    return {"float": "np.float64", "int": "np.int64", "complex": "np.complex128", "bool": "np.bool_"}.get(
        getattr(node, "id", ""), f"np.{getattr(node, 'attr', 'float64')}"
    )


def flip(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    kind = lowering.type_of(bound["m"])
    axis = static(bound["axis"]) if "axis" in bound else None
    if not isinstance(kind, Array) or not (axis is None or isinstance(axis, int | tuple)):
        return None
    axes = range(kind.rank) if axis is None else [axis] if isinstance(axis, int) else axis
    turned = {a % kind.rank for a in axes}
    items = [gast.Slice(None, None, constant(-1) if k in turned else None) for k in range(kind.rank)]
    index = items[0] if len(items) == 1 else gast.Tuple(items, gast.Load())
    return gast.Subscript(lowering.expr(bound["m"]), index, gast.Load())


def moveaxis(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    kind = lowering.type_of(bound["a"])
    source, destination = static(bound["source"]), static(bound["destination"])
    if not isinstance(kind, Array) or not isinstance(source, int | tuple) or not isinstance(destination, int | tuple):
        return None
    sources = [s % kind.rank for s in (source if isinstance(source, tuple) else (source,))]
    targets = [d % kind.rank for d in (destination if isinstance(destination, tuple) else (destination,))]
    order = [k for k in range(kind.rank) if k not in sources]
    for target, own in sorted(zip(targets, sources, strict=True)):
        order.insert(target, own)
    return transposed(lowering, lowering.expr(bound["a"]), order)


def transposed(lowering: Lowering, node: gast.expr, order: list[int]) -> gast.expr:
    if order == sorted(order):
        return node
    if order == [1, 0]:
        return gast.Attribute(node, "T", gast.Load())
    return build("x.transpose(axes)", x=node, axes=constant(tuple(order)))  # compiles in a tenth of the function's time


def swapaxes(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    rank = lowering.rank(bound["a"])
    axes = [static(bound.get(key)) for key in ("axis1", "axis2")]
    if not rank or not all(isinstance(k, int) for k in axes):
        return None
    order = list(range(rank))
    first, second = (k % rank for k in axes)
    order[first], order[second] = second, first
    return transposed(lowering, lowering.expr(bound["a"]), order)


def transpose(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    kind = lowering.type_of(bound["a"])
    axes = static(bound["axes"]) if "axes" in bound else None
    if not isinstance(kind, Array) or not (axes is None or isinstance(axes, tuple)):
        return None
    order = [a % kind.rank for a in axes] if axes is not None else list(range(kind.rank))[::-1]
    return transposed(lowering, lowering.expr(bound["a"]), order)


def at_least(rank: int) -> Any:
    """``np.atleast_1d``, ``2d``, ``3d``: axes are added, before and behind those that are there."""

    def grown(lowering: Lowering, node: gast.expr) -> gast.expr:
        own, new = lowering.rank(node), lowering.expr(node)
        if not own:
            return build("np.full(s, x)", s=constant((1,) * rank), x=new)
        for k in NEW_AXES.get((own, rank), ()):
            new = build("np.expand_dims(x, k)", x=new, k=k)
        return new

    def respell(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
        if node.keywords or any(lowering.type_of(a) is None for a in node.args):
            return None
        new = [grown(lowering, a) for a in node.args]
        return new[0] if len(new) == 1 else gast.Tuple(new, gast.Load())

    return respell


def filled(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """Dtypes by the names that Numba has for them; a number is filled in for a number."""
    function = node.func.attr if isinstance(node.func, gast.Attribute) else ""
    kind = lowering.type_of(node)
    if function in LIKE and node.args and not lowering.rank(node.args[0]) and isinstance(kind, Array | Scalar):
        return build(f"np.{kind.dtype.name}(n)", n=LIKE[function])
    if "dtype" not in bound or not isinstance(bound["dtype"], gast.Name):
        return None
    new = gast.Call(node.func, [lowering.expr(a) for a in node.args], [
        gast.keyword(k.arg, build(_dtype(k.value)) if k.arg == "dtype" else lowering.expr(k.value))
        for k in node.keywords
    ])  # fmt: skip
    new.args = [
        build(_dtype(a)) if a is bound["dtype"] or getattr(a, "id", "") in BUILTIN_DTYPES else a for a in new.args
    ]
    return new


def linspace(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """In double precision, which it has anyway."""
    if dotted(bound.get("dtype", node)) != "np.float64" or set(bound) != {"start", "stop", "num", "dtype"}:
        return None
    if lowering.rank(bound["start"]) or lowering.rank(bound["stop"]):
        return None
    ends = {n: lowering.expr(bound[n]) for n in ("start", "stop", "num")}
    return build("np.linspace(start, stop, num)", **ends)


NEW_AXES = {(1, 2): (0,), (1, 3): (0, 2), (2, 3): (2,)}  # from so many axes to so many
LIKE = {"zeros_like": 0, "ones_like": 1, "empty_like": 0}
BUILTIN_DTYPES = ("float", "int", "complex", "bool")

RESPELLINGS: Mapping[str, Any] = {
    "np.reshape": reshape,
    "np.ravel": ravel,
    "np.expand_dims": expand_dims,
    "np.squeeze": squeeze,
    "np.concatenate": joined,
    "np.stack": joined,
    "np.hstack": joined,
    "np.vstack": joined,
    "np.column_stack": joined,
    "np.array": array,
    "np.asarray": array,
    "np.atleast_1d": at_least(1),
    "np.atleast_2d": at_least(2),
    "np.atleast_3d": at_least(3),
    "np.unstack": unstacked,
    "np.flip": flip,
    "np.linspace": linspace,
    "np.moveaxis": moveaxis,
    "np.permute_dims": transpose,
    "np.transpose": transpose,
    "np.swapaxes": swapaxes,
    **dict.fromkeys(
        ("np.zeros", "np.ones", "np.empty", "np.full", "np.zeros_like", "np.ones_like", "np.empty_like", "np.eye"),
        filled,
    ),
}
