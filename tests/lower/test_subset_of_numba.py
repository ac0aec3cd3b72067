"""What `adgen.lower` believes of the installed Numba: forms that stay compile, forms that are respelled do not.

If a test of the second kind fails, Numba has learnt the form, and its respelling can go.
"""

import math

import numba
import numpy as np
import pytest

from adgen.lower.native import CMATH, MATH, UFUNCS, forms

RNG = np.random.default_rng(0)
V, A, T = RNG.random(4), RNG.random((4, 4)), RNG.random((2, 4, 3))
NAMES = {
    "v": V, "a": A, "t": T, "s": 0.7, "n": 3, "i": np.array([2, 0, 1, 0]), "m": V > 0.5, "mm": A > 0.5,
    "z": V + 1j, "p": A @ A.T + np.eye(4), "f": V.astype(np.float32), "ff": A.astype(np.float32),
}  # fmt: skip

# One call for each form of `adgen.lower.native`, with all parameters that it lists.
NATIVE = """
sum(t, axis=1) | sum(t, axis=(0, 2)) | prod(a) | max(a) | min(a) | amax(a) | amin(a) | mean(a) | var(a) | std(a)
median(a) | ptp(a) | argmax(t, axis=1) | argmin(t, axis=1) | any(m) | all(m) | nansum(a) | nanmax(a) | nanmin(a)
nanmean(a) | count_nonzero(a) | cumsum(a, axis=0) | cumprod(v) | diff(v, n=2) | diff(a) | expand_dims(t, axis=1)
swapaxes(t, 0, 1) | moveaxis(t, 0, -1) | transpose(t, axes=(1, 0, 2)) | ravel(a.T) | atleast_1d(v)
broadcast_to(v, (4, 4)) | copy(a) | asarray(v) | ascontiguousarray(a.T) | flip(v) | fliplr(a) | flipud(a)
roll(v, n) | repeat(v, 2) | concatenate((a, a.T), axis=1) | stack((v, v), axis=-1) | hstack((v, v))
vstack((v, v)) | column_stack((v, a)) | append(v, v) | where(m, v, 0.0) | where(mm, v, a) | isclose(v, v)
allclose(v, v) | dot(a, v) | vdot(v, v) | outer(v, v) | kron(a, a) | trace(a, 1) | zeros((2, 3), dtype=np.float32)
ones(3, dtype=np.bool_) | empty_like(a, dtype=np.int64) | full((2, 2), s, dtype=np.float64)
zeros_like(i, dtype=np.float64)
ones_like(v, dtype=np.float64) | full_like(v, 1, dtype=np.float64) | eye(3, 4, 1, dtype=np.float32) | identity(3)
arange(0, n) | linspace(s, 1.0, n) | diag(a, k=1) | diagflat(v) | tril(a, k=-1) | triu(a, k=1) | tri(3)
vander(v, 3, increasing=True) | digitize(v, v, right=True)
sort(v) | argsort(v, kind='mergesort') | searchsorted(v, v, side='right') | take(a, i, axis=1) | interp(v, v, v)
convolve(v, v, mode='same') | correlate(v, v, mode='full') | bincount(i, weights=v, minlength=5) | unique(i)
nonzero(v) | flatnonzero(v) | shape(v) | size(v) | array([s, 1.0], dtype=np.float64) | real(z) | imag(z) | angle(z)
iscomplexobj(v) | nan_to_num(v) | sinc(v) | round(v) | linalg.solve(a, v) | linalg.inv(a) | linalg.det(a)
linalg.slogdet(a) | linalg.cholesky(p) | linalg.eigh(p) | linalg.eigvalsh(p) | linalg.qr(a)
linalg.svd(a, full_matrices=False) | linalg.pinv(a) | linalg.matrix_power(a, 3) | linalg.norm(v, 1)
linalg.eig(p) | linalg.eigvals(p) | empty(3, dtype=np.float64)
"""

# Forms that the lowering replaces because Numba refuses them.
RESPELLED = """
sum(a, axis=0, keepdims=True) | max(a, axis=0) | mean(a, axis=0) | prod(a, axis=0) | std(a, axis=0) | any(mm, axis=0)
median(a, axis=0) | cumprod(a, axis=1) | expand_dims(t, (0, 1)) | squeeze(v) | flip(a, 0) | array([v, v])
concatenate([v, v]) | stack([v, v]) | clip(s, 0.0, 1.0) | heaviside(v, 0.5) | matmul(a, a) | inner(v, v) | dot(s, v)
vdot(a, a) | diagonal(a) | zeros(3, dtype=int) | add.at(v, i, v) | einsum('ij,j->i', a, v) | tensordot(a, a)
fft.fft(v) | ndim(v) | sort(a, axis=0) | tile(v, 2)
"""


def listed(text: str) -> list[str]:
    return [form.strip() for form in text.replace("\n", "|").split("|") if form.strip()]


def run(form: str):
    """The value of a form as Numba computes it, and as NumPy does."""
    used = sorted({n for n in NAMES if n in compile(f"np.{form}", "", "eval").co_names})
    space = {"np": np}
    exec(f"def g({', '.join(used)}): return np.{form}", space)
    arguments = [NAMES[n] for n in used]
    return numba.njit(error_model="numpy")(space["g"])(*arguments), space["g"](*arguments)


@pytest.mark.slow
@pytest.mark.parametrize("form", listed(NATIVE))
def test_forms_that_stay_compile(form: str) -> None:
    found, expected = run(form)
    if form.startswith("empty"):  # whose contents are anything
        assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
        return
    for own, true in zip(*[v if isinstance(v, tuple) else (v,) for v in (found, expected)], strict=True):
        np.testing.assert_allclose(own, true, rtol=1e-12, atol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("form", listed(RESPELLED))
def test_respelled_forms_are_still_refused(form: str) -> None:
    with pytest.raises((numba.core.errors.NumbaError, AssertionError, NotImplementedError)):
        run(form)


def test_every_form_that_stays_has_a_test() -> None:
    tested = {form.partition("(")[0] for form in listed(NATIVE)}
    assert set(forms()) <= tested | {"ones", "zeros", "empty"}, sorted(set(forms()) - tested)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:invalid value encountered in (arccosh|acosh):RuntimeWarning")
def test_elementwise_functions_that_stay_compile() -> None:
    two = [n for n in sorted(UFUNCS) if getattr(getattr(np, n, None), "nin", 0) == 2]
    one = [n for n in sorted(UFUNCS) if getattr(getattr(np, n, None), "nin", 0) == 1]
    logical = {"bitwise_and", "bitwise_or", "bitwise_xor", "invert"}
    for n in one + two:
        kind = "i" if n in logical else "v"
        second = "i" if n == "ldexp" else kind
        found, expected = run(f"{n}({kind})" if n in one else f"{n}({kind}, {second})")
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12, err_msg=n)


@pytest.mark.slow
def test_functions_of_math_that_stay_compile() -> None:
    assert all(hasattr(math, n) for n in MATH)
    assert len(CMATH) > 10
    for n in sorted(MATH - {"gcd", "ldexp", "frexp", "acosh"}):
        count = 2 if n in ("atan2", "copysign", "hypot", "pow") else 1
        space = {"math": math}
        exec(f"def g(x): return math.{n}({', '.join(['x'] * count)})", space)
        np.testing.assert_allclose(numba.njit(space["g"])(0.7), space["g"](0.7), rtol=1e-14, err_msg=n)
