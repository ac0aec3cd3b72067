"""Two names, one array."""

import numpy as np

from tests.programs import mat, program, vec


@program(vec(4))
def second_name_written(x):
    y = x
    y[0] = x[1] * 2.0
    return x * y


@program(vec(4))
def second_name_augmented(x):
    y = x * x
    z = y
    z += x
    return y * z


@program(vec(4))
def rebinding_is_no_write(x):
    y = x
    y = y + 1.0
    return x * y


@program(0.7)
def scalars_are_not_shared(x):
    y = x
    y += 1.0
    return x * y


@program(vec(4), more=[(-vec(4),)], refused="overlap")
def alias_in_one_branch(x):
    y = x * 2.0
    if x[0] > 0:
        z = y
    else:
        z = x * x
    z[1] = 5.0 * x[2]
    return y * z


@program(vec(4))
def same_array_passed_twice(x):
    def scaled_sum(a, b):
        return np.sum(a * b)

    return scaled_sum(x, x)


@program(vec(4))
def written_through_one_of_two_parameters(x):
    def set_first(a, b):
        a[0] = b[1] * 3.0
        return b[0]

    y = x * x
    return set_first(y, y) * y


@program(vec(4))
def result_is_the_argument(x):
    return x


@program(vec(4))
def result_holds_one_array_twice(x):
    y = x * x
    return y, y


@program(vec(4))
def alias_by_loop(x):
    current = x
    for _ in range(3):
        following = current * 0.5
        following[0] = current[1] ** 2
        current = following
    return current


@program(vec(5), 3)
def pointers_swapped(u, n):
    """Two buffers that change names each step, as simulation codes do."""
    new = np.zeros(5)
    for _ in range(n):
        for i in range(1, 4):
            new[i] = u[i] + 0.2 * (u[i + 1] - 2.0 * u[i] + u[i - 1]) * u[i]
        new[0] = u[0]
        new[4] = u[4]
        u, new = new, u
    return u


@program(vec(5), vec(5, 1), 3)
def leapfrog_with_three_buffers(previous, current, n):
    for _ in range(n):
        following = np.zeros(5)
        following[1:-1] = (
            2.0 * current[1:-1] - previous[1:-1] + 0.1 * (current[2:] - 2 * current[1:-1] + current[:-2]) ** 2
        )
        previous, current = current, following
    return current


@program(vec(4))
def old_value_kept_by_copy(x):
    y = x * 1.0
    for _ in range(3):
        old = y.copy()
        y[1:] = y[1:] * old[:-1]
        y[0] = old[-1]
    return y


@program(mat(3, 3))
def row_aliased_then_base_written(a):
    b = a * a
    r = b[0]
    s = np.sum(r)
    b[0, 1] = a[2, 2]
    return s * r


@program(vec(4))
def alias_of_a_constant_array(x):
    y = np.ones(4)
    z = y
    z[1:] = x[1:] ** 2
    return y


@program(vec(4))
def argument_returned_and_written(x):
    y = x
    x = x * 2.0
    y[0] = 3.0 * x[1]
    return x, y


@program(1.3)
def number_read_from_a_dict_gets_a_name(x):
    entries = {"u": x * 2.0}
    y = entries["u"]
    z = x * 5.0 * x
    return entries["u"] * y * z


@program(1.3)
def numbers_of_a_list_get_names_in_a_loop(x):
    values = [x * 2.0, x * 3.0]
    total = 0.0
    for v in values:
        total += v * v * x
    scaled = [v * x for v in values]
    first, second = values
    return total * values[0] * scaled[0] + values[1] * first * second


@program(1.3)
def argument_named_again(x):
    def cube_of(v):
        w = v
        u = v * w * v
        return v * w * u

    return cube_of(x * 2.0)


@program(1.3)
def closure_and_attribute_named_again(x):
    def keep(p):
        return lambda: p

    kept = keep(x * 2.0)
    y = kept()
    z = x * 5.0 * x
    pair = (z * x, y)
    w = pair[0]
    return kept() * y * z + w * pair[0] * z
