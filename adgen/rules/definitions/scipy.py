# Unannotated code for arrays, read as source.
# pyright: reportArgumentType=false, reportCallIssue=false
# ruff: noqa: ANN001, ANN201  (specialised from their source, for any types)
"""Functions of SciPy over those of NumPy."""

import itertools

import numpy as np
import scipy as sp

from adgen.rules.definitions import defines

# ---- systems with structure: the whole matrix is made, its structure is lost to the derivative


@defines("sp.linalg.solve_banded")
def solve_banded(l_and_u, ab, b):
    """With the whole matrix: its structure is lost to the derivative."""
    lower, upper = l_and_u
    above = [np.diag(ab[upper - k, k:], k) for k in range(upper + 1)]
    below = [np.diag(ab[upper + k, :-k], -k) for k in range(1, lower + 1)]
    return np.linalg.solve(sum(above) + sum(below), b)


@defines("sp.linalg.solveh_banded")
def solveh_banded(ab, b, overwrite_ab=False, overwrite_b=False, lower=False, check_finite=True):
    last = ab.shape[0] - 1
    if lower:
        halves = [np.diag(ab[k, : ab.shape[1] - k], -k) for k in range(last + 1)]
    else:
        halves = [np.diag(ab[last - k, k:], k) for k in range(last + 1)]
    beside = [np.conj(half.T) for half in halves[1:]]
    return np.linalg.solve(sum(halves) + sum(beside), b)


@defines("sp.linalg.solve_toeplitz")
def solve_toeplitz(c_or_cr, b, check_finite=True):
    return np.linalg.solve(toeplitz_of(c_or_cr), b)


@defines("sp.linalg.matmul_toeplitz")
def matmul_toeplitz(c_or_cr, x, check_finite=False, workers=None):
    return toeplitz_of(c_or_cr) @ x


def toeplitz_of(c_or_cr):
    if isinstance(c_or_cr, tuple):
        return sp.linalg.toeplitz(c_or_cr[0], c_or_cr[1])
    return sp.linalg.toeplitz(c_or_cr)


@defines("sp.linalg.solve_circulant")
def solve_circulant(c, b, singular="raise", tol=None, caxis=-1, baxis=0, outaxis=0):
    return np.linalg.solve(sp.linalg.circulant(c), b)


@defines("sp.linalg.companion")
def companion(a):
    below = np.eye(a.size - 2, a.size - 1)
    return np.concatenate([-a[None, 1:] / a[0], below], axis=0)


# ---- factorisations and functions of matrices


@defines("sp.linalg.eigvals")
def eigvals(a, b=None, overwrite_a=False, check_finite=True):
    return np.linalg.eigvals(a if b is None else np.linalg.solve(b, a))


@defines("sp.linalg.eig")
def eig(a, b=None, left=False, right=True, overwrite_a=False, overwrite_b=False, check_finite=True):
    if left or b is not None:
        return sp.linalg.eig(a, b, left, right)  # refused
    return np.linalg.eig(a) if right else np.linalg.eigvals(a)


@defines("sp.linalg.qr")
def qr(a, overwrite_a=False, lwork=None, mode="full", pivoting=False, check_finite=True):
    if mode != "full" or pivoting or a.ndim != 2 or np.iscomplexobj(a):
        return sp.linalg.qr(a, mode=mode, pivoting=pivoting)  # refused
    return np.linalg.qr(a, "complete")


@defines("sp.linalg.lstsq")
def lstsq(a, b, cond=None, overwrite_a=False, overwrite_b=False, check_finite=True, lapack_driver=None):
    x, residuals, rank, s = np.linalg.lstsq(a, b, cond)
    return x, np.reshape(residuals, ()) if b.ndim == 1 else residuals, rank, s


@defines("sp.linalg.expm_frechet")
def expm_frechet(A, E, method=None, compute_expm=True, check_finite=True):
    n = A.shape[0]
    both = sp.linalg.expm(np.block([[A, E], [np.zeros_like(A), A]]))
    return (both[:n, :n], both[:n, n:]) if compute_expm else both[:n, n:]


@defines("sp.linalg.cosm")
def cosm(A):
    turned = sp.linalg.expm(1j * A)
    return (turned + sp.linalg.expm(-1j * A)) / 2 if np.iscomplexobj(A) else np.real(turned)


@defines("sp.linalg.sinm")
def sinm(A):
    turned = sp.linalg.expm(1j * A)
    return (turned - sp.linalg.expm(-1j * A)) / 2j if np.iscomplexobj(A) else np.imag(turned)


@defines("sp.linalg.tanm")
def tanm(A):
    return np.linalg.solve(sp.linalg.cosm(A), sp.linalg.sinm(A))


@defines("sp.linalg.coshm")
def coshm(A):
    return (sp.linalg.expm(A) + sp.linalg.expm(-A)) / 2


@defines("sp.linalg.sinhm")
def sinhm(A):
    return (sp.linalg.expm(A) - sp.linalg.expm(-A)) / 2


@defines("sp.linalg.tanhm")
def tanhm(A):
    return np.linalg.solve(sp.linalg.coshm(A), sp.linalg.sinhm(A))


