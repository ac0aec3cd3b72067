# ruff: noqa: ANN001, ANN201  (specialised from their source, for any types)
"""Polynomials with the highest power first (np.poly...), and interpolation."""

import numpy as np

from adgen.rules.definitions import defines


@defines("np.polyval", whole=True)
def polyval(p, x):
    total = np.zeros_like(x * p[0])
    for k in range(len(p)):
        total = total * x + p[k]
    return total


@defines("np.polyder", whole=True)
def polyder(p, m=1):
    for _ in range(m):
        p = p[:-1] * np.arange(p.size - 1, 0, -1)
    return p


@defines("np.polyint", whole=True)
def polyint(p, m=1, k=None):
    constants = np.atleast_1d(np.zeros(m) if k is None else k)
    if m > 1 and constants.size == 1:
        constants = constants * np.ones(m)
    for i in range(m):
        p = np.append(p / np.arange(p.size, 0, -1), constants[i])
    return p


@defines("np.polyadd", whole=True)
def polyadd(a1, a2):
    a1, a2 = np.atleast_1d(a1), np.atleast_1d(a2)
    n = max(a1.size, a2.size)
    return np.append(np.zeros(n - a1.size, a1.dtype), a1) + np.append(np.zeros(n - a2.size, a2.dtype), a2)


@defines("np.polysub", whole=True)
def polysub(a1, a2):
    return np.polyadd(a1, -np.asarray(a2))


@defines("np.polymul", whole=True)
def polymul(a1, a2):
    return np.convolve(without_leading_zeros(a1), without_leading_zeros(a2))


def without_leading_zeros(p):
    p = np.atleast_1d(p)
    return p[np.argmax(p != 0) :] if np.any(p != 0) else p[-1:]


@defines("np.polydiv")
def polydiv(u, v):
    """Long division; the remainder is not cut where its leading terms vanish."""
    u, v = np.atleast_1d(u) + 0.0, np.atleast_1d(v) + 0.0
    steps = max(u.size - v.size + 1, 1)
    if u.size < v.size:
        return np.zeros(1), u
    quotient, rest = np.zeros(steps), u.copy()
    for k in range(steps):
        quotient[k] = rest[k] / v[0]
        rest[k : k + v.size] -= quotient[k] * v
    return quotient, rest[steps:] if v.size > 1 else np.zeros(1)


@defines("np.poly")
def poly(seq_of_zeros):
    roots = np.linalg.eigvals(seq_of_zeros) if np.ndim(seq_of_zeros) == 2 else np.atleast_1d(seq_of_zeros)
    p = np.ones(1, roots.dtype)
    for k in range(roots.size):
        p = np.append(p, 0.0) - np.append(0.0, p * roots[k])
    return p


@defines("np.roots")
def roots(p):
    """Eigenvalues of the companion matrix: the leading and the last coefficient are taken not to vanish."""
    n = np.size(p) - 1
    rows = np.concatenate([-(np.asarray(p)[1:] / p[0])[None], np.eye(n)[:-1]], axis=0)
    return np.linalg.eigvals(rows)


@defines("np.polyfit", whole=True)
def polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    matrix = np.vander(x, deg + 1)
    right = y
    if w is not None:
        matrix = matrix * w[:, None]
        right = (y.T * w).T
    length = np.sqrt(np.sum(matrix * matrix, axis=0))
    found, residuals, rank, singular = np.linalg.lstsq(matrix / length, right, rcond)
    p = (found.T / length).T
    if full:
        return p, residuals, rank, singular, x.size * np.finfo(x.dtype).eps if rcond is None else rcond
    if not cov:
        return p
    base = np.linalg.inv(matrix.T @ matrix)
    if cov == "unscaled":
        return p, base
    rest = right - matrix @ p
    squares = np.real(rest * np.conj(rest)) if np.iscomplexobj(rest) else rest**2
    factor = np.sum(squares, axis=0) / (x.size - deg - 1)
    return p, base * factor if np.ndim(y) == 1 else base[..., None] * factor


@defines("np.interp")
def interp(x, xp, fp, left=None, right=None, period=None):
    if period is not None:
        x, xp = np.asarray(x) % period, xp % period
        order = np.argsort(xp)
        xp, fp = xp[order], fp[order]
        xp = np.concatenate([xp[-1:] - period, xp, xp[:1] + period])
        fp = np.concatenate([fp[-1:], fp, fp[:1]])
        return np.interp(x, xp, fp)
    y = np.interp(x, xp, fp)
    if left is not None:
        y = np.where(np.asarray(x) < xp[0], left, y)
    return y if right is None else np.where(np.asarray(x) > xp[-1], right, y)


# ---- series, by the recurrence of their polynomials


def chebyshev(x, before, last, k):
    return (2 if k else 1) * x * last - before


def legendre(x, before, last, k):
    return ((2 * k + 1) * x * last - k * before) / (k + 1)


def hermite(x, before, last, k):
    return 2 * x * last - 2 * k * before


def hermite_e(x, before, last, k):
    return x * last - k * before


def laguerre(x, before, last, k):
    return ((2 * k + 1 - x) * last - k * before) / (k + 1)


def at_each_place(c, x, tensor):
    """Matrices of coefficients with an axis for each of the places, so that each column is taken at each of them."""
    return np.reshape(c, np.shape(c) + (1,) * np.ndim(x)) if tensor and np.ndim(c) > 1 else c


