"""Leaving early: break, continue, return, else of loops."""

import math

import numpy as np

from tests.programs import mat, program, signed, vec


@program(vec(6), 2.0, more=[(vec(6), 0.1), (vec(6), 99.0)])
def break_when_a_sum_is_reached(x, limit):
    s = 0.0
    for i in range(len(x)):
        s += x[i] ** 2
        if s > limit:
            break
    return s


@program(vec(6), 2.0, more=[(vec(6), 99.0)])
def break_before_the_work(x, limit):
    s = 1.0
    for item in x:
        if s > limit:
            break
        s = s * (1.0 + item)
    return s


@program(signed(6))
def continue_over_negative_items(x):
    s = 0.0
    for item in x:
        if item < 0:
            continue
        s += math.sqrt(item)
    return s


@program(signed(6))
def continue_then_more_work(x):
    s = 0.0
    for i in range(6):
        s = s * 0.9
        if x[i] < 0:
            s = s + 1.0
            continue
        if x[i] > 1.0:
            s = s - x[i]
            continue
        s = math.sin(s) + x[i]
    return s


@program(0.3, more=[(1.3,), (-0.5,)])
def early_return(x):
    if x < 0:
        return 0.0
    if x > 1.0:
        y = x * x
        return y
    return math.sin(x)


@program(vec(6), 1.2, more=[(vec(6), 99.0)])
def return_from_a_loop(x, limit):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[0]
        if s > limit:
            return s * 2.0
    return s + x[1]


@program(mat(3, 3), 0.9, more=[(mat(3, 3), 99.0), (mat(3, 3), 0.0)])
def return_from_nested_loops(a, limit):
    s = 0.0
    for i in range(3):
        for j in range(3):
            s += a[i, j] ** 2
            if s > limit * (i + 1):
                return s * a[i, j]
        s = s * 0.5
    return s


@program(mat(3, 4), 1.0, more=[(mat(3, 4), 99.0)])
def break_of_the_inner_loop_only(a, limit):
    total = 1.0
    for i in range(3):
        s = 0.0
        for j in range(4):
            s += a[i, j]
            if s > limit:
                break
            s = s * 1.1
        total = total * s
    return total


@program(mat(3, 4), 1.0, more=[(mat(3, 4), 99.0)])
def break_of_both_loops_by_a_flag(a, limit):
    done = False
    s = 0.0
    for i in range(3):
        for j in range(4):
            s = s * 0.9 + a[i, j]
            if s > limit:
                done = True
                break
        if done:
            break
    return s * s


@program(vec(5), 1.2, more=[(vec(5), 99.0)])
def for_else(x, limit):
    s = x[0]
    for item in x:
        if item > limit:
            s = s * item
            break
        s += item**2
    else:
        s = -s
    return s


@program(9.0, 0.5, more=[(9.0, 8.5)])
def while_else(x, stop):
    while x > 1.0:
        x = x * 0.6
        if x < stop:
            x = x * x
            break
    else:
        x = math.exp(x)
    return x


@program(vec(6))
def break_at_a_fixed_trip(x):
    s = 1.0
    for i in range(6):
        if i == 3:
            break
        s *= x[i]
    return s


@program(vec(6))
def several_breaks(x):
    s = 0.0
    for i in range(6):
        s += x[i]
        if s > 5.0:
            s = s * 2.0
            break
        s = s + math.sin(x[i])
        if s > 4.0:
            s = s * 3.0
            break
    return s


@program(vec(6))
def break_and_continue(x):
    s = 0.0
    for i in range(6):
        if i == 1:
            continue
        s = s + x[i] ** 2
        if s > 4.0:
            break
        s = s * 0.95
    return s


@program(vec(6))
def continue_in_while(x):
    i = -1
    s = 0.0
    while i < 5:
        i += 1
        if i % 2 == 0:
            continue
        s = s * x[i] + x[i - 1]
    return s


@program(0.7, 20)
def return_from_while(x, n):
    k = 0
    while k < n:
        x = x * 1.3
        if x > 4.0:
            return x * k
        k += 1
    return x


@program(vec(5), 0.8)
def index_found_by_search(x, level):
    """The index at which a loop stopped selects the element."""
    k = 0
    for i in range(5):
        if x[i] > level:
            k = i
            break
    return x[k] * 3.0


@program(vec(5), 0.3, 4)
def array_modified_until_break(x, limit, n):
    y = x.copy()
    for k in range(n):
        for i in range(1, 5):
            y[i] = 0.5 * (y[i] + y[i - 1])
        if np.sum(np.abs(y - y[0])) < limit:
            break
    return y


@program(0.5, more=[(1.5,)])
def return_in_both_branches(x):
    if x > 1.0:
        return x * x
    else:
        return math.exp(x)


@program(0.5, more=[(1.5,)])
def returns_of_different_structure_are_tuples(x):
    if x > 1.0:
        return x * x, 1.0
    return 0.0, x


@program(0.5, 3, more=[(1.5, 3)])
def return_after_a_loop_in_a_branch(x, n):
    if x > 1.0:
        for _ in range(n):
            x = x * 0.9
        return x
    x = x + 1.0
    return x * x


@program(0.7)
def unreachable_code(x):
    return x * x
    x = x + 1.0
    return x


@program(2.0, 3, 4)
def loop_with_else_without_break(x, n, m):
    for i in range(n):
        x = math.sqrt(x)
    else:
        x = x + 1.0
    return x * m


@program(vec(8), 3.0)
def quadrature_with_tolerance(x, tolerance):
    """Returns from inside a branch, inside a loop, after an inner loop that breaks."""
    total = 0.0
    for i in range(8):
        part = 0.0
        for k in range(5):
            add = x[i] ** k / (1.0 + k)
            part += add
            if add < 0.2:
                break
        total += part
        if total > tolerance:
            if i > 2:
                return total, part
            total = total * 0.8
    return total, total


@program(0.5)
def exception_handled_outside_the_active_code(x):
    k = 2
    assert k > 1
    for _ in range(k):
        if k > 5:
            raise RuntimeError("never")
        x = x * x
    return x
