"""Lengths and axes of Fourier transforms."""

from __future__ import annotations

from adgen.rules.macros.operands import Operand, axes_of, macro


@macro
def fit(e: Operand, x: Operand, n: Operand, axis: Operand) -> str:
    """`e` cropped or padded to the length of `x`, if the transform was given another length."""
    return "e" if n.static is None else "rt.fit(e, x.shape[axis], axis)"


def _fft_axes(x: Operand, s: Operand, axes: Operand) -> tuple[int, ...]:
    if axes.static is None and s.static is not None:
        return tuple(range(x.rank - len(s.static), x.rank))
    return axes_of(axes.static, x.rank)


@macro
def fit_all(e: Operand, x: Operand, s: Operand, axes: Operand) -> str:
    """`fit` along several axes."""
    text = "e"
    if s.static is not None:
        for axis in _fft_axes(x, s, axes):
            text = f"rt.fit({text}, x.shape[{axis}], {axis})"
    return text


@macro
def lengths(x: Operand, s: Operand, axes: Operand) -> str:
    """The lengths of a transform over several axes."""
    if s.static is not None:
        return "s"
    return "(" + ", ".join(f"x.shape[{a}]" for a in _fft_axes(x, s, axes)) + ",)"


@macro
def all_axes(x: Operand, s: Operand, axes: Operand) -> str:
    """The axes of a transform over several axes, written out."""
    return repr(_fft_axes(x, s, axes))


@macro
def half_weights(y_bar: Operand, axis: Operand) -> str:
    """Weights of the frequencies of a half spectrum, laid along an axis."""
    return "along(rt.half_weights(y_bar.shape[axis], y_bar.dtype), y_bar, axis)"


@macro
def irfftn_bar(y_bar: Operand, x: Operand, s: Operand, axes: Operand, norm: Operand) -> str:
    """Adjoint of a real inverse transform over several axes, the last of which is halved."""
    *others, last = _fft_axes(x, s, axes)
    text = f"half_weights(y_bar, {last}) * np.fft.ihfft(y_bar, axis={last}, norm=norm)"
    if others:
        text = f"np.fft.ifftn({text}, axes={tuple(others)}, norm=norm)"
    return f"fit_all({text}, x, s, axes)"