@defines("sp.linalg.pinvh")
def pinvh(a, atol=None, rtol=None, lower=True, return_rank=False, check_finite=True):
    half = np.tril(a, -1) if lower else np.triu(a, 1)
    return np.linalg.pinv(half + np.conj(half.T) + np.diag(np.diag(a)))


@defines("sp.linalg.orthogonal_procrustes")
def orthogonal_procrustes(A, B, check_finite=True):
    u, w, vt = np.linalg.svd((B.T @ np.conj(A)).T)
    return u @ vt, np.sum(w)


# ---- special functions


@defines("sp.special.voigt_profile")
def voigt_profile(x, sigma, gamma):
    width = sigma * np.sqrt(2)
    return np.real(sp.special.wofz((x + 1j * gamma) / width)) / (width * np.sqrt(np.pi))


# ---- integrals of samples


@defines("sp.integrate.trapezoid")
def trapezoid(y, x=None, dx=1.0, axis=-1):
    return np.trapezoid(y, dx=dx, axis=axis) if x is None else np.trapezoid(y, x=x, axis=axis)


@defines("sp.integrate.cumulative_trapezoid")
def cumulative_trapezoid(y, x=None, dx=1.0, axis=-1, initial=None):
    moved = np.moveaxis(y, axis, -1)
    steps = dx if x is None else np.diff(x if np.ndim(x) == 1 else np.moveaxis(x, axis, -1))
    sums = np.cumsum(steps * (moved[..., 1:] + moved[..., :-1]) / 2, axis=-1)
    if initial is not None:
        sums = np.concatenate([np.zeros_like(moved[..., :1]), sums], axis=-1)
    return np.moveaxis(sums, -1, axis)


@defines("sp.integrate.simpson")
def simpson(y, x=None, dx=1.0, axis=-1):
    """Parabolas over pairs of intervals; over one that is left, Cartwright's correction.

    Cartwright, "Simpson's rule cumulative integration with MS Excel and irregularly-spaced data" (2017).
    """
    y = np.moveaxis(y, axis, -1)
    n = y.shape[-1]
    if x is None:
        gaps = np.full(n - 1, dx)
    else:
        gaps = np.diff(x) if np.ndim(x) == 1 else np.diff(np.moveaxis(x, axis, -1), axis=-1)
    if n == 2:
        return np.sum(gaps * (y[..., 1:] + y[..., :-1]), axis=-1) / 2
    stop = n - 1 + n % 2
    g, h = gaps[..., 0 : stop - 2 : 2], gaps[..., 1 : stop - 1 : 2]
    first, middle, last = y[..., 0 : stop - 2 : 2], y[..., 1 : stop - 1 : 2], y[..., 2:stop:2]
    both = g + h
    total = np.sum(both / 6 * (first * (2 - h / g) + middle * both**2 / (g * h) + last * (2 - g / h)), axis=-1)
    if n % 2 == 0:
        g, h = gaps[..., -2], gaps[..., -1]
        both = g + h
        total = total + y[..., -1] * h * (2 * h + 3 * g) / (6 * both)
        total = total + y[..., -2] * h * (h + 3 * g) / (6 * g) - y[..., -3] * h**3 / (6 * g * both)
    return total


# ---- convolutions


@defines("sp.signal.convolve", "sp.signal.fftconvolve", "sp.signal.oaconvolve")
def convolve(in1, in2, mode="full", method="auto", axes=None):
    return cropped(full_convolution(in1, in2), in1, in2, mode)


@defines("sp.signal.correlate")
def correlate(in1, in2, mode="full", method="auto"):
    return cropped(full_convolution(in1, np.conj(np.flip(in2))), in1, in2, mode)


@defines("sp.signal.convolve2d")
def convolve2d(in1, in2, mode="full", boundary="fill", fillvalue=0):
    if boundary != "fill" or not (isinstance(fillvalue, int | float) and fillvalue == 0):
        raise NotImplementedError
    return cropped(full_convolution(in1, in2), in1, in2, mode)


@defines("sp.signal.correlate2d")
def correlate2d(in1, in2, mode="full", boundary="fill", fillvalue=0):
    if boundary != "fill" or not (isinstance(fillvalue, int | float) and fillvalue == 0):
        raise NotImplementedError
    if mode == "full":
        return full_convolution(in1, np.conj(np.flip(in2)))
    return np.flip(cropped(np.flip(full_convolution(in1, np.conj(np.flip(in2)))), in1, in2, mode))


def full_convolution(a, b):
    """Along several axes as a product of Fourier transforms."""
    if np.ndim(a) == 1:
        return np.convolve(a, b)
    shape = [a.shape[k] + b.shape[k] - 1 for k in range(a.ndim)]
    axes = tuple(range(a.ndim))
    if np.iscomplexobj(a) or np.iscomplexobj(b):
        return np.fft.ifftn(np.fft.fftn(a, shape, axes) * np.fft.fftn(b, shape, axes), shape, axes)
    return np.fft.irfftn(np.fft.rfftn(a, shape, axes) * np.fft.rfftn(b, shape, axes), shape, axes)


