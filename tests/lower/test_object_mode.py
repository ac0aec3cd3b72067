"""Common functions that Numba lacks are loops, not calls of the interpreter."""

import numpy as np
import pytest
import scipy.linalg
import scipy.special

import adgen
from adgen.errors import BackendRefused
from adgen.options import Options
from adgen.pipeline import generate

A = np.ones((3, 4))
T = np.ones((2, 3, 3))
FUNCTIONS = {
    "sort": lambda a: np.sort(a, axis=0),
    "cumprod": lambda a: np.cumprod(a, axis=1),
    "einsum": lambda a: np.einsum("ij,ik->jk", a, a),
    "einsum of three": lambda a: np.einsum("ij,ik,il->jkl", a, a, a),
    "einsum in batches": lambda a: np.einsum("...i,...i", a, a),
    "tensordot": lambda a: np.tensordot(a, a, ([0], [0])),
    "tile": lambda a: np.tile(a, (2, 1)),
    "pad": lambda a: np.pad(a, ((1, 0), (2, 2))),
    "norm of rows": lambda a: np.linalg.norm(a, axis=1),
    "norm of columns": lambda a: np.linalg.norm(a, 1, axis=0, keepdims=True),
    "softmax": lambda a: scipy.special.softmax(a, axis=1),
    "logsumexp": lambda a: scipy.special.logsumexp(a, axis=0),
    "quantiles": lambda a: np.quantile(a, [0.2, 0.7], axis=1),
    "percentile": lambda a: np.percentile(a, 30.0, axis=0),
    "weighted quantile": lambda a: np.quantile(a, 0.3, axis=0, weights=np.arange(1.0, 4.0), method="inverted_cdf"),
    "nanvar": lambda a: np.nanvar(a, axis=0, ddof=1),
    "nanstd": lambda a: np.nanstd(a, axis=1, keepdims=True),
    "average": lambda a: np.average(a, axis=0, weights=a),
    "mean of some": lambda a: np.mean(a, axis=0, keepdims=True, where=a > 0.0),
    "variance of some": lambda a: np.var(a, axis=1, where=a > 0.0),
    "gradient": lambda a: np.gradient(a, 0.5, axis=0, edge_order=2),
    "pad by reflection": lambda a: np.pad(a, ((1, 2), (2, 0)), mode="reflect"),
    "pad by edges": lambda a: np.pad(a, 2, mode="edge"),
    "roll": lambda a: np.roll(a, (1, 2), (0, 1)),
    "diff": lambda a: np.diff(a, 2, axis=0),
    "repeat": lambda a: np.repeat(a, 3, axis=0),
    "cov": lambda a: np.cov(a),  # noqa: PLW0108  (its arguments are read)
    "corrcoef": lambda a: np.corrcoef(a, rowvar=False),
    "trapezoid": lambda a: np.trapezoid(a, a[0], axis=1),
    "ediff1d": lambda a: np.ediff1d(a, to_end=1.0),
    "rot90": lambda a: np.rot90(a, -1),
    "fftshift": lambda a: np.fft.fftshift(a, axes=1),
    "delete": lambda a: np.delete(a, [0, -1], axis=1),
    "insert": lambda a: np.insert(a, 1, a[0], axis=0),
    "insert at several": lambda a: np.insert(a, [1, 3], 2.0, axis=1),
    "polynomial": lambda a: np.polyint(np.polyder(np.polymul(a[0], np.polyadd(a[1], a[2, :2])))),
    "polynomial fitted": lambda a: np.polyfit(np.arange(4.0), a[0], 2),
    "weighted logsumexp": lambda a: scipy.special.logsumexp(a, axis=1, b=np.arange(4.0)),
    "median of those there": lambda a: np.nanmedian(a, axis=0),
    "lower quantile": lambda a: np.quantile(a, [0.2, 0.7], axis=1, method="lower"),
    "partition": lambda a: np.partition(a, 2, axis=1),
    "select": lambda a: np.select([a > 1.0, a > 0.5], [a, a * a], default=-1.0),
    "compress": lambda a: np.compress([True, False, True], a, axis=0),
    "unique": lambda a: np.unique(a),  # noqa: PLW0108
    "split": lambda a: np.split(a, 2, axis=1)[1],
    "order of Fortran": lambda a: np.reshape(a, (6, 2), order="F"),
    "largest from a number on": lambda a: np.max(a, axis=0, initial=0.5, where=a > 0.2),
    "running maximum": lambda a: np.maximum.accumulate(a, axis=1),
    "products of all with all": lambda a: np.subtract.outer(a[0], a[1]),
    "unwrap": lambda a: np.unwrap(a * 9.0, axis=0),
    "spectral norm": lambda a: np.linalg.norm(a, 2),
    "least squares": lambda a: np.linalg.lstsq(a.T, a[0])[0],
    "triangular": lambda a: scipy.linalg.solve_triangular(a[:3, :3], a[:, 0]),
    "cholesky": lambda a: scipy.linalg.cho_solve(scipy.linalg.cho_factor(a @ a.T + np.eye(3)), a[:, 0]),
    "toeplitz": lambda a: scipy.linalg.toeplitz(a[0]),
}
OF_STACKS = {
    "solve": lambda t: np.linalg.solve(t, t),
    "inv": lambda t: np.linalg.inv(t),
    "diagonal": lambda t: np.diagonal(t, 0, 1, 2),
    "tril": lambda t: np.tril(t),
}