def series(x, c, following):
    """The sum of ``c[k] p[k](x)``; for matrices of coefficients, of each column."""
    x = np.asarray(x)
    before, last = np.zeros_like(x), np.ones_like(x)
    total = c[0] + np.zeros_like(x)
    for k in range(len(c) - 1):
        before, last = last, following(x, before, last, k)
        total = total + c[k + 1] * last
    return total


def columns(x, deg, following):
    before, last = np.zeros_like(x), np.ones_like(x)
    found = [last]
    for k in range(deg):
        before, last = last, following(x, before, last, k)
        found = [*found, last]
    return np.stack(found, axis=-1)


def fitted(v, y, rcond, w):
    if w is not None:
        v, y = v * w[:, None], (y.T * w).T
    length = np.sqrt(np.sum(v * v, axis=0))
    return (np.linalg.lstsq(v / length, y, rcond)[0].T / length).T


@defines("np.polynomial.polynomial.polyval")
def ascending_polyval(x, c, tensor=True):
    c = at_each_place(c, x, tensor)
    total = c[-1] + np.zeros_like(np.asarray(x))
    for k in range(2, len(c) + 1):
        total = total * x + c[-k]
    return total


@defines("np.polynomial.polynomial.polyvander", whole=True)
def polyvander(x, deg):
    return np.vander(x, deg + 1, increasing=True)


@defines("np.polynomial.polynomial.polyfit")
def ascending_polyfit(x, y, deg, rcond=None, full=False, w=None):
    return fitted(np.vander(x, deg + 1, increasing=True), y, rcond, w)


@defines("np.polynomial.polynomial.polymul", whole=True)
def ascending_polymul(c1, c2):
    return np.convolve(c1, c2)


@defines("np.polynomial.polynomial.polyder", whole=True)
def ascending_polyder(c, m=1, scl=1, axis=0):
    c = np.moveaxis(c, axis, 0)
    for _ in range(m):
        numbers = np.reshape(np.arange(1, c.shape[0] + 1), (-1,) + (1,) * (c.ndim - 1))
        c = (scl * np.concatenate([c[1:], 0 * c[:1]], axis=0) * numbers)[: max(c.shape[0] - 1, 1)]
    return np.moveaxis(c, 0, axis)


@defines("np.polynomial.polynomial.polyadd", whole=True)
def ascending_polyadd(c1, c2):
    return np.flip(np.polyadd(np.flip(c1), np.flip(c2)))


@defines("np.polynomial.polynomial.polysub", whole=True)
def ascending_polysub(c1, c2):
    return np.flip(np.polysub(np.flip(c1), np.flip(c2)))


@defines("np.polynomial.polynomial.polyfromroots")
def polyfromroots(roots):
    return np.flip(np.poly(roots))


@defines("np.polynomial.polynomial.polyroots")
def polyroots(c):
    found = np.roots(np.flip(c))
    return found[np.argsort(found)]


@defines("np.polynomial.polynomial.polydiv")
def ascending_polydiv(c1, c2):
    quotient, rest = np.polydiv(np.flip(c1), np.flip(c2))
    return np.flip(quotient), np.flip(rest)


@defines("np.polynomial.polynomial.polypow")
def polypow(c, exponent, maxpower=None):
    total = np.ones(1)
    for _ in range(exponent):
        total = np.convolve(total, c)
    return total


@defines("np.polynomial.chebyshev.chebval")
def chebval(x, c, tensor=True):
    return series(x, at_each_place(c, x, tensor), chebyshev)


@defines("np.polynomial.chebyshev.chebvander")
def chebvander(x, deg):
    return columns(x, deg, chebyshev)


@defines("np.polynomial.chebyshev.chebfit")
def chebfit(x, y, deg, rcond=None, full=False, w=None):
    return fitted(columns(x, deg, chebyshev), y, rcond, w)


@defines("np.polynomial.legendre.legval")
def legval(x, c, tensor=True):
    return series(x, at_each_place(c, x, tensor), legendre)


@defines("np.polynomial.legendre.legvander")
def legvander(x, deg):
    return columns(x, deg, legendre)


@defines("np.polynomial.legendre.legfit")
def legfit(x, y, deg, rcond=None, full=False, w=None):
    return fitted(columns(x, deg, legendre), y, rcond, w)


@defines("np.polynomial.hermite.hermval")
def hermval(x, c, tensor=True):
    return series(x, at_each_place(c, x, tensor), hermite)


@defines("np.polynomial.hermite.hermvander")
def hermvander(x, deg):
    return columns(x, deg, hermite)


@defines("np.polynomial.hermite.hermfit")
def hermfit(x, y, deg, rcond=None, full=False, w=None):
    return fitted(columns(x, deg, hermite), y, rcond, w)


@defines("np.polynomial.hermite_e.hermeval")
def hermeval(x, c, tensor=True):
    return series(x, at_each_place(c, x, tensor), hermite_e)


@defines("np.polynomial.hermite_e.hermevander")
def hermevander(x, deg):
    return columns(x, deg, hermite_e)


@defines("np.polynomial.hermite_e.hermefit")
def hermefit(x, y, deg, rcond=None, full=False, w=None):
    return fitted(columns(x, deg, hermite_e), y, rcond, w)


@defines("np.polynomial.laguerre.lagval")
def lagval(x, c, tensor=True):
    return series(x, at_each_place(c, x, tensor), laguerre)


@defines("np.polynomial.laguerre.lagvander")
def lagvander(x, deg):
    return columns(x, deg, laguerre)


@defines("np.polynomial.laguerre.lagfit")
def lagfit(x, y, deg, rcond=None, full=False, w=None):
    return fitted(columns(x, deg, laguerre), y, rcond, w)