def cropped(full, a, b, mode):
    """The middle of the size of the first factor ('same'), or where both overlap wholly ('valid')."""
    if mode == "full":
        return full
    for k in range(np.ndim(a)):
        n, m = np.shape(a)[k], np.shape(b)[k]
        length = n if mode == "same" else np.maximum(n, m) - np.minimum(n, m) + 1
        start = (full.shape[k] - length) // 2
        full = np.take(full, np.arange(start, start + length), axis=k)
    return full


@defines("sp.signal.lfilter")
def lfilter(b, a, x, axis=-1, zi=None):
    """The recurrence as it stands: each value of x and of y that came before, with its weight."""
    moved = np.moveaxis(x, axis, 0)
    y = np.zeros_like(moved)
    for n in range(moved.shape[0]):
        total = b[0] * moved[n]
        for k in range(1, len(b)):
            if n >= k:
                total = total + b[k] * moved[n - k]
        for k in range(1, len(a)):
            if n >= k:
                total = total - a[k] * y[n - k]
        y[n] = total / a[0]
    return np.moveaxis(y, 0, axis)


# ---- Fourier transforms


@defines("sp.fft.fft")
def fft(x, n=None, axis=-1, norm=None, overwrite_x=False, workers=None, plan=None):
    return np.fft.fft(x, n, axis, norm)


@defines("sp.fft.ifft")
def ifft(x, n=None, axis=-1, norm=None, overwrite_x=False, workers=None, plan=None):
    return np.fft.ifft(x, n, axis, norm)


@defines("sp.fft.rfft")
def rfft(x, n=None, axis=-1, norm=None, overwrite_x=False, workers=None, plan=None):
    return np.fft.rfft(x, n, axis, norm)


@defines("sp.fft.irfft")
def irfft(x, n=None, axis=-1, norm=None, overwrite_x=False, workers=None, plan=None):
    return np.fft.irfft(x, n, axis, norm)


@defines("sp.fft.fft2")
def fft2(x, s=None, axes=(-2, -1), norm=None, overwrite_x=False, workers=None, plan=None):
    return np.fft.fft2(x, s, axes, norm)


@defines("sp.fft.ifft2")
def ifft2(x, s=None, axes=(-2, -1), norm=None, overwrite_x=False, workers=None, plan=None):
    return np.fft.ifft2(x, s, axes, norm)


@defines("sp.fft.fftn")
def fftn(x, s=None, axes=None, norm=None, overwrite_x=False, workers=None, plan=None):
    return np.fft.fftn(x, s, axes, norm)


@defines("sp.fft.ifftn")
def ifftn(x, s=None, axes=None, norm=None, overwrite_x=False, workers=None, plan=None):
    return np.fft.ifftn(x, s, axes, norm)


# ---- splines


@defines("sp.interpolate.splev")
def splev(x, tck, der=0, ext=0):
    t, c, k = tck
    k = settled(k)
    if der != 0:
        raise NotImplementedError
    x = np.asarray(x, dtype=float)
    last = t.size - k - 2
    if ext == 2 and np.any((x < t[k]) | (x > t[last + 1])):
        raise ValueError("Found x value not in the domain")
    inside = np.clip(x, t[k], t[last + 1]) if ext == 3 else x
    i = np.clip(np.searchsorted(t, inside, side="right") - 1, k, last)
    y = blended(inside, t, i, k, [c[i - k + j] for j in range(k + 1)])
    return np.where((x < t[k]) | (x > t[last + 1]), 0.0, y) if ext == 1 else y


@defines("sp.interpolate.bisplev")
def bisplev(x, y, tck, dx=0, dy=0):
    tx, ty, c, kx, ky = tck
    kx, ky = settled(kx), settled(ky)
    if dx != 0 or dy != 0 or np.ndim(x) or np.ndim(y):
        raise NotImplementedError
    rows, columns = tx.size - kx - 1, ty.size - ky - 1
    x = np.clip(x, tx[kx], tx[rows])
    y = np.clip(y, ty[ky], ty[columns])
    i = np.clip(np.searchsorted(tx, x, side="right") - 1, kx, rows - 1)
    j = np.clip(np.searchsorted(ty, y, side="right") - 1, ky, columns - 1)
    c = np.reshape(c, (rows, columns))[:, j - ky : j + 1]
    along = blended(x, tx, i, kx, [c[i - kx + m] for m in range(kx + 1)])
    return blended(y, ty, j, ky, [along[m] for m in range(ky + 1)])


def settled(n):
    """A number that decides the code, as part of what it is generated for."""
    return len(list(itertools.repeat(None, n)))


def blended(x, t, i, degree, d):
    """De Boor's recurrence, from the coefficients whose splines reach into the interval from knot `i`."""
    if len(d) == 1:
        return d[0]
    r = degree + 2 - len(d)
    pairs = [(t[i - degree + j], t[i + 1 + j - r], d[j - r], d[j - r + 1]) for j in range(r, degree + 1)]
    closer = [a + (x - left) / (right - left) * (b - a) for left, right, a, b in pairs]
    return blended(x, t, i, degree, closer)