@pytest.mark.parametrize("name", [*FUNCTIONS, *OF_STACKS])
@pytest.mark.parametrize("product", ["vjp", "jvp"])
def test_common_functions_need_no_object_mode(name: str, product: str) -> None:
    function, value = (FUNCTIONS[name], A) if name in FUNCTIONS else (OF_STACKS[name], T)
    argument = next(iter(function.__code__.co_varnames))
    text = generate(function, {argument: value}, product, (argument,), options=Options(jit=True)).text
    assert "objmode" not in text


@pytest.mark.slow
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_loops_compute_the_same(name: str) -> None:
    x = np.random.default_rng(0).normal(size=A.shape)
    function = FUNCTIONS[name]
    expected, pullback = adgen.vjp(function)(x)
    seed = np.cos(np.arange(1.0, expected.size + 1)).reshape(expected.shape)
    found = adgen.vjp(function, jit=True)(x)[1](seed)[0]
    np.testing.assert_allclose(found, pullback(seed)[0], rtol=1e-10, atol=1e-12)
    found = adgen.jvp(function, jit=True)((x,), (np.cos(x),))[1]
    np.testing.assert_allclose(found, adgen.jvp(function)((x,), (np.cos(x),))[1], rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float16, np.longdouble])
def test_precisions_that_numba_does_not_know_are_refused_by_name(dtype) -> None:
    if np.dtype(dtype) == np.float64:  # what some platforms take for a long double
        return
    with pytest.raises(BackendRefused, match="numba-precision"):
        generate(lambda a: np.sum(a.astype(dtype) ** 2), {"a": A}, "grad", ("a",), options=Options(jit=True))


def test_a_definition_of_special_cases_does_not_stand_in_for_the_others() -> None:
    """That of `svd` holds for Hermitian matrices."""
    function = lambda t: np.linalg.svd(t[0], compute_uv=False)  # noqa: E731
    assert "eigvalsh" not in generate(function, {"t": T}, "vjp", ("t",), options=Options(jit=True)).text


@pytest.mark.parametrize("jit", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_quantiles_of_what_is_missing_are_missing(jit: bool) -> None:
    x = np.where(np.arange(12.0).reshape(3, 4) == 5.0, np.nan, 1.0)
    found = adgen.vjp(lambda a: np.quantile(a, [0.2, 0.7], axis=0), jit=jit)(x)[0]
    np.testing.assert_array_equal(found, np.quantile(x, [0.2, 0.7], axis=0))
