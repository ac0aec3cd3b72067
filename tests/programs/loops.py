"""Counted loops and loops over items."""

import math

import numpy as np

from tests.programs import mat, program, vec

DT = 0.05


@program(1.1, 5, more=[(1.1, 0), (1.1, 1)])
def power_by_multiplication(x, n):
    y = 1.0
    for _ in range(n):
        y = y * x
    return y


@program(0.5, 2.0, 6, order2=True)
def swing(x0, k, n):
    x, v = x0, 0.0
    for i in range(n):
        v -= k * x * DT
        x += v * DT
    return x


@program(vec(6), order2=True)
def sum_of_squares(x):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[i]
    return s


@program(vec(6))
def independent_iterations(x):
    e = 0.0
    for i in range(x.size):
        e += np.exp(-x[i]) * x[i]
    return e


@program(vec(5))
def iterate_over_items(x):
    s = 1.0
    for item in x:
        s *= math.sin(item)
    return s


@program(mat(3, 4))
def iterate_over_rows(a):
    s = 0.0
    for row in a:
        s += row[0] * np.sum(row)
    return s


@program(vec(5))
def enumerate_items(x):
    s = 0.0
    for i, item in enumerate(x):
        s += (i + 1) * item**2
    return s


@program(vec(5), vec(5, 1))
def zip_items(x, y):
    s = 0.0
    for a, b in zip(x, y):
        s += a * math.exp(-b)
    return s


@program(vec(5), vec(5, 1))
def enumerate_zip(x, y):
    s = 0.0
    for i, (a, b) in enumerate(zip(x, y)):
        s = s * 0.5 + i * a * b
    return s


@program(vec(5))
def reversed_items(x):
    y = 0.0
    for c in reversed(x):
        y = y * 0.7 + c
    return y


@program(vec(5), 0.7)
def horner(coefficients, x):
    y = 0.0
    for i in range(len(coefficients) - 1, -1, -1):
        y = y * x + coefficients[i]
    return y


@program(vec(9))
def strided_range(x):
    s = 0.0
    for i in range(1, len(x), 3):
        s += x[i] * x[i - 1]
    return s


@program(mat(3, 4))
def nested_loops(a):
    m, n = a.shape
    s = 0.0
    for i in range(m):
        for j in range(n):
            s += math.sin(a[i, j]) * (i + 1) / (j + 1)
    return s


@program(mat(4, 4))
def triangular_loops(a):
    s = 1.0
    for i in range(a.shape[0]):
        for j in range(i):
            s = s * 0.9 + a[i, j] * a[j, i]
    return s


@program(mat(3, 4), 0.4)
def inner_state_reset_by_the_outer_loop(a, x):
    total = 0.0
    for i in range(3):
        inner = x
        for j in range(4):
            inner = math.sin(inner + a[i, j])
        total = total * x + inner
    return total


@program(0.6, 4)
def three_levels(x, n):
    y = x
    for i in range(n):
        for j in range(i):
            for k in range(j, i):
                y = math.sin(y + 0.1 * k) + 0.1 * x
    return y


@program(vec(6))
def branch_inside_a_loop(x):
    s = 0.0
    for i in range(6):
        if x[i] > 1.0:
            s += x[i] ** 2
        else:
            s -= math.sin(x[i])
    return s


@program(vec(6))
def branch_on_the_counter(x):
    s = 1.0
    for i in range(6):
        if i % 2:
            s *= x[i]
        elif i == 4:
            s = s + x[i]
    return s


@program(vec(6))
def running_maximum(x):
    best = x[0]
    for i in range(1, len(x)):
        if x[i] > best:
            best = x[i]
    return best * best


@program(vec(6), more=[(vec(1),)])
def previous_value_kept(x):
    previous = x[0]
    s = 0.0
    for i in range(1, len(x)):
        s += (x[i] - previous) ** 2
        previous = x[i]
    return s + previous


@program(0.5, 0.3, 5)
def fibonacci_like(a, b, n):
    for _ in range(n):
        a, b = b, math.sin(a) + b
    return a + b


@program(0.8, 5)
def counter_used_after_the_loop(x, n):
    for i in range(n):
        x = x * 1.1
    return x * i


@program(0.8, 6)
def integer_state(x, n):
    k = 1
    s = 0.0
    for _ in range(n):
        s += x**k / k
        k += 2
    return s


@program(0.8, 6)
def sign_that_alternates(x, n):
    term = x
    s = x
    sign = -1
    for k in range(1, n):
        term = term * x * x / ((2 * k) * (2 * k + 1))
        s = s + sign * term
        sign = -sign
    return s


@program(vec(4), 3)
def array_state(x, n):
    for _ in range(n):
        x = np.sin(x) + 0.5 * x[::-1]
    return x


@program(vec(4), mat(4, 4), 3, order2=True)
def matrix_recurrence(x, a, n):
    for _ in range(n):
        x = np.tanh(a @ x / 4.0)
    return np.sum(x**2)


@program(0.7)
def literal_items(x):
    s = 0.0
    for c in (1.0, -2.0, 0.5):
        s = s * x + c
    return s


@program(0.7)
def items_of_a_list_of_pairs(x):
    s = 0.0
    for weight, power in [(0.2, 1), (0.3, 2), (0.5, 4)]:
        s += weight * x**power
    return s


@program(0.7, np.array([2, 0, 1]))
def items_of_an_integer_array(x, ks):
    s = 0.0
    for k in ks:
        s += x**k
    return s


