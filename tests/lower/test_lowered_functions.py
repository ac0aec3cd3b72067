"""What Numba refuses in a primal is compiled in its derivatives: one function a family, against itself uncompiled."""

import math

import numpy as np
import pytest
import scipy.linalg
import scipy.special

import adgen

RNG = np.random.default_rng(3)
A, B, T = 0.3 + RNG.random((3, 4)), 0.3 + RNG.random((3, 4)), 0.3 + RNG.random((2, 3, 4))
V = np.array([0.7, 0.2, 1.1, 0.4])
P = RNG.random((3, 3)) + 3 * np.eye(3)
CASES = {}


def case(*args):
    def register(function):
        CASES[function.__name__] = (function, args)
        return function

    return register


@case(T)
def reductions_over_axes(t):
    y = np.max(t, axis=1, keepdims=True) + np.mean(t, axis=(0, 2), keepdims=True) + np.min(t, axis=-1)[..., None]
    z = np.std(t, axis=0) * np.prod(t, axis=0) + np.var(t, axis=(0, 1), ddof=1)
    return np.sum(y * z, axis=(0, 2)) + np.linalg.norm(t, axis=(0, 2)) + np.median(t, axis=(0, 2))


@case(A, B)
def products_of_stacks(a, b):
    s = np.stack([a, b, a * b])
    y = s @ b.T + np.einsum("kij,lj->kil", s, a)
    return np.tensordot(y, s, axes=([0, 2], [0, 1])) + np.inner(a, b) @ a + np.dot(2.0, a)


@case(A, V)
def joins_and_shapes(a, v):
    wide = np.hstack([a, np.tile(v, (3, 1))])
    tall = np.concatenate([wide, np.roll(wide, 1, axis=0)])
    turned = np.rot90(np.pad(tall, 1)) + np.flip(np.pad(tall, 1).T, axis=1)
    block = np.block([[a, a], [a, 2 * a]])
    return np.reshape(turned.T, -1)[::3] * np.sum(np.repeat(v, 2, axis=0)) + np.sum(np.diagonal(block) ** 2)


@case(A, V)
def masks_and_index_arrays(a, v):
    b = a.copy()
    b[a > 0.8] = 2.0 * a[a > 0.8]
    b[np.ix_([0, 2], [1, 3])] *= v[2]
    np.add.at(b, (np.array([0, 0, 1]), np.array([1, 1, 2])), v[:3])
    picked = np.take_along_axis(b, np.argsort(b, axis=1), axis=1)
    return np.where(picked > 1.0, picked, np.clip(picked, 0.5, None)) @ v


@case(A, V)
def running_sums(a, v):
    y = np.cumsum(a, axis=1) * np.cumprod(a, axis=1)
    return np.diff(y, axis=0) @ v + np.interp(0.6, np.array([0.0, 0.5, 1.0, 2.0]), v) + np.outer(v, v)[0, :2]


@case(P, V[:3])
def linear_algebra(p, v):
    s = p @ p.T
    x = np.linalg.solve(p, v) + scipy.linalg.cho_solve(scipy.linalg.cho_factor(s), v)
    w, _ = np.linalg.eigh(s)
    return x * np.linalg.slogdet(s)[1] + np.linalg.inv(np.stack([p, s]))[1] @ w + np.linalg.svd(p, compute_uv=False)


@case(V)
def fourier_transforms(v):
    f = np.fft.fft(v * np.sin(v))
    return np.abs(f) ** 2 + np.real(np.fft.ifft(f * np.conj(f)))


@case(V, 0.3)
def special_functions(v, s):
    y = scipy.special.gammaln(v) + scipy.special.expit(v) * scipy.special.j0(v) + scipy.special.xlogy(v, v)
    return y * scipy.special.erf(s) * math.cbrt(s) + scipy.special.logsumexp(v) * math.prod((s, s, 2.0))


@case(A, V)
def other_shapes_and_parts(a, v):
    parts = np.unstack(a, axis=1)
    y = parts[0] * abs(parts[1]) + np.cumprod(a)[:3] + np.vstack([v, a])[1:, 2]
    return scipy.linalg.toeplitz(y) @ np.atleast_2d(y)[0] + np.sum(np.linalg.lstsq(a.T, v)[1]) + np.atleast_1d(v[0])


@case(V.astype(np.float32), np.float32(0.5))
def single_precision(v, s):
    return np.mean(v * s) * 2.0 + np.exp(v) / 3 + v**2


@case({"w": A, "b": (V, 0.7)}, [V, 2 * V])
def containers(model, rows):
    w, (b, scale) = model["w"], model["b"]
    out = [np.tanh(w @ row + b[:3]) * scale for row in rows]
    return {"first": out[0], "rest": tuple(out[1:])}


FAST = ("reductions_over_axes", "masks_and_index_arrays", "containers", "single_precision")


@pytest.mark.parametrize("name", [n if n in FAST else pytest.param(n, marks=pytest.mark.slow) for n in CASES])
def test_compiled_derivatives_are_those_of_the_interpreter(name: str) -> None:
    function, args = CASES[name]
    value, pullback = adgen.vjp(function)(*args)
    own_value, own_pullback = adgen.vjp(function, jit=True)(*args)
    agree(own_value, value)
    agree(own_pullback(ones(value)), pullback(ones(value)))
    tangents = tuple(map(ones, args))
    agree(adgen.jvp(function, jit=True)(args, tangents), adgen.jvp(function)(args, tangents))


def ones(value):
    if isinstance(value, dict):
        return {k: ones(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(ones, value))
    return np.ones_like(value) if isinstance(value, np.ndarray) else type(value)(1.0)


def agree(found, expected) -> None:
    """The same structure, shapes and precision; values to rounding."""
    if isinstance(expected, dict):
        assert list(found) == list(expected)
        found, expected = list(found.values()), list(expected.values())
    if isinstance(expected, list | tuple):
        assert len(found) == len(expected)
        for own, other in zip(found, expected, strict=True):
            agree(own, other)
        return
    assert np.shape(found) == np.shape(expected)
    single = np.asarray(expected).dtype in (np.float32, np.complex64)
    assert np.asarray(found).dtype == np.asarray(expected).dtype
    np.testing.assert_allclose(found, expected, rtol=1e-5 if single else 1e-10, atol=1e-12)
