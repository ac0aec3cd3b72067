"""Where formulas divide by zero, tie or overflow: the derivatives that the rows state, through the compiler."""

from __future__ import annotations

import linecache
import math
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import adgen
from adgen.errors import AdgenError
from tests.rules.through_compiler import SPACE, check_type, leaves

inf, nan = math.inf, math.nan


def a(*items: Any) -> np.ndarray:
    return np.array(items, dtype=float)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def loaded(expression: str, count: int, folder: Path) -> Any:
    """``f(x, y, z)`` that returns the expression (of as many arguments as there are)."""
    path = folder / "case.py"
    text = f"def f({', '.join('xyz'[:count])}):\n    return {expression}\n"
    path.write_text(text, encoding="utf-8")
    space = dict(SPACE)
    exec(compile(text, str(path), "exec"), space)
    linecache.checkcache(str(path))
    return space["f"]


def gradients(f: Any, values: tuple[Any, ...]) -> list[Any]:
    """Gradients of the sum of the result; the tangent along ones and halves agrees with them."""
    y, pullback = adgen.vjp(f)(*values)
    found = leaves(pullback(np.ones_like(y) if isinstance(y, np.ndarray) else 1.0))
    for value, gradient in zip(values, found, strict=True):
        check_type(value, gradient)
    dots = tuple(np.full_like(v, 0.5 + k) if isinstance(v, np.ndarray) else 0.5 + k for k, v in enumerate(values))
    _, y_dot = adgen.jvp(f)(values, dots)
    right = sum(float(np.sum(g * d)) for g, d in zip(found, dots, strict=True))
    np.testing.assert_allclose(np.sum(y_dot), right, rtol=1e-9, atol=1e-12)
    return found