@program(vec(4))
def numpy_arange_items(x):
    s = 0.0
    for i in np.arange(4):
        s += x[i] * i
    return s


@program(0.2, 10)
def logistic_map(x, n):
    r = 2.8
    for _ in range(n):
        x = r * x * (1.0 - x)
    return x


@program(0.4, 8)
def loop_variable_overwritten_inside(x, n):
    s = x
    for i in range(n):
        i = i * 2
        s = math.sin(s) + 0.01 * i
    return s


@program(0.4, 4, 3)
def loop_bounds_from_arithmetic(x, n, m):
    s = x
    for i in range(n - 1, m * 3, 2):
        s = s * math.cos(x) + 0.1 * i
    return s


@program(vec(5), 4)
def loop_with_an_unchanged_array(x, n):
    s = 0.0
    y = np.exp(x)
    for i in range(n):
        s += y[i] * y[i + 1]
    return s


@program(vec(3), vec(4, 1))
def pairwise_interactions(x, y):
    s = 0.0
    for i in range(len(x)):
        for j in range(len(y)):
            d = x[i] - y[j]
            s += 1.0 / (1.0 + d * d)
    return s


@program(0.3, 20)
def euler_van_der_pol(x, n):
    mu, h = 1.5, 0.02
    y = 0.5
    for _ in range(n):
        dx = y
        dy = mu * (1.0 - x**2) * y - x
        x = x + h * dx
        y = y + h * dy
    return x, y


@program(0.5, 8)
def runge_kutta_pendulum(theta, n):
    h = 0.1
    omega = 0.0
    for _ in range(n):
        k1, l1 = omega, -math.sin(theta)
        k2, l2 = omega + h / 2 * l1, -math.sin(theta + h / 2 * k1)
        k3, l3 = omega + h / 2 * l2, -math.sin(theta + h / 2 * k2)
        k4, l4 = omega + h * l3, -math.sin(theta + h * k3)
        theta = theta + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        omega = omega + h / 6 * (l1 + 2 * l2 + 2 * l3 + l4)
    return theta * omega


@program(vec(4))
def while_style_for(x):
    s = 0.0
    for i in range(len(x) - 1):
        for k in (i, i + 1):
            s += x[k] * x[i]
    return s


@program(vec(5))
def loop_in_a_branch(x):
    if x[0] > 0:
        s = 1.0
        for item in x:
            s = s * item
    else:
        s = 0.0
    return s


@program(vec(5), vec(5, 1))
def array_of_another_length_comes_out_of_a_loop(x, y):
    for _ in x:
        y = x[::-1].copy()
    y[:3] += np.sin(y[:3])
    return np.sum(y * y)


@program(vec(5), vec(5, 1), np.array([0, 1, 0, 3, 4]))
def gathered_again_and_again(x, y, k):
    y[k[:3]] = np.sin(y[:3])
    for _ in x:
        y = y[k].copy()
    y -= x[0]
    return np.sum(y * y)


@program(0.7, vec(5), vec(5, 1))
def backwards_with_numbers_in_a_loop_that_returns(b, x, y):
    """The loop around is read twice; the inner counter keeps a name of its own."""
    for i in range(3):
        if b > 1.1:
            return x * 0.5
        for j, s in enumerate(reversed(y)):
            x[(i + j) % 5] = np.sin(s) ** 2
        b = b + x[0]
    return x


@program(0.7, vec(5), vec(5, 1), more=[(0.2, vec(5), vec(5, 1)), (0.35, vec(5), vec(5, 1))])
def written_and_replaced_in_one_branch(a, x, y):
    if a < 0.3:
        y = y * x
    elif a > 0.4:
        j = 0
        while True:
            j += 1
            if j > 4:
                break
            y -= x[-1]
            y = np.concatenate((x[:4], y[4:])).copy()
    else:
        for i in range(1, 4):
            y[i] *= a
    return 0.5 * x + 0.6 * y


@program(vec(5), 0.3, order2=True)
def sines_and_cosines_of_arrays(x, k):
    """What one call computes is the slope of the other; the second pair is of an array that is written between."""
    e = x
    w = x.copy()
    for i in range(4):
        e = e - 0.1 * (e - k * np.sin(e) - x) / (1.0 - k * np.cos(e))
        s = np.sin(w)
        w[i] = w[i] + e[i] * s[i + 1]
        w = w * np.cos(w)
    return np.sum(np.sin(e) ** 2) + np.sum(w * e)


@program(mat(5, 6), mat(3, 3), more=((mat(3, 3), mat(3, 3)),), order2=True)
def sum_of_shifted_windows(a, k):
    """The windows that the counters of loops shift are all of one size."""
    height, width = a.shape[0] - 2, a.shape[1] - 2
    total = 0.0
    for p in range(3):
        for q in range(2, -1, -1):
            total = total + k[p, q] * a[p : p + height, q : q + width]
    return np.sum(total**2)


@program(vec(6))
def windows_that_share_a_counter(x):
    """One loop keeps within the array; of the other, of the same counter, windows are cut off at its end."""
    total = 0.0
    n = x.size - 2
    for i in range(3):
        total += np.sum(x[i : i + n] ** 2)
    for i in range(5):
        total += np.sum(x[i : i + n] ** 3)
    for i in range(x.size):
        total += np.sum(x[i : i + n])
    return total
