"""Arrays of rank 0: written in place, seen through views, carried by loops."""

import numpy as np

from tests.programs import program, vec


@program(vec(3), order2=True)
def overwritten_by_a_function_of_itself(x):
    z = np.array(x[0])
    z[...] = np.cos(z)
    return z[()] * x[1]


@program(vec(3))
def augmented(x):
    z = np.array(x[0])
    z += x[1]
    z *= x[2]
    return z[()] * x[0]


@program(vec(4))
def augmented_in_a_loop(x):
    z = np.array(x[0])
    for i in range(4):
        t = np.sin(z)
        z += t * x[i]
    return z


@program(vec(4))
def element_of_rank_0_in_a_loop(x):
    z = np.zeros(())
    for v in x:
        z[()] = z * v + v
    return z * 2.0


@program(vec(4))
def two_names(x):
    z = np.array(x[0])
    w = z
    w += x[1]
    z[...] -= w * x[2]
    return z + w


@program(vec(4))
def reshaped_to_rank_0(x):
    z = x[0:1].reshape(())
    z *= x[1]
    return x.sum() * z


@program(vec(4), jit=False)
def ellipsis_gives_a_view_of_an_element(x):
    z = x[1, ...]
    w = z[...]
    w += x[0]
    return z * x.sum()


@program(vec(4))
def filled_and_copied_to(x):
    z = np.array(x[0])
    z.fill(x[1])
    np.copyto(z, z * x[2])
    np.multiply(z, x[3], out=z)
    return z * x[2]


@program(vec(4))
def tested_before_it_grows(x):
    z = np.array(x[-1])
    for _ in range(3):
        if z[()] > 5.0:
            return x.sum()
    z += 0.3 * z
    return z * x[0]


@program(1.5, 0.7, more=[(0.0, 0.7)])
def single_elements_chosen_by_bools(x, y):
    x, y = np.asarray(x), np.asarray(y)
    r = np.hypot(x, y)
    angle = np.empty_like(r)
    bad = np.isclose(x, 1e3) | np.isclose(y, 1e3)
    angle[~bad] = np.arctan(r[~bad] * y[~bad])
    angle[~bad] += np.sin(angle[~bad]) * r[~bad]
    angle[bad] = np.pi / 2
    return angle * x


@program(0.05, more=[(1.5,)])
def number_that_can_not_be_written_into(x):
    y = np.sin(np.asarray(x))
    small = abs(y) < 0.1
    try:
        y[small] = np.sign(y[small])
    except TypeError:
        if small:
            y = 7.0 * y
    return y


@program(1.5, 0.7)
def single_element_added_to_by_a_bool(x, y):
    x = np.asarray(x)
    a = np.empty_like(x)
    bad = np.isclose(x, 1e3)
    a[~bad] = np.arctan(y)
    a[~bad] += np.sin(a[~bad])
    return a * x