# Expression, arguments, gradients of the sum of the result.
STATED: list[tuple[str, tuple[Any, ...], tuple[Any, ...]]] = [
    # Kinks: the mean of the one-sided slopes; ties share equally.
    ("np.abs(x)", (a(0, -1),), (a(0, -1),)),
    ("abs(x)", (0.0,), (0.0,)),
    ("np.sign(x)", (a(0, -1),), (a(0, 0),)),
    ("np.fabs(x)", (a(0, -1),), (a(0, -1),)),
    ("np.maximum(x, y)", (a(1, 2), a(1, 3)), (a(0.5, 0), a(0.5, 1))),
    ("np.minimum(x, y)", (a(1, 2), a(1, 3)), (a(0.5, 1), a(0.5, 0))),
    ("np.clip(x, 0, 1)", (a(0, 1, 0.5, 2),), (a(0.5, 0.5, 1, 0),)),
    ("np.max(x)", (a(1, 1, 1, 0),), (a(1, 1, 1, 0) / 3,)),
    ("np.min(x, axis=1)", (a([1, 1], [0, 2]),), (a([0.5, 0.5], [1, 0]),)),
    ("np.ptp(x)", (a(1, 1, 0),), (a(0.5, 0.5, -1),)),
    ("np.median(x)", (a(1, 1, 1, 2),), (a(0, 0.5, 0.5, 0),)),
    ("np.sort(x) * np.arange(3.0)", (a(1, 1, 1),), (a(0, 1, 2),)),
    ("np.interp(x, y, z)", (a(1, 2), a(0, 1, 2), a(0, 2, 1)), (a(-1, -1), a(0, 1, 1), a(0, 1, 1))),
    ("np.copysign(x, y)", (a(0, -2), a(1, 1)), (a(0, -1), a(0, 0))),
    # The origin.
    ("np.linalg.norm(x)", (a(0, 0),), (a(0, 0),)),
    ("np.linalg.norm(x, axis=1)", (a([0, 0], [3, 4]),), (a([0, 0], [0.6, 0.8]),)),
    ("np.linalg.norm(x, 1)", (a(0, 1, -2),), (a(0, 1, -1),)),
    ("np.linalg.norm(x, 3)", (a(0, 0),), (a(0, 0),)),
    ("np.linalg.norm(x, 'nuc')", (np.zeros((2, 2)),), (np.zeros((2, 2)),)),
    ("np.linalg.norm(x, 2)", (np.eye(2),), (np.eye(2) / 2,)),
    ("np.hypot(x, y)", (0.0, 0.0), (0.0, 0.0)),
    ("np.arctan2(x, y)", (0.0, 0.0), (0.0, 0.0)),
    ("np.arctan2(x, y)", (a(1, 0), a(0, 0)), (a(0, 0), a(-1, 0))),
    ("np.sinc(x)", (a(0, 1),), (a(0, -1),)),
    ("np.std(x)", (a(1, 1, 1),), (a(0, 0, 0),)),
    ("np.var(x)", (a(1, 1, 1),), (a(0, 0, 0),)),
    # Products and powers.
    ("np.prod(x)", (a(2, 0, 3),), (a(0, 6, 0),)),
    ("np.prod(x)", (a(2, 0, 0),), (a(0, 0, 0),)),
    ("np.cumprod(x)", (a(2, 0, 3),), (a(1, 8, 0),)),
    ("x ** y", (0.0, 2.0), (0.0, 0.0)),
    ("x ** y", (0.0, 1.0), (1.0, 0.0)),
    ("x ** y", (0.0, 0.0), (0.0, 0.0)),
    ("x ** y", (3.0, 0.0), (0.0, math.log(3))),
    ("x ** 0", (0.0,), (0.0,)),
    ("x ** 2", (a(0, -3),), (a(0, -6),)),
    ("x ** 3", (-2.0,), (12.0,)),
    ("x ** -3", (-2.0,), (-3 / 16,)),
    ("x ** 2.0", (a(-2, 0),), (a(-4, 0),)),
    ("np.power(x, np.array([2, 3, 0]))", (a(-2, 0, 0),), (a(-4, 0, 0),)),
    ("np.linalg.det(x)", (a([1, 2], [2, 4]),), (a([4, -2], [-2, 1]),)),
    ("np.linalg.det(x)", (np.zeros((3, 3)),), (np.zeros((3, 3)),)),
    ("np.linalg.matrix_power(x, 0)", (np.eye(2),), (np.zeros((2, 2)),)),
    # A zero cotangent contributes zero, where the slope is infinite too.
    ("np.where(x > 0, np.sqrt(x), 0.0)", (a(0, 4),), (a(0, 0.25),)),
    ("np.where(x > 0, np.log(x), 0.0)", (a(0, 2),), (a(0, 0.5),)),
    ("np.where(x > 0, 1 / x, 0.0)", (a(0, 2),), (a(0, -0.25),)),
    ("np.where(y == 0, 0.0, x / y)", (a(1, 2), a(0, 2)), (a(0, 0.5), a(0, -0.5))),
    ("np.divide(x, y, out=np.zeros(2), where=y != 0)", (a(1, 2), a(0, 2)), (a(0, 0.5), a(0, -0.5))),
    ("np.log(x, out=np.zeros(2), where=x > 0)", (a(0, 2),), (a(0, 0.5),)),
    ("np.nan_to_num(x / y)", (a(0, 2), a(0, 2)), (a(0, 0.5), a(0, -0.5))),
    ("np.sqrt(0.0 * x) * 0.0", (a(0, 1),), (a(0, 0),)),
    # Infinities and large numbers.
    ("np.logaddexp(x, y)", (a(-inf, inf, -inf, inf), a(-inf, inf, 1, 1)), (a(0, 0.5, 0, 1), a(0, 0.5, 1, 0))),
    ("np.logaddexp(x, y)", (a(1000, -1000), a(1000, 0)), (a(0.5, 0), a(0.5, 1))),
    ("np.logaddexp2(x, y)", (a(-inf, 2000), a(-inf, 2000)), (a(0, 0.5), a(0, 0.5))),
    ("scipy.special.logsumexp(x)", (a(-inf, -inf),), (a(0, 0),)),
    ("scipy.special.logsumexp(x)", (a(-inf, 1),), (a(0, 1),)),
    ("scipy.special.logsumexp(x)", (a(1000, 1000),), (a(0.5, 0.5),)),
    ("scipy.special.softmax(x)[0]", (a(1000, 1000),), (a(0.25, -0.25),)),
    ("scipy.special.log_softmax(x)[1]", (a(1000, -1000),), (a(-1, 1),)),
    ("(np.exp(x - np.max(x)) / np.sum(np.exp(x - np.max(x))))[0]", (a(1000, 1000),), (a(0.25, -0.25),)),
    ("scipy.special.expit(x)", (a(750, -750, 0),), (a(0, 0, 0.25),)),
    ("scipy.special.log_expit(x)", (a(750, -750),), (a(0, 1),)),
    ("np.tanh(x)", (a(750, -750),), (a(0, 0),)),
    ("np.expm1(x)", (a(-750, 0),), (a(0, 1),)),
    ("np.log1p(np.exp(-x))", (a(750, 0),), (a(0, -0.5),)),
    ("np.arctan(x)", (a(1e200, 0),), (a(0, 1),)),
    ("scipy.special.xlogy(x, y)", (a(0, 2), a(3, 2)), (np.log(a(3, 2)), a(0, 1))),
    ("np.where(x > 0, scipy.special.xlogy(x, y), 0.0)", (a(0, 2), a(0, 2)), (a(0, math.log(2)), a(0, 1))),
    # Equal eigenvalues and singular values: functions that treat them alike.
    ("np.sum(np.linalg.eigvalsh((x + x.T) / 2) ** 2)", (np.eye(3),), (2 * np.eye(3),)),
    ("np.sum(np.exp(np.linalg.eigh((x + x.T) / 2)[0]))", (np.zeros((3, 3)),), (np.eye(3),)),
    ("np.sum(np.linalg.svd(x, compute_uv=False) ** 2)", (np.eye(3),), (2 * np.eye(3),)),
    ("np.linalg.slogdet(x)[1]", (2 * np.eye(2),), (np.eye(2) / 2,)),
    # What chooses and counts.
    ("np.choose([0, 3], [x, y], mode='wrap')", (a(1, 2), a(3, 4)), (a(1, 0), a(0, 1))),
    ("np.choose([-1, 3], [x, y], mode='clip')", (a(1, 2), a(3, 4)), (a(1, 0), a(0, 1))),
    ("np.take(x, [5, -1], mode='clip')", (a(1, 2),), (a(1, 1),)),
    ("np.take(x, [5, -1], mode='wrap')", (a(1, 2),), (a(0, 2),)),
    ("np.partition(x, 1, axis=None)[0]", (a([3, 1], [2, 4]),), (a([0, 1], [0, 0]),)),
    ("np.percentile(x, [0, 100])", (a(3, 1, 2),), (a(1, 1, 0),)),
    ("np.einsum('...i,...i->...', x, y)", (np.ones((1, 2)), np.ones((3, 2))), (a([3, 3]), np.ones((3, 2)))),
    ("np.trapezoid(x, y)", (a(1, 2, 4), a(0, 1, 3)), (a(0.5, 1.5, 1), a(-1.5, -1.5, 3))),
    ("np.sum(x, axis=())", (a([1, 2]),), (a([1, 1]),)),
    ("np.mean(x, axis=(0,), keepdims=True)", (np.ones((2, 3)),), (np.full((2, 3), 0.5),)),
    ("np.var(x, mean=y)", (a(1, 3), 1.0), (a(0, 2), -2.0)),
    ("np.std(x, correction=1)", (a(1, 3),), (a(-1, 1) / math.sqrt(2),)),
    # In which precision and layout a result is computed.
    ("np.prod(x, dtype=np.float64)", (a(2, 3),), (a(3, 2),)),
    ("np.std(x, dtype=np.float32)", (a(1, 3),), (a(-0.5, 0.5),)),
    ("np.sum(x, axis=0, dtype=np.float64)", (a([1], [3]).astype(np.float32),), (a([1], [1]),)),
    ("np.multiply(x, y, dtype=np.float64, casting='same_kind', order='C')", (a(2, 3), 2.0), (a(2, 2), 5.0)),
    # Empty arrays and arrays of one element.
    ("np.sum(x)", (np.zeros(0),), (np.zeros(0),)),
    ("np.prod(x)", (np.zeros(0),), (np.zeros(0),)),
    ("np.sum(x @ y)", (np.zeros((2, 0)), np.zeros((0, 3))), (np.zeros((2, 0)), np.zeros((0, 3)))),
    ("np.sort(np.cumsum(np.exp(x)))", (np.zeros(0),), (np.zeros(0),)),
    ("np.concatenate([x, y])", (np.zeros(0), a(1, 2)), (np.zeros(0), a(1, 1))),
    ("np.linalg.norm(x)", (np.zeros(0),), (np.zeros(0),)),
    ("np.diff(x, n=3)", (a(1, 2),), (a(0, 0),)),
    ("np.split(x, [2, 9])[1]", (a(1, 2, 3),), (a(0, 0, 1),)),
    ("np.split(x, [2, 3])[0]", (a(5),), (a(1),)),
    ("np.hsplit(x, [2])[1]", (a([5], [6]),), (a([0], [0]),)),
    ("np.pad(x, 2, mode='mean', stat_length=7)", (a(1, 2),), (a(3, 3),)),
    ("np.einsum('ij,j->', x, y[:4])", (np.ones((3, 1)), a(0, 1, 2, 3, 4)), (np.full((3, 1), 6), a(3, 3, 3, 3, 0))),
    ("np.einsum('ij,j->', x, y[:4])", (np.ones((3, 4)), a(2)), (np.full((3, 4), 2), a(12))),
    ("np.cov(x)", (a([0, 1, 2, 3]),), (a([-1, -1 / 3, 1 / 3, 1]),)),
    ("np.polyfit(x, y, 2)", (a(1), a(2)), (a(math.nan), a(math.nan))),
    ("np.subtract.accumulate(x)", (np.zeros(0),), (np.zeros(0),)),
    ("np.divide.reduce(x, initial=y)", (np.zeros(0), 3.0), (np.zeros(0), 1.0)),
    # Arrays without axes.
    ("np.prod(x) + np.median(x)", (np.array(3.0),), (np.array(2.0),)),
    ("np.max(x, axis=0) * np.max(x, axis=0)", (np.array(3.0),), (np.array(6.0),)),
    ("math.nextafter(x, 2.0) + x.item()", (np.array(1.5),), (np.array(2.0),)),
    # Results that are cast to integers.
    ("np.piecewise(np.array([1, 2]), [[True, False]], [lambda r: r * x, 3.0]) + x", (1.5,), (2.0,)),
    ("np.median(x) + np.max(x) + np.std(x)", (a(3),), (a(2),)),
    ("np.linalg.inv(x)[0, 0] + np.linalg.det(x)", (a([2]),), (a([0.75]),)),
]


