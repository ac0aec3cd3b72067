"""Integers, booleans, single precision, complex numbers."""

import math

import numpy as np

from tests.programs import mat, program, vec


@program(3, 0.5, argnums=(1,))
def integer_argument_held(n, x):
    return x**n * n


@program(np.array([1, 2, 3]), vec(3), argnums=(1,))
def integer_array_held(k, x):
    return np.sum(k * x**k)


@program(vec(4), np.array([True, False, True, True]))
def boolean_array(x, keep):
    return np.sum(x * keep) + np.sum(x[keep])


@program(vec(4, dtype=np.float32))
def single_precision(x):
    return np.sin(x) * x


@program(vec(4, dtype=np.float32))
def single_precision_loop(x):
    s = np.float32(0.0)
    for i in range(4):
        s += x[i] * x[i]
    return s


@program(vec(4, dtype=np.float32), vec(4))
def mixed_precision(x, y):
    return x * y


@program(vec(4))
def cast_to_single_and_back(x):
    return x.astype(np.float64) * 2.0 + x.astype(float)


@program(vec(4, dtype=np.float32), 2.0)
def weak_scalar_keeps_single(x, s):
    y = x * s + 1.0
    y[0] = s
    return y


@program(0.7)
def integers_inside(x):
    i = 7 // 2
    j = i % 2
    return x * i + j * x**i + (i > j) * x


@program(7.6)
def truncation_is_constant(x):
    return x * int(x) + math.floor(x) * x + np.floor(x) * x + math.ceil(x)


@program(vec(4) * 5.0)
def rounding_of_arrays(x):
    return x * np.floor(x) + np.round(x) + np.trunc(x) * x


@program(vec(4))
def integer_zeros_promoted(x):
    y = np.zeros(4, dtype=int)
    return y + x


@program(vec(4))
def integer_result_beside(x):
    return np.sum(x), np.argmax(x)


@program(vec(3) + 1j * vec(3, 1))
def complex_array(z):
    return z * z + 1.0 / z


@program(vec(3) + 1j * vec(3, 1))
def modulus_squared(z):
    return np.sum((z * np.conj(z)).real)


@program(vec(3) + 1j * vec(3, 1))
def modulus_and_angle(z):
    return np.abs(z) * np.angle(z)


@program(vec(3), vec(3, 1))
def complex_from_parts(re, im):
    z = re + 1j * im
    return np.abs(np.exp(z)) + (z**2).imag


@program(vec(3) + 1j * vec(3, 1), vec(3))
def complex_with_real(z, x):
    return np.sum(z * x)


@program(mat(2, 2) + 1j * mat(2, 2, 1), vec(2))
def complex_matrix_product(a, x):
    return np.abs(a @ x) ** 2


@program(0.3 + 0.4j, 6)
def julia_iteration(c, n):
    z = 0.1 + 0.0j
    for _ in range(n):
        z = z * z + c * 0.5
    return abs(z)


@program(vec(4))
def complex_buffer(x):
    z = np.zeros(4, dtype=complex)
    for k in range(4):
        z[k] = x[k] * (1.0 + 0.5j) + 1j * x[0]
    return np.sum(z.real * z.imag)


@program(np.float64(0.7))
def numpy_scalar_argument(x):
    return x * x + np.sin(x)


@program(np.array(0.7))
def zero_dimensional_argument(x):
    return x * x + np.sin(x)


@program(True, 0.7, argnums=(1,))
def boolean_arithmetic(b, x):
    return b * x + (not b) * x**2


@program(vec(3))
def constants_of_every_kind(x):
    return x * 2 + x * np.float64(0.5) + x * True + x * np.pi + np.int64(3) * x


@program(vec(4))
def index_computed_from_floats(x):
    k = int(np.sum(x)) % 4
    return x[k] * x[0]


@program(vec(6), 4)
def picked_at_even_distances(x, n):
    places = np.linspace(0, len(x) - 1, n, dtype=int)
    return np.sum(x[places] ** 2)


@program(1.3, 7)
def even_whole_numbers(x, n):
    return x * np.sum(np.linspace(0, n, 4, dtype=int)) + x * np.geomspace(1.0, 8.5, 4, dtype=int)[2]


@program(1.3)
def real_part_of_a_complex_line(x):
    return np.sum(np.real(np.linspace(x * (1 + 1j), 2.0, 3)) ** 2) + np.linspace(x, 2.0, 3, dtype=complex)[1].real
