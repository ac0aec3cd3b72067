"""The k-means objective: squared distances of points to their nearest centres."""

import numpy as np

ARGNUMS = "centres"
SIZES = {"small": (200, 4, 5), "medium": (10000, 8, 10), "large": (20000, 16, 25)}  # points, dimensions, centres


def sample(size, rng):
    n, d, k = size
    return rng.standard_normal((n, d)), rng.standard_normal((k, d))


def objective(points, centres):
    total = 0.0
    for i in range(points.shape[0]):
        nearest = np.inf
        for j in range(centres.shape[0]):
            distance = 0.0
            for a in range(points.shape[1]):
                distance += (points[i, a] - centres[j, a]) ** 2
            if distance < nearest:
                nearest = distance
        total += nearest
    return total


def functional(xp, scan, points, centres):
    distances = xp.sum((points[:, None, :] - centres[None, :, :]) ** 2, axis=2)
    return xp.sum(xp.amin(distances, 1))


def symbolic(ca, points, centres):
    columns = [ca.sum2((points - ca.repmat(centres[j, :], points.shape[0], 1)) ** 2) for j in range(centres.shape[0])]
    nearest = columns[0]
    for column in columns[1:]:
        nearest = ca.fmin(nearest, column)
    return ca.sum1(nearest)


def by_hand(points, centres):
    centres_bar = np.zeros_like(centres)
    for i in range(points.shape[0]):
        nearest, winner = np.inf, 0
        for j in range(centres.shape[0]):
            distance = 0.0
            for a in range(points.shape[1]):
                distance += (points[i, a] - centres[j, a]) ** 2
            if distance < nearest:
                nearest, winner = distance, j
        for a in range(points.shape[1]):
            centres_bar[winner, a] -= 2.0 * (points[i, a] - centres[winner, a])
    return centres_bar