@pytest.mark.parametrize(("expression", "values", "expected"), STATED, ids=lambda v: v if isinstance(v, str) else "")
def test_stated_derivatives(expression: str, values: Any, expected: Any, tmp_path: Path) -> None:
    found = gradients(loaded(expression, len(values), tmp_path), values)
    for got, want in zip(found, expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-14)


# Of eigenvectors of equal eigenvalues there is no derivative, and what is made of them can't be told from theirs.
UNDEFINED = [
    "np.linalg.eigh(x)[1] @ np.diag(np.linalg.eigh(x)[0] ** 2) @ np.linalg.eigh(x)[1].T",
    "np.linalg.svd(x)[0] @ np.linalg.svd(x)[2]",
]


@pytest.mark.parametrize("expression", UNDEFINED)
def test_vectors_of_equal_values_have_no_derivative(expression: str, tmp_path: Path) -> None:
    f = loaded(expression, 1, tmp_path)
    assert np.all(np.isnan(adgen.vjp(f)(np.eye(2))[1](np.ones((2, 2)))[0]))
    assert np.any(np.isnan(adgen.jvp(f)((np.eye(2),), (np.ones((2, 2)),))[1]))
    assert np.all(np.isfinite(adgen.vjp(f)(np.diag([1.0, 2.0]))[1](np.ones((2, 2)))[0]))


