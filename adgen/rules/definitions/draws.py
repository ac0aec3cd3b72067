# ruff: noqa: ANN001, ANN002, ANN201  (specialised from their source, for any types)
"""Random draws as functions of their parameters: standard draws, moved and scaled.

NumPy makes its draws in the same way, so the generator gives the same numbers as it does for the original, in the
same order, and is left in the same state.  They are drawn once, in the forward sweep, and held constant.
"""

import numpy as np


def shaped(size, *parameters):
    """The size of the draws: as given, or that of the parameters; None for a single number."""
    if size is not None:
        return size
    shape = np.shape(sum(parameters))
    return shape if len(shape) > 0 else None


def normal(rng, loc=0.0, scale=1.0, size=None):
    return loc + scale * rng.standard_normal(shaped(size, loc, scale))


def uniform(rng, low=0.0, high=1.0, size=None):
    return low + (high - low) * rng.random(shaped(size, low, high))


def exponential(rng, scale=1.0, size=None):
    return scale * rng.standard_exponential(shaped(size, scale))


def laplace(rng, loc=0.0, scale=1.0, size=None):
    return loc + scale * rng.laplace(0.0, 1.0, shaped(size, loc, scale))


def logistic(rng, loc=0.0, scale=1.0, size=None):
    return loc + scale * rng.logistic(0.0, 1.0, shaped(size, loc, scale))


def gumbel(rng, loc=0.0, scale=1.0, size=None):
    return loc + scale * rng.gumbel(0.0, 1.0, shaped(size, loc, scale))


def lognormal(rng, mean=0.0, sigma=1.0, size=None):
    return np.exp(normal(rng, mean, sigma, size))


def rayleigh(rng, scale=1.0, size=None):
    return scale * rng.rayleigh(1.0, shaped(size, scale))


def weibull(rng, a, size=None):
    return rng.standard_exponential(shaped(size, a)) ** (1 / a)


def pareto(rng, a, size=None):
    return np.expm1(rng.standard_exponential(shaped(size, a)) / a)


def power(rng, a, size=None):
    return (-np.expm1(-rng.standard_exponential(shaped(size, a)))) ** (1 / a)


def gamma(rng, shape, scale=1.0, size=None):
    return scale * rng.standard_gamma(shape, shaped(size, shape, scale))


def multivariate_normal(rng, mean, cov, size=None, check_valid="warn", tol=1e-8, method="svd"):
    count = (size,) if isinstance(size, int) else () if size is None else size
    draws = rng.standard_normal((*count, mean.shape[0]))
    if method == "cholesky":
        return mean + draws @ np.linalg.cholesky(cov).T
    if method == "eigh":
        values, vectors = np.linalg.eigh(cov)
        return mean + draws @ (vectors * np.sqrt(values)).T
    u, s, _ = np.linalg.svd(cov)
    return mean + draws @ (u * np.sqrt(s)).T


def permutation(rng, x, axis=0):
    return np.take(x, rng.permutation(x.shape[axis]), axis=axis)


def choice(rng, a, size=None, replace=True, p=None, axis=0, shuffle=True):
    return np.take(a, rng.choice(a.shape[axis], size, replace, p, 0, shuffle), axis=axis)


DRAWS = {
    f.__name__: f
    for f in (
        normal, uniform, exponential, laplace, logistic, gumbel, lognormal, rayleigh, weibull, pareto, power, gamma,
        multivariate_normal, permutation, choice,
    )
}  # fmt: skip
