"""Slices written in place."""

import numpy as np

from tests.programs import cube, mat, program, vec


@program(vec(6), order2=True)
def interior_assigned(x):
    y = np.zeros(6)
    y[1:-1] = x[2:] - x[:-2]
    return y * x


@program(vec(6))
def slice_augmented(x):
    y = x * x
    y[1:4] += x[:3]
    y[::2] *= x[::2]
    y[3:] -= 1.0
    return y


@program(vec(6))
def slice_divided_and_raised(x):
    y = x.copy()
    y[:3] /= x[3:]
    y[1:] **= 2
    return y


@program(vec(6), 0.4)
def slice_set_to_a_scalar(x, s):
    y = x * x
    y[2:5] = s
    return np.sum(y * x)


@program(vec(6))
def slice_set_to_a_constant(x):
    y = x**2
    y[:3] = 1.0
    y[4:] = 0
    return y


@program(vec(6), 4)
def diffusion_in_place(u, n):
    for _ in range(n):
        u[1:-1] = u[1:-1] + 0.2 * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return u


@program(vec(6), 4)
def nonlinear_diffusion_augmented(u, n):
    for _ in range(n):
        u[1:-1] += 0.1 * u[1:-1] * (u[2:] - 2.0 * u[1:-1] + u[:-2])


@program(vec(6))
def overlapping_shift(x):
    x[1:] = x[:-1]
    return x * x


@program(vec(6))
def overlapping_augmented_shift(x):
    x[1:] += x[:-1] * 2.0
    return x


@program(vec(6))
def reversed_onto_itself(x):
    x[:] = x[::-1] * x
    return x


@program(vec(6))
def whole_array_assigned(x):
    y = np.empty(6)
    y[:] = np.sin(x)
    y[...] = y * x
    return y


@program(mat(4, 3))
def rows_assigned(a):
    b = np.zeros((4, 3))
    for i in range(1, 4):
        b[i] = a[i] * a[i - 1]
    return b


@program(mat(4, 3))
def columns_assigned(a):
    b = a.copy()
    b[:, 0] = a[:, 1] * a[:, 2]
    b[:, 1] = 0.0
    b[:, -1] += b[:, 0]
    return b


@program(mat(4, 5))
def block_assigned(a):
    b = np.zeros((4, 5))
    b[1:3, 2:] = a[:2, :3] ** 2
    b[0, ::2] = a[3, ::2]
    return b


@program(mat(3, 4), vec(4))
def row_broadcast_into_a_block(a, v):
    b = a * 2.0
    b[1:] = v
    b[0, :] *= v
    return b


@program(mat(3, 4), vec(3))
def column_broadcast_with_newaxis(a, v):
    b = a.copy()
    b[:, 1:3] = v[:, None] ** 2
    return b * a


@program(mat(5, 5), 3)
def heat_2d_in_place(u, n):
    for _ in range(n):
        u[1:-1, 1:-1] += 0.1 * (u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4.0 * u[1:-1, 1:-1])
        u[0, :] = u[1, :]
        u[-1, :] = 0.0
    return u


@program(mat(4, 4), 2)
def lid_driven_walls(u, n):
    """Boundary conditions as they stand in courses on fluid dynamics."""
    for _ in range(n):
        un = u.copy()
        u[1:-1, 1:-1] = un[1:-1, 1:-1] - 0.1 * un[1:-1, 1:-1] * (un[1:-1, 1:-1] - un[1:-1, :-2])
        u[0, :] = 1
        u[-1, :] = 1
        u[:, 0] = 1
        u[:, -1] = 1
    return u


@program(cube(3, 3, 4))
def three_dimensional_slices(u):
    v = np.zeros_like(u)
    v[1:, :, 1:-1] = u[1:, :, 1:-1] - u[:-1, :, 2:]
    v[..., 0] = u[..., 3] ** 2
    v[0] += u[1]
    return v


@program(vec(8), 3, more=[(vec(8), 0), (vec(8), 8)])
def slice_bounds_from_an_argument(x, k):
    y = x * 1.0
    y[:k] = y[:k] ** 2
    y[k:] *= 3.0
    return y


@program(vec(8))
def slice_bounds_from_a_loop(x):
    y = x.copy()
    for i in range(1, 8):
        y[i:] = y[i:] * y[i - 1]
    return y


@program(vec(8))
def negative_steps(x):
    y = np.zeros(4)
    y[::-1] = x[1::2]
    y[2::-1] += x[:3] ** 2
    return y


@program(vec(6))
def state_saved_per_step(u):
    history = np.zeros((4, 6))
    history[0] = u
    for k in range(1, 4):
        history[k, 1:] = history[k - 1, :-1] * 0.9 + 0.1 * history[k - 1, 1:] ** 2
        history[k, 0] = history[k - 1, -1]
    return history


@program(vec(6), 4)
def double_buffer(u, n):
    new = np.zeros(6)
    for _ in range(n):
        new[1:-1] = u[1:-1] * (u[2:] - u[:-2]) * 0.3 + u[1:-1]
        new[0] = u[0]
        new[-1] = u[-2]
        u = new.copy()
    return u


@program(vec(6))
def whole_array_augmented(x):
    y = x * x
    y += x
    y *= 2.0
    y /= x + 1.0
    y -= y * x
    return y


@program(vec(6))
def whole_argument_augmented(x):
    x *= 2.0
    x += 1.0


@program(vec(5))
def fill_method(x):
    y = x * x
    z = np.zeros(3)
    z.fill(2.0)
    y[:3] *= z
    return y


@program(vec(5), vec(5, 1))
def ufunc_with_out(x, y):
    z = np.empty(5)
    np.multiply(x, y, out=z)
    np.add(z, x, out=z)
    return z


@program(vec(5))
def np_copyto(x):
    y = np.zeros(5)
    np.copyto(y, x * x)
    y[0] = 1.0
    return y


@program(mat(3, 3), 2.0)
def diagonal_filled(a, s):
    b = a.copy()
    for i in range(3):
        b[i, i] = s * a[i, i]
    return b @ b
