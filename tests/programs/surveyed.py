"""What whole packages of PyPI brought to light: patterns of their code, in small."""

import math

import numpy as np

from tests.programs import program, vec

ANGLES = [30.0, 45.0, 65.0]
C1S = [[0.718, 0.348, 0.3], [0.718, 0.4, 0.3], [0.63, 0.291, 0.13]]
LIMITS = [[10.0, 10.0], [10.0, 100.0], [20.0, 300.0]]


@program(3.0, more=[(1.2,)])
def secant_that_meets_the_root_exactly(a):
    """The last point goes on as a loop variable, and is returned: two copies of one value."""
    p0, p1 = 1.0, 2.0
    q0, q1 = p0 - a, p1 - a
    for _ in range(20):
        p = p1 - q1 * (p1 - p0) / (q1 - q0)
        if abs(p0 - p1) <= 1e-12 * abs(p0):
            return p
        p0 = p1
        q0 = q1
        p1 = p
        q1 = p1 - a
        if q1 == 0.0:
            return p1
    raise ValueError("no root")


@program(vec(3), 0.3, jit=False)
def vectors_handed_on_twice(x, a):
    last, best, before = x * a, x, x * 2.0
    for k in range(3):
        new = before * last + a
        before, last, best = last, new, new
    return np.sum(last * best) + np.sum(before)


@program(0.37, 0.11, 893.9, 0.117)
def saltation_velocity(mp, dp, rho, d):
    """Quotients whose partials are beyond the range of floats, though the derivative is not."""
    beta = 1100.0 * dp + 2.5
    expression1 = 0.1 ** (1440.0 * dp + 1.96) * (1.0 / math.sqrt(9.81 * d)) ** beta
    expression2 = mp / rho / (math.pi / 4 * d * d)
    return (expression2 / expression1) ** (1.0 / (1.0 + beta))


@program(1.5, np.array([2.0, 0.1, -1.0]), more=[(1.5, np.array([-2.0, 2.1, 0.7])), (1.5, np.array([0.2, -1.5, -1.0]))])
def set_by_some_iterations(x, y):
    """What an iteration does not set stays as an earlier one left it."""
    for j in range(3):
        if y[j] > 1:
            c = 2.0
            d = c * x
        elif y[j] > 0:
            c = 3.0
            d = x * x * (j + 1.0)
    return c * x + d


@program(1.5, np.array([2.0, 0.1, -1.0]), more=[(0.5, np.array([-2.0, 2.1, 1.0]))])
def set_unless_the_iteration_is_skipped(x, y):
    for j in range(3):
        if y[j] < 0:
            continue
        c = 2.0 * x * (j + 1)
        if c > 100.0:
            break
        d = c * x
    return c * d


@program(30.0, 2000.0, more=[(62.0, 15.0), (99.0, 317.0), (44.0, 9.0)])
def constants_chosen_by_ranges(angle, re):
    """The last row counts where no other does: the variables have no value before."""
    for i in range(len(ANGLES)):
        if angle <= ANGLES[i]:
            c1s, limits = C1S[i], LIMITS[i]
            break
        elif i == len(ANGLES) - 1:
            c1s, limits = C1S[-1], LIMITS[-1]
    for j in range(len(limits)):
        if re <= limits[j]:
            c1 = c1s[j]
            break
        elif j == len(limits) - 1:
            c1 = c1s[-1]
    return c1 * re**0.7 + angle


@program(1.5, np.array([2.0, 0.1, -1.0]), refused="undecided-value")
def pairs_set_by_some_iterations(x, y):
    for j in range(3):
        if y[j] > 1:
            c = (2.0 * x, x)
        elif y[j] > 0:
            c = (x, 3 * x)
    return c[0] * c[1]


@program(np.outer([0.3, -1.1, 0.7], [0.5, 0.2, -0.8]))
def factors_of_an_outer_product(m):
    """Two singular values are zero; their vectors, which have no derivative, are not asked for."""
    u, s, vh = np.linalg.svd(m)
    return s[0], u.T[0], vh[0]
