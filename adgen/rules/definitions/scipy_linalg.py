# Unannotated code for arrays, read as source.
# pyright: reportArgumentType=false, reportCallIssue=false
# ruff: noqa: ANN001, ANN002, ANN201  (specialised from their source, for any types)
"""Linear algebra of SciPy, and sums of exponentials, over NumPy and loops."""

import numpy as np
import scipy as sp

from adgen.rules.definitions import defines
from adgen.rules.kinds import SCIPY


@defines("sp.special.logsumexp", whole=True)
def logsumexp(a, axis=None, b=None, keepdims=False, return_sign=False):
    """Terms whose weight is zero count for nothing, however large they are."""
    if b is None:
        return sp.special.logsumexp(a, axis, keepdims=keepdims)
    a, b = np.asarray(a), np.asarray(b)
    if a.ndim != b.ndim:
        return sp.special.logsumexp(a + np.zeros_like(b), axis, b + np.zeros_like(a), keepdims)
    shown = np.where(b != 0, a, -np.inf)
    top = np.max(shown, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    total = np.log(np.sum(b * np.exp(shown - top), axis=axis, keepdims=True)) + top
    return total if keepdims else np.sum(total, axis=axis)


@defines("sp.linalg.solve", whole=True)
def solve(a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None, transposed=False):
    if transposed or assume_a not in (None, "general", "gen"):
        return sp.linalg.solve(a, b, lower=lower, assume_a=assume_a, transposed=transposed)  # refused
    return np.linalg.solve(a, b)


@defines("sp.linalg.inv", whole=True)
def inv(a, overwrite_a=False, check_finite=True):
    return np.linalg.inv(a)


@defines("sp.linalg.det", whole=True)
def det(a, overwrite_a=False, check_finite=True):
    return np.linalg.det(a)


@defines("sp.linalg.cholesky", whole=True)
def cholesky(a, lower=False, overwrite_a=False, check_finite=True):
    """NumPy's reads the lower triangle, which is the upper one of the transpose."""
    return np.linalg.cholesky(a) if lower else np.conj(np.linalg.cholesky(np.conj(a.T)).T)


def cho_factor(a, lower=False, overwrite_a=False, check_finite=True):
    return (np.linalg.cholesky(a) if lower else sp.linalg.cholesky(a)), lower


def cho_factor_beside(a, lower=False, overwrite_a=False, check_finite=True):
    """What stands in the other triangle stays there, until SciPy 1.18."""
    if lower:
        return np.linalg.cholesky(a) + np.triu(a, 1), lower
    return sp.linalg.cholesky(a) + np.tril(a, -1), lower


defines("sp.linalg.cho_factor", whole=True)(cho_factor if SCIPY >= (1, 18) else cho_factor_beside)


@defines("sp.linalg.cho_solve", whole=True)
def cho_solve(c_and_lower, b, overwrite_b=False, check_finite=True):
    c, lower = c_and_lower
    if lower:
        return sp.linalg.solve_triangular(c, sp.linalg.solve_triangular(c, b, lower=True), "C", lower=True)
    return sp.linalg.solve_triangular(c, sp.linalg.solve_triangular(c, b, "C"))


@defines("sp.linalg.solve_triangular", whole=True)
def solve_triangular(a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b=False, check_finite=True):
    """Row by row, from the end that has one unknown."""
    if trans not in (0, "N"):
        a = a.T if trans in (1, "T") else np.conj(a.T)
        lower = not lower
    x = b + np.zeros((), a.dtype)
    n = a.shape[0]
    if lower:
        for i in range(n):
            x[i] -= a[i, :i] @ x[:i]
            if not unit_diagonal:
                x[i] /= a[i, i]
    else:
        for i in range(n - 1, -1, -1):
            x[i] -= a[i, i + 1 :] @ x[i + 1 :]
            if not unit_diagonal:
                x[i] /= a[i, i]
    return x


@defines("sp.linalg.toeplitz", whole=True)
def toeplitz(c, r=None):
    c = np.ravel(c)
    r = np.conj(c) if r is None else np.ravel(r)
    places = c.size - 1 - np.arange(c.size)[:, None] + np.arange(r.size)
    return np.append(c[::-1], r[1:])[places]


@defines("sp.linalg.hankel", whole=True)
def hankel(c, r=None):
    c = np.ravel(c)
    r = np.zeros_like(c) if r is None else np.ravel(r)
    return np.append(c, r[1:])[np.arange(c.size)[:, None] + np.arange(r.size)]


@defines("sp.linalg.circulant", whole=True)
def circulant(c):
    return c[(np.arange(c.size)[:, None] - np.arange(c.size)) % np.maximum(c.size, 1)]


@defines("sp.linalg.block_diag", whole=True)
def block_diag(*arrs):
    blocks = [np.atleast_2d(block) for block in arrs]
    total, left, rows = sum([block.shape[1] for block in blocks]), 0, []
    for block in blocks:
        right = total - left - block.shape[1]
        before, after = np.zeros((block.shape[0], left)), np.zeros((block.shape[0], right))
        rows = [*rows, np.concatenate([before, block, after], axis=1)]
        left += block.shape[1]
    return np.concatenate(rows, axis=0)
