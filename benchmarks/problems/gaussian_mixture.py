"""Log-likelihood of a Gaussian mixture with a Wishart prior, parametrised as in ADBench.

`factors[j]` holds the inverse factor of component j's covariance: the logarithms of its diagonal, then its strictly
lower triangle row by row.
"""

import math

import numpy as np

ARGNUMS = ("weights", "means", "factors")
SIZES = {"small": (100, 2, 5), "medium": (1000, 10, 5), "large": (1000, 10, 25)}  # points, dimensions, components


def sample(size, rng):
    n, d, k = size
    weights, means = rng.standard_normal(k), rng.random((k, d))
    return weights, means, rng.standard_normal((k, d * (d + 1) // 2)), rng.random((n, d)), 1.0, 0


def log_sum_exp(x):
    largest = x[0]
    for i in range(1, x.size):
        largest = max(largest, x[i])
    total = 0.0
    for i in range(x.size):
        total += math.exp(x[i] - largest)
    return largest + math.log(total)


def objective(weights, means, factors, points, gamma, m):
    n, d = points.shape
    k = weights.size
    terms = np.empty(k)
    centred = np.empty(d)
    total = 0.0
    for i in range(n):
        for j in range(k):
            for a in range(d):
                centred[a] = points[i, a] - means[j, a]
            square = 0.0
            log_det = 0.0
            for a in range(d):
                t = math.exp(factors[j, a]) * centred[a]
                row = d + a * (a - 1) // 2
                for b in range(a):
                    t += factors[j, row + b] * centred[b]
                square += t * t
                log_det += factors[j, a]
            terms[j] = weights[j] + log_det - 0.5 * square
        total += log_sum_exp(terms)
    total -= n * log_sum_exp(weights)
    prior = 0.0
    for j in range(k):
        for a in range(d):
            prior += 0.5 * gamma**2 * math.exp(factors[j, a]) ** 2 - m * factors[j, a]
        for a in range(d, factors.shape[1]):
            prior += 0.5 * gamma**2 * factors[j, a] ** 2
    return total - 0.5 * n * d * math.log(2.0 * math.pi) - prior


def functional(xp, scan, weights, means, factors, points, gamma, m):
    n, d = points.shape
    place = np.tril_indices(d, -1)
    where = np.full((d, d), d * (d + 1) // 2)
    where[place] = d + np.arange(d * (d - 1) // 2)
    lower = xp.concatenate([factors, 0.0 * factors[:, :1]], 1)[:, where]
    diagonal = xp.exp(factors[:, :d])
    centred = points[:, None, :] - means[None, :, :]
    whitened = diagonal * centred + xp.einsum("kab,nkb->nka", lower, centred)
    terms = weights + xp.sum(factors[:, :d], axis=1) - 0.5 * xp.sum(whitened**2, axis=2)
    total = xp.sum(xp.logsumexp(terms)) - n * xp.sum(xp.logsumexp(weights[None, :]))
    squares = xp.sum(diagonal**2) + xp.sum(factors[:, d:] ** 2)
    prior = 0.5 * gamma**2 * squares - m * xp.sum(factors[:, :d])
    return total - 0.5 * n * d * math.log(2.0 * math.pi) - prior


def by_hand(weights, means, factors, points, gamma, m):
    n, d = points.shape
    k = weights.size
    weights_bar, means_bar, factors_bar = np.zeros_like(weights), np.zeros_like(means), np.zeros_like(factors)
    diagonal = np.exp(factors[:, :d])
    log_det = np.empty(k)
    for j in range(k):
        log_det[j] = weights[j] + np.sum(factors[j, :d])
    terms = np.empty(k)
    whitened = np.empty((k, d))
    centred = np.empty((k, d))
    for i in range(n):
        largest = -np.inf
        for j in range(k):
            for a in range(d):
                centred[j, a] = points[i, a] - means[j, a]
            square = 0.0
            for a in range(d):
                t = diagonal[j, a] * centred[j, a]
                row = d + a * (a - 1) // 2
                for b in range(a):
                    t += factors[j, row + b] * centred[j, b]
                whitened[j, a] = t
                square += t * t
            terms[j] = log_det[j] - 0.5 * square
            largest = max(largest, terms[j])
        total = 0.0
        for j in range(k):
            terms[j] = math.exp(terms[j] - largest)
            total += terms[j]
        for j in range(k):
            share = terms[j] / total
            weights_bar[j] += share
            for a in range(d):
                t_bar = -share * whitened[j, a]
                factors_bar[j, a] += t_bar * diagonal[j, a] * centred[j, a]
                means_bar[j, a] -= t_bar * diagonal[j, a]
                row = d + a * (a - 1) // 2
                for b in range(a):
                    factors_bar[j, row + b] += t_bar * centred[j, b]
                    means_bar[j, b] -= t_bar * factors[j, row + b]
    share = np.exp(weights - np.max(weights))
    share *= n / np.sum(share)
    for j in range(k):
        for a in range(d):
            factors_bar[j, a] += weights_bar[j] + m - gamma**2 * diagonal[j, a] ** 2
        for a in range(d, factors.shape[1]):
            factors_bar[j, a] -= gamma**2 * factors[j, a]
    return weights_bar - share, means_bar, factors_bar
