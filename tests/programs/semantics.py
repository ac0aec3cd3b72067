"""Corners where a careless derivative is wrong."""

import math

import numpy as np

from tests.programs import mat, program, signed, vec


@program(mat(4, 2))
def distances_with_masked_diagonal(p):
    """The square root at zero is infinitely steep, but its cotangent is zero."""
    d2 = np.sum((p[:, None, :] - p[None, :, :]) ** 2, axis=-1)
    d = np.sqrt(d2)
    off = 1.0 - np.eye(4)
    return np.sum(d * off)


@program(mat(4, 2))
def distances_with_where(p):
    d2 = np.sum((p[:, None, :] - p[None, :, :]) ** 2, axis=-1)
    return np.sum(np.where(np.eye(4) > 0, 0.0, np.sqrt(d2)))


@program(signed(5))
def guarded_square_root(x):
    safe = np.where(x > 0, x, 1.0)
    return np.where(x > 0, np.sqrt(safe), 0.0)


@program(np.array([0.5, 0.0, 2.0]))
def guarded_division(x):
    safe = np.where(x == 0.0, 1.0, x)
    return np.sum(np.where(x == 0.0, 2.0, np.sin(safe) / safe)[::2])


@program(0.0, 1.3)
def zero_times(x, y):
    return x * y + x * x * y


@program(0.0, more=[(0.5,)])
def power_at_zero(x):
    return x**2 + x**1 + 3.0 * x**0


@program(np.array([0.0, 0.5, -0.5]))
def integer_power_of_zero_in_an_array(x):
    return x**3 + x**2


@program(vec(3), 0)
def zero_trip_loop(x, n):
    y = x * 2.0
    for i in range(n):
        y = y * x[i]
    return y


@program(vec(3), 0)
def zero_trip_loop_with_array_state(x, n):
    history = np.zeros((n + 1, 3))
    history[0] = x
    for k in range(n):
        history[k + 1] = history[k] ** 2
    return history[n]


@program(vec(0))
def empty_array(x):
    return np.sum(x * x) + 1.0


@program(vec(0), 2.0)
def empty_array_in_a_loop(x, s):
    for item in x:
        s = s * item
    return s


@program(np.zeros((0, 3)), vec(3))
def empty_matrix(a, x):
    return np.sum(a @ x) + np.sum(x)


@program(np.array(1.3))
def zero_dimensional_array(x):
    return x * x + x


@program(np.asfortranarray(mat(3, 4)), order2=True)
def fortran_order(a):
    return np.sum(a * a, axis=0)


@program(np.asfortranarray(mat(3, 4)))
def fortran_order_written(a):
    a[1:] += a[:-1] * 2.0
    a[0, 0] = a[2, 3] ** 2
    return a


@program(mat(3, 4).T)
def transposed_input(a):
    b = a.copy()
    b[0] = b[1] * b[2]
    return b.ravel()


@program(vec(12)[::2], vec(12)[::-3])
def strided_inputs(x, y):
    x[1:5] *= y
    return x * 2.0


@program(mat(6, 6)[1:5, ::2])
def window_input(a):
    a[:, 0] = a[:, 1] ** 2
    return a.reshape(12) * np.arange(12.0)


@program(np.array([1.0, 1.0, 0.5]))
def tie_in_a_reduction(x):
    """Two equal maxima share; so do central differences."""
    return np.max(x) * 3.0


@program(0.8, 0.8)
def tie_between_scalars(x, y):
    return max(x, y) + 2.0 * min(y, x)


@program(np.array([0.5, 0.8]), np.array([0.5, 0.3]))
def tie_in_an_elementwise_maximum(x, y):
    return np.maximum(x, y) - np.minimum(x, y) * 3.0


@program(0.0)
def absolute_value_at_zero(x):
    return abs(x) + np.abs(x) * 2.0 + math.fabs(x)


@program(vec(4))
def inactive_side_effects(x):
    log = []
    total = 0.0
    for i in range(4):
        log.append(f"step {i}")
        total += x[i] ** 2
    assert len(log) == 4
    return total


@program(0.7)
def value_used_only_in_a_condition(x):
    y = math.exp(x * 10.0)
    if y > 5.0:
        return x * 2.0
    return x


@program(vec(4))
def shape_functions_are_constant(x):
    n = x.shape[0] + len(x) + x.ndim + x.size + np.ndim(x) + np.size(x)
    return x * n


@program(vec(4))
def zeros_like_breaks_the_dependence(x):
    y = np.zeros_like(x) + np.ones_like(x)
    return y + x


@program(vec(4))
def cancelled_dependence(x):
    y = x - x
    return y * 3.0 + x


@program(vec(4))
def variable_read_after_its_last_write_in_a_loop(x):
    last = 0.0
    for item in x:
        last = item * 2.0
    return last * last


@program(0.3)
def dead_assignment_after_use(x):
    y = x * x
    z = y * 2.0
    y = 100.0
    return z


@program(vec(3))
def overwritten_argument_read_later_by_the_derivative(x):
    y = x[0] * x[1]
    x[0] = 5.0
    x[1] = y * x[0]
    return y * x[1] * x[2]


@program(5, 0.2)
def range_fixed_at_entry(n, x):
    m = n
    for i in range(m):
        m = m + 1
        x = x * 1.1 + 0.01 * i
    return x * m


@program(vec(4))
def iterated_array_changed_while_looping(x):
    y = x * 1.0
    s = 0.0
    for i, item in enumerate(y):
        if i < 3:
            y[i + 1] = item * 0.5
        s += item
    return s


@program(0.8)
def name_shadows_a_builtin(x):
    sum = x * x
    max = sum + 1.0
    return sum * max


@program(0.8)
def names_like_those_of_the_compiler(x):
    x_bar = x * 2.0
    x_dot = x_bar * x
    x_tape = x_dot + x_bar
    t = x_tape * x_dot
    return t


@program(0.8)
def keyword_like_names(x):
    lambda_ = x * x
    np_ = lambda_ + 1.0
    self = np_ * x
    return self


@program(0.4)
def large_and_small_numbers(x):
    return (1e150 * x) * (1e-150 * x) + math.log1p(1e-12 * x) * 1e12


@program(700.0, more=[(-700.0,)])
def stable_logistic(x):
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x)) + x
    e = math.exp(x)
    return e / (1.0 + e) + x


@program(vec(5), vec(5, 1))
def quotient_with_shared_parts(x, y):
    a = x * y
    return a / (a + 1.0) + (a + 1.0) / a


@program(vec(3))
def local_constant_array(x):
    table = np.array([1.0, 2.0, 3.0])
    weights = [0.5, 0.25, 0.25]
    s = 0.0
    for i in range(3):
        s += table[i] * weights[i] * x[i]
    return s


TABLE = np.array([0.5, 1.5, 2.5])


@program(vec(3))
def module_level_array(x):
    return TABLE * x + TABLE[1]