# The argument y, which the row holds constant, is refused by name.
PARAMETERS = {
    "scipy.special.jv(y, x)": "'n'",
    "scipy.special.kv(y, x)": "'n'",
    "scipy.special.spherical_jn(y, x)": "'n'",
    "scipy.special.gammainc(y, x)": "'a'",
    "scipy.special.gammaincinv(y, x)": "'a'",
    "scipy.special.betainc(y, 2.0, x)": "'a'",
    "scipy.special.hyp2f1(y, 1.0, 2.0, x)": "'a'",
    "scipy.special.zeta(y, x)": "'s'",
    "scipy.special.polygamma(y, x)": "'n'",
    "scipy.special.expn(y, x)": "'n'",
    "scipy.special.eval_legendre(y, x)": "'n'",
    "scipy.special.stdtr(y, x)": "'df'",
    "scipy.special.boxcox(x, y)": "'p'",
    "scipy.special.ellipj(x, y)[0]": "'m'",
    "np.linalg.norm(x, y)": "'ord'",
}


@pytest.mark.parametrize("expression", PARAMETERS)
def test_parameters_without_derivative_are_refused_by_name(expression: str, tmp_path: Path) -> None:
    f = loaded(expression, 2, tmp_path)
    x = a(0.3, 0.4) if "norm" in expression else 0.3
    for mode in (lambda: adgen.vjp(f)(x, 1.5), lambda: adgen.jvp(f)((x, 1.5), (x, 1.0))):
        with pytest.raises(AdgenError, match=f"no derivative with respect to {PARAMETERS[expression]}"):
            mode()


