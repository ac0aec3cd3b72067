"""Loops whose number of trips is found out on the way."""

import math

import numpy as np

from tests.programs import mat, positive_definite, program, vec


@program(1.3, more=[(12.0,)])
def halve_until_small(x):
    while x > 1.0:
        x = x / 2.0
    return x * x


@program(1.3, 5)
def counted_by_hand(x, n):
    i = 0
    while i < n:
        x = math.sin(x) + 0.1 * i
        i += 1
    return x


@program(2.0, more=[(9.0,), (0.3,)])
def square_root_by_newton(a):
    x = a
    while abs(x * x - a) > 1e-13 * a:
        x = 0.5 * (x + a / x)
    return x


@program(0.4)
def series_until_terms_vanish(x):
    term = 1.0
    total = 1.0
    k = 1
    while abs(term) > 1e-17:
        term = term * x / k
        total += term
        k += 1
    return total


@program(0.9)
def fixed_point(x):
    y = 0.5
    change = 1.0
    while change > 1e-14:
        new = math.cos(y * x)
        change = abs(new - y)
        y = new
    return y


@program(1.0, 0.3)
def arithmetic_geometric_mean(a, b):
    while abs(a - b) > 1e-14:
        a, b = 0.5 * (a + b), math.sqrt(a * b)
    return a


@program(24.0, 36.0)
def gcd_like_reduction(x, y):
    while y > 0.5:
        x, y = y, x - y if x > y else 0.0
    return x * 1.5


@program(0.2)
def never_entered(x):
    while x > 1.0:
        x = x * 0.5
    return x * 3.0


@program(vec(5))
def while_over_an_array(x):
    i = 0
    s = 0.0
    while i < len(x) and s < 3.0:
        s += x[i]
        i += 1
    return s * s


@program(vec(4))
def array_state_in_while(x):
    n = 0
    while np.sum(x) > 1.0:
        x = x * 0.7
        n += 1
    return x * n


@program(vec(4))
def nested_while(x):
    s = 0.0
    i = 0
    while i < 4:
        y = x[i]
        while y < 3.0:
            y = y * 1.5
        s += y
        i += 1
    return s


@program(vec(3), 4)
def while_in_for(x, n):
    total = 0.0
    for i in range(3):
        y = x[i]
        while y < n:
            y = y * y + 1.0
        total += math.log(y)
    return total


@program(5.0, 3)
def for_in_while(x, n):
    while x > 1.0:
        for i in range(n):
            x = x * 0.9 - 0.01 * i
    return x**2


@program(positive_definite(4), vec(4))
def power_iteration(a, x):
    old = 0.0
    new = 1.0
    while abs(new - old) > 1e-12:
        x = a @ x
        x = x / np.sqrt(x @ x)
        old = new
        new = x @ a @ x
    return new


@program(0.5, 1.2)
def time_stepping_with_last_step_shortened(x, end):
    t, dt = 0.0, 0.25
    while t < end:
        if t + dt > end:
            dt = end - t
        x = x + dt * (-x + math.sin(t))
        t = t + dt
    return x


@program(mat(4, 4) / 4, vec(4))
def jacobi_until_converged(a, b):
    x = np.zeros(4)
    while True:
        new = b - a @ x * 0.3
        if np.max(np.abs(new - x)) < 1e-13:
            break
        x = new
    return x


@program(3.7)
def while_true_with_break(x):
    n = 0
    while True:
        x = x * 0.8
        n += 1
        if x < 1.0:
            break
    return x * n


@program(0.3)
def while_with_two_conditions(x):
    k = 0
    while x < 2.0 and k < 50:
        x = x * 1.3 + 0.01
        k = k + 1
    return x


@program(27, 0.5, argnums=(1,))
def integer_while(n, x):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return x * steps


@program(np.array([1.2, 0.7, 1.4, 0.6, 1.1]), order2=True)
def values_that_one_branch_needs(x):
    """Of `t` what the first branch starts from, of `u` what both do, of `v` what is needed after them, too."""
    t, u, v = 0.9, 1.1, 0.8
    total = 0.0
    k = 0
    while k < x.size:
        if x[k] > 1.0:
            total += t * t * x[k] + np.sin(u * x[k])
            t = 0.5 * t * x[k] + 0.1 * v * v
        else:
            total += np.exp(u * x[k])
            u = u * x[k]
        total += v**3 * x[k]
        v = 0.9 * v + 0.1 * x[k]
        k += 1
    return total + t * u


@program(np.array([1.2, 0.7, 1.4, 0.6, 1.1]), 3.0, more=((np.array([1.2, 0.7, 1.4, 0.6, 1.1]), 30.0),))
def value_of_the_branch_that_ends_the_loop(x, most):
    t, total = 0.9, 0.0
    k = 0
    while k < x.size:
        if x[k] > 1.0:
            for i in range(2):
                total += t * t * x[k] * (i + 1)
                t = t * 1.1
            if total > most:
                total += t**2
                break
        t = t + 0.1
        k += 1
    return total * t
