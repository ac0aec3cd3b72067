"""Powers, clips, choices, and the parts of complex numbers, which vanish where everything is real."""

from __future__ import annotations

from collections.abc import Sequence

from adgen.program.types import Array, Type
from adgen.rules.macros.operands import Missing, Operand, macro


@macro
def conj(x: Operand) -> str:
    """The conjugate where `x` is complex, else `x` itself."""
    return "np.conj(x)" if x.is_complex else "x"


@macro
def real(e: Operand, x: Operand) -> str:
    """The real part where `x` is complex, else `e` itself."""
    return "np.real(e)" if x.is_complex else "e"


@macro
def power_slope(y: Operand, a: Operand, b: Operand) -> str:
    """Partial of ``a ** b`` by `a`; an exponent 0 gives 0, at ``a == 0`` too."""
    spelt = {0: "0", 1: "1", 2: "2 * a", 0.5: "0.5 / y", -1: "-y * y"}
    if not isinstance(b.static, Missing):
        return spelt.get(b.static, "b * a ** (b - 1)")
    return "b * a ** (b - (b != 0))"


@macro
def clip_x(x: Operand, low: Operand, high: Operand, y_bar: Operand) -> str:
    """Adjoint of `x` under a clip with one bound or two; half at a bound."""
    inside = [
        f"(x {sign} {name})"
        for name, sign, bound in (("low", ">", low), ("high", "<", high))
        if bound.static is not None
    ]
    onto = [f"(x == {name})" for name, bound in (("low", low), ("high", high)) if bound.static is not None]
    if not inside:
        return "y_bar"
    return f"np.where({' & '.join(inside)}, y_bar, np.where({' | '.join(onto)}, 0.5 * y_bar, 0))"


@macro
def clipped(x: Operand, low: Operand, high: Operand) -> str:
    """A clip as minimum and maximum."""
    text = "x" if low.static is None else "np.maximum(x, low)"
    return text if high.static is None else f"np.minimum({text}, high)"


@macro
def clip_dot(
    x: Operand,
    low: Operand,
    high: Operand,
    x_dot: Operand,
    low_dot: Operand,
    high_dot: Operand,
) -> str:
    """Tangent of a clip with one bound or two; half at a bound."""
    text = "x_dot"
    if low.static is not None:
        text = f"np.where(x == low, 0.5 * (x_dot + low_dot), np.where(x < low, low_dot, {text}))"
    if high.static is not None:
        text = f"np.where(x == high, 0.5 * (x_dot + high_dot), np.where(x > high, high_dot, {text}))"
    return text


@macro
def chosen_index(i: Operand, xs: Operand, mode: Operand) -> str:
    """Which item ``np.choose(i, xs, mode)`` takes."""
    count = len(xs.items)
    return {"raise": "i", "wrap": f"np.mod(i, {count})", "clip": f"np.clip(i, 0, {count - 1})"}[mode.static]


def _reached(items: Sequence[Type], k: int) -> str:
    earlier = [f"~conditions[{j}]" for j in range(k)]
    return " & ".join([*earlier, f"conditions[{k}]"] if k < len(items) else earlier)


@macro
def selected(y_bar: Operand, conditions: Operand, x: Operand, k: Operand) -> str:
    """Adjoint of choice `k` of np.select: where its condition is the first that holds."""
    text = f"np.where({_reached(conditions.items, k.static)}, y_bar, 0)"
    assert x.type is not None
    return text if isinstance(y_bar.type, Array) and y_bar.type.shape == x.type.shape else f"rt.sum_to({text}, x.shape)"


@macro
def unselected(y_bar: Operand, conditions: Operand, default: Operand) -> str:
    """Adjoint of the default of np.select: where no condition holds."""
    text = f"np.where({_reached(conditions.items, len(conditions.items))}, y_bar, 0)"
    return f"np.sum({text})" if default.rank == 0 else f"rt.sum_to({text}, default.shape)"


@macro
def multidigamma(x: Operand, d: Operand) -> str:
    """Derivative of the logarithm of the gamma function of dimension `d`."""
    return " + ".join(["sp.special.digamma(x)", *(f"sp.special.digamma(x - {0.5 * i})" for i in range(1, d.static))])
