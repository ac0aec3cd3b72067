"""Functions that compute a slope which their own derivative needs: here it holds, there it is another's."""

import math

import numpy as np

from tests.programs import program, vec


@program(vec(4), 0.3)
def newton_with_an_end(x, e):
    total = 0.0
    for i in range(4):
        a = x[i]
        for _ in range(10):
            step = (a - e * math.sin(a) - x[i]) / (1.0 - e * math.cos(a))
            a -= step
            if abs(step) < 1e-10:
                break
        total += math.sin(a) ** 2
    return total


@program(vec(5), order2=True)
def rotations(x):
    u, v = 1.0, 0.5
    for i in range(5):
        c, s = math.cos(x[i]), math.sin(x[i])
        u, v = c * u - s * v, s * u + c * v
    return u * v


@program(vec(5))
def the_angle_changes_in_the_inner_loop(x):
    a, total = 0.4, 0.0
    for i in range(5):
        before = math.cos(a)
        for j in range(3):
            total += math.sin(a) * before
            a = a * x[j] + x[i]
        total += math.sin(a) * before
        after = math.cos(a)
        total *= after
        for j in range(2):
            total += math.sin(a) * x[j]
    return total


@program(vec(5), 0.7)
def slopes_in_branches(x, bound):
    total, a = 0.0, 0.3
    for i in range(5):
        if x[i] > bound:
            c = math.cos(a)
            total += c * math.sin(a)
        else:
            total -= math.sin(a)
        a = a * x[i] + 0.1
        if i == 3:
            total += math.cos(a)
        total += math.sin(a) ** 2
    return total


@program(vec(5))
def elements_change_between(x):
    y = x.copy()
    total = 0.0
    for i in range(4):
        s = math.sin(y[i])
        y[i] = 0.5 * y[i] + y[i + 1]
        total += s * math.cos(y[i]) + math.cosh(y[i]) * math.sinh(y[i])
    return total


@program(vec(5))
def branch_variables(x):
    total = 0.0
    for i in range(5):
        a = x[i]
        s = math.sin(a)
        if a > 0.8:
            a = a * a
        total += s * math.cos(a) * math.sin(a)
    return total


@program(vec(5))
def hyperbolic_in_an_endless_loop(x):
    a, k = 0.2, 0
    while a < 3.0:
        a += math.sinh(x[k % 5] * a) + 0.1 * math.cosh(x[k % 5] * a)
        k += 1
    return a * np.cos(a) * np.sin(a)
