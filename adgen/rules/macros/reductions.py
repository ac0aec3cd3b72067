"""Axes that a reduction removes, and what is spread along them again."""

from __future__ import annotations

from adgen.rules.macros.operands import MISSING, Operand, axes_of, macro


@macro
def unreduce(y_bar: Operand, x: Operand, axis: Operand, keepdims: Operand) -> str:
    """What a reduction over `axis` yields, made to broadcast against `x` again."""
    if keepdims.static is True or axis.static is None or 0 in (getattr(y_bar.type, "rank", None), x.rank):
        return "y_bar"
    if axis.static is MISSING:
        return "np.expand_dims(y_bar, axis)"
    reduced = axes_of(axis.static, x.rank)
    kept = [a for a in range(x.rank) if a not in reduced]
    if all(a < min(kept, default=x.rank) for a in reduced):
        return "y_bar"
    if x.rank > 3:
        return "np.expand_dims(y_bar, axis)"
    return f"y_bar[{', '.join('None' if a in reduced else ':' for a in range(max(reduced) + 1))}]"


@macro
def count(x: Operand, axis: Operand, where: Operand) -> str:
    """How many elements of `x` a reduction takes together."""
    if where.static is not True:
        return "np.sum(np.broadcast_to(where, x.shape), axis=axis, keepdims=True, dtype=x.dtype)"
    if axis.static is None:
        return "x.size" if x.rank else "1"
    if axis.static is MISSING:
        return "x.shape[axis]"
    axes = axes_of(axis.static, x.rank)
    if len(axes) == x.rank:
        return "x.size"
    return "(" + " * ".join(f"x.shape[{a}]" for a in axes) + ")" if axes else "1"


@macro
def flat_to(e: Operand, x: Operand) -> str:
    """`e`, the adjoint of ``np.ravel(x)``, in the shape of `x`."""
    return "e" if x.rank == 1 else "np.reshape(e, x.shape)"


@macro
def along(w: Operand, x: Operand, axis: Operand) -> str:
    """The vector `w` laid along one axis of `x`."""
    after = x.rank - 1 - axis.static % x.rank
    return f"np.expand_dims(w, {tuple(range(1, after + 1))})" if after else "w"


@macro
def across(e: Operand, x: Operand, axis: Operand) -> str:
    """The sum of `e` over all axes of `x` but one."""
    others = tuple(a for a in range(x.rank) if a != axis.static % x.rank)
    return f"np.sum(e, axis={others})" if others else "e"


@macro
def tail(e: Operand, axis: Operand) -> str:
    """`e` without the first entry along an axis."""
    return f"e[{', '.join([':'] * (axis.static % e.rank) + ['1:'])}]"


@macro
def pad_axis(e: Operand, n: Operand, axis: Operand) -> str:
    """`e` with `n` zeros before and after along one axis."""
    if e.rank == 1:
        return "np.pad(e, n)"
    widths = ["(n, n)" if a == axis.static % e.rank else "(0, 0)" for a in range(e.rank)]
    return f"np.pad(e, ({', '.join(widths)}))"


@macro
def diff_bar(y_bar: Operand, x: Operand, n: Operand, axis: Operand) -> str:
    """Adjoint of ``np.diff(x, n, axis)``; cut, for there may not be `n` differences."""
    text = "(-1) ** n * np.diff(pad_axis(y_bar, n, axis), n, axis)"
    if n.static == 1:
        return text
    a = axis.static % x.rank
    return f"({text})[{', '.join([':'] * a + [f':x.shape[{a}]'])}]"


@macro
def diff_piece(
    joined: Operand,
    x: Operand,
    prepend: Operand,
    append: Operand,
    axis: Operand,
    which: Operand,
) -> str:
    """The part of ``concatenate((prepend, x, append))`` that came from one of the three; numbers are spread."""
    a = axis.static % x.rank

    def width(o: Operand, name: str) -> str:
        return "0" if o.static is None else f"{name}.shape[{a}]" if o.rank else "1"

    first, last = width(prepend, "prepend"), width(append, "append")
    cut = {-1: f":{first}", 0: f"{first}:{first} + x.shape[{a}]", 1: f"-{last}:"}[which.static]
    text = f"joined[{', '.join([':'] * a + [cut])}]"
    source = {-1: prepend, 1: append}.get(which.static, x)
    return text if source.rank else f"np.sum({text})"


def _over_axes(call: str, x: Operand, axis: Operand) -> str:
    """A function along one axis, applied to several axes as if they were one."""
    if x.rank == 0:
        return f"np.reshape({call.format('np.ravel(x)', 0)}, ())"
    if axis.static is MISSING or isinstance(axis.static, int):
        return call.format("x", "axis")
    if axis.static is None or len(axes_of(axis.static, x.rank)) == x.rank:
        return f"flat_to({call.format('np.ravel(x)', 0)}, x)" if x.rank > 1 else call.format("x", 0)
    axes = axes_of(axis.static, x.rank)
    kept = [a for a in range(x.rank) if a not in axes]
    last = tuple(range(len(kept), x.rank))
    moved = f"np.moveaxis(x, {axes}, {last})"
    flat = f"np.reshape({moved}, ({', '.join(f'x.shape[{a}]' for a in kept)}, -1))"
    shape = ", ".join(f"x.shape[{a}]" for a in (*kept, *axes))
    return f"np.moveaxis(np.reshape({call.format(flat, -1)}, ({shape})), {last}, {axes})"


@macro
def product_of_others(x: Operand, axis: Operand) -> str:
    """For each element, the product of the others that a reduction over `axis` takes together."""
    return _over_axes("rt.product_of_others({}, {})", x, axis)


@macro
def quantile_weights(x: Operand, q: Operand, axis: Operand, method: Operand) -> str:
    """The weight of each element in the quantile `q` over `axis`."""
    return _over_axes("rt.quantile_weights({}, q, {}, method)", x, axis)


@macro
def quantile_slopes(x: Operand, q: Operand, axis: Operand, method: Operand) -> str:
    """The derivative of those weights with respect to `q`; zero for methods that jump."""
    return _over_axes("rt.quantile_slopes({}, q, {}, method)", x, axis)