# Calls that the rows of their functions do not fit: never a silent zero.
UNFITTING = [
    "scipy.linalg.qr(x, pivoting=True)[1]",
    "scipy.linalg.solve(x, np.ones(2), transposed=True)",
    "scipy.linalg.eigh(x, np.eye(2))[0]",
    "np.linalg.qr(x, mode='raw')[1]",
    "np.linalg.qr(x + 1j, mode='complete')[1]",
]


@pytest.mark.parametrize("expression", UNFITTING)
def test_what_no_row_fits_is_refused(expression: str, tmp_path: Path) -> None:
    f = loaded(expression, 1, tmp_path)
    x = np.eye(2) + 1.0
    for mode in (lambda: adgen.vjp(f)(x)[1], lambda: adgen.jvp(f)((x,), (x,))):
        with pytest.raises(AdgenError):
            mode()


# At these arguments the second derivative along ones, of the sum of the result, is known.
SECOND: list[tuple[str, Any, Any]] = [
    ("np.linalg.det(x)", a([1, 2], [2, 4]), a([1, -1], [-1, 1])),
    ("np.linalg.det(x)", np.zeros((2, 2)), a([1, -1], [-1, 1])),
    ("np.linalg.det(x)", np.zeros((3, 3)), np.zeros((3, 3))),
    ("np.prod(x)", a(0, 0, 3), a(3, 3, 0)),
    ("np.cumprod(x)[2]", a(0, 0, 3), a(3, 3, 0)),
    ("x ** 2.0", a(0, -1), a(2, 2)),
    ("np.sinc(x)", a(0.0), a(-(math.pi**2) / 3)),
    ("scipy.special.expit(x)", a(750, -750, 0), a(0, 0, 0)),
    ("np.logaddexp(x, 0.0)", a(750, -750, 0), a(0, 0, 0.25)),
    ("scipy.special.logsumexp(x)", a(1000, 1000), a(0, 0)),
    ("scipy.special.xlogy(0.0 * x, x)", a(2.0), a(0.0)),
    ("np.var(x)", a(1, 1), a(0, 0)),
]


@pytest.mark.parametrize(("expression", "x", "expected"), SECOND, ids=lambda v: v if isinstance(v, str) else "")
def test_second_derivatives(expression: str, x: Any, expected: Any, tmp_path: Path) -> None:
    gradient = adgen.grad(loaded(f"np.sum({expression})", 1, tmp_path))
    _, second = adgen.jvp(gradient)((x,), (np.ones_like(x),))
    np.testing.assert_allclose(second, expected, rtol=1e-12, atol=1e-12)  # numbers of 1000 are known to 1e-13
