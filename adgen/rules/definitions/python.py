# ruff: noqa: ANN001, ANN002, ANN201  (specialised from their source, for any types)
"""Functions of `math` and `cmath`, and of np.emath on the real domain."""

import cmath

import numpy as np

from adgen.rules.definitions import defines


@defines("math.hypot")
def hypot(*coordinates):
    return np.linalg.norm(np.array(coordinates))


@defines("math.dist")
def dist(p, q):
    return np.linalg.norm(np.asarray(p) - np.asarray(q))


@defines("math.prod")
def prod(iterable, start=1):
    total = start
    for item in iterable:
        total = total * item
    return total


@defines("cmath.polar")
def polar(z):
    return abs(z), cmath.phase(z)


@defines("np.real_if_close")
def real_if_close(a, tol=100):
    return np.real_if_close(a, tol) if np.iscomplexobj(a) else a
