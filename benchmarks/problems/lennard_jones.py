"""Potential energy of atoms that attract and repel each other in pairs."""

import numpy as np

ARGNUMS = "positions"
SIZES = {"small": 27, "medium": 216, "large": 1000}  # atoms


def sample(size, rng):
    edge = round(size ** (1 / 3))
    lattice = np.stack(np.meshgrid(*3 * [np.arange(edge)], indexing="ij"), axis=-1).reshape(-1, 3)
    return 1.2 * lattice + 0.05 * rng.standard_normal((size, 3)), 1.0, 1.0


def objective(positions, epsilon, sigma):
    energy = 0.0
    for i in range(positions.shape[0]):
        for j in range(i):
            separation = positions[i] - positions[j]
            r2 = np.sum(separation**2)
            s6 = (sigma**2 / r2) ** 3
            energy += 4.0 * epsilon * (s6**2 - s6)
    return energy


def functional(xp, scan, positions, epsilon, sigma):
    first, second = np.tril_indices(positions.shape[0], -1)
    r2 = xp.sum((positions[first] - positions[second]) ** 2, axis=1)
    s6 = (sigma**2 / r2) ** 3
    return xp.sum(4.0 * epsilon * (s6**2 - s6))


def symbolic(ca, positions, epsilon, sigma):
    first, second = (list(map(int, index)) for index in np.tril_indices(positions.shape[0], -1))
    r2 = ca.sum2((positions[first, :] - positions[second, :]) ** 2)
    s6 = (sigma**2 / r2) ** 3
    return ca.sum1(4.0 * epsilon * (s6**2 - s6))


def by_hand(positions, epsilon, sigma):
    positions_bar = np.zeros_like(positions)
    for i in range(positions.shape[0]):
        x, y, z = positions[i, 0], positions[i, 1], positions[i, 2]
        fx = fy = fz = 0.0
        for j in range(i):
            dx, dy, dz = x - positions[j, 0], y - positions[j, 1], z - positions[j, 2]
            inverse = 1.0 / (dx * dx + dy * dy + dz * dz)
            s2 = sigma * sigma * inverse
            s6 = s2 * s2 * s2
            slope = 24.0 * epsilon * (s6 - 2.0 * s6 * s6) * inverse
            fx += slope * dx
            fy += slope * dy
            fz += slope * dz
            positions_bar[j, 0] -= slope * dx
            positions_bar[j, 1] -= slope * dy
            positions_bar[j, 2] -= slope * dz
        positions_bar[i, 0] += fx
        positions_bar[i, 1] += fy
        positions_bar[i, 2] += fz
    return positions_bar
