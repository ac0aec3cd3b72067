"""Expressions and assignments, no control flow."""

import math
from math import cos, exp, hypot

import numpy as np
from numpy import sin as np_sin

from tests.programs import mat, program, signed, vec

GRAVITY = 9.81


@program(1.3, order2=True)
def square(x):
    return x * x


@program(0.7, 1.9, order2=True)
def quotient_of_polynomials(x, y):
    return (x**3 - 2.0 * x * y + 1.0) / (y**2 + 1.0)


@program(0.4, order2=True)
def math_functions(x):
    return math.sin(x) * math.exp(-x) + math.sqrt(x + 1.0) - math.log1p(x) / math.cosh(x)


@program(0.4, 0.9)
def names_imported_from_modules(x, y):
    return cos(x) * exp(y) + hypot(x, y) + np_sin(x * y)


@program(0.3)
def inverse_functions(x):
    return math.asin(x) + math.acos(x) * math.atan(x) + math.atan2(x, 2.0) + math.asinh(x) + math.atanh(x)


@program(2.5)
def special_functions(x):
    return math.lgamma(x) + math.erf(x) * math.gamma(x) + math.erfc(x / 3.0)


@program(1.1, 0.6)
def variable_exponent(x, y):
    return x**y + y**x + 2.0**x


@program(-1.2, more=[(0.8,)])
def integer_powers_of_negative_numbers(x):
    return x**3 + x**2 - x**-1 + x**0


@program(1.7, order2=True)
def reassigned_name(x):
    y = x * x
    y = y + x
    y = y * y
    return y


@program(1.2, order2=True)
def parameter_reassigned(x):
    x = x * 2.0
    x = math.sin(x) + x
    return x


@program(1.2, 0.4)
def augmented_assignments(x, y):
    z = x
    z += y
    z *= x
    z -= 3.0 * y
    z /= y + 2.0
    z **= 2
    return z


@program(0.9)
def chained_assignment(x):
    a = b = x * x
    a = a + 1.0
    return a * b


@program(0.9, 0.2)
def tuple_assignment(x, y):
    a, b = x + y, x - y
    a, b = b * a, a
    return a + 3.0 * b


@program(0.9, 0.2, 0.5)
def nested_unpacking(x, y, z):
    (a, b), c = (x * y, y * z), z * x
    return a * b - c


@program(1.4)
def unused_results(x):
    ignored = math.exp(x)
    _ = ignored * 3.0
    return x * 2.0


@program(1.4)
def shared_subexpression(x):
    return math.exp(x) * math.exp(x) + math.exp(x)


@program(1.4)
def one_variable_many_times(x):
    return x * x * x * x + x / (x + x) - (x - -x)


@program(0.6, order2=True)
def global_constants(x):
    return 0.5 * GRAVITY * x**2 + math.pi * x + np.e


@program(0.6, 2.0)
def constant_result_of_some_arguments(x, y):
    return x * math.floor(y + 0.5) + round(1.4) * x


@program(7.3, 2.0)
def modulo_and_floor_division(x, y):
    return x % y + (x // y) * y * 0.5


@program(-0.8, more=[(0.8,)])
def absolute_value(x):
    return abs(x) * x + math.fabs(x)


@program(1.5, 0.5)
def smallest_and_largest(x, y):
    return min(x, y) * 2.0 + max(x, y, 1.0) ** 2


@program(vec(4), order2=True)
def elementwise_chain(x):
    y = np.sin(x)
    z = np.exp(-y) * x
    return z / (1.0 + z * z)


@program(signed(5), vec(5))
def elementwise_two_arrays(x, y):
    return x * y - x / y + np.hypot(x, y) + np.arctan2(x, y)


@program(vec(3))
def unary_minus_and_plus(x):
    return -(+x) * -x


@program(vec(3), 2.0)
def conversion_to_float(x, y):
    return float(x[0]) * y + float(y) * x[1]


@program(0.3, 0.4)
def complex_modulus_by_hand(re, im):
    for_real = re * re - im * im
    for_imaginary = 2 * re * im
    return math.sqrt(for_real**2 + for_imaginary**2)


@program(52.0, 13.0, 48.0, 2.0)
def haversine_distance(lat1, lon1, lat2, lon2):
    """As found in many scripts: degrees in, kilometres out."""
    p1, p2 = math.radians(lat1), math.radians(lat2)
    dp = p2 - p1
    dl = math.radians(lon2 - lon1)
    a = math.sin(dp / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(dl / 2) ** 2
    return 6371.0 * 2 * math.asin(math.sqrt(a)) / 1000.0


@program(100.0, 95.0, 0.5, 0.02, 0.3)
def black_scholes_call(s, k, t, r, sigma):
    d1 = (math.log(s / k) + (r + 0.5 * sigma**2) * t) / (sigma * math.sqrt(t))
    d2 = d1 - sigma * math.sqrt(t)
    cdf1 = 0.5 * (1.0 + math.erf(d1 / math.sqrt(2.0)))
    cdf2 = 0.5 * (1.0 + math.erf(d2 / math.sqrt(2.0)))
    return s * cdf1 - k * math.exp(-r * t) * cdf2


@program(vec(6), order2=True)
def softmax(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


@program(1.7)
def assert_and_docstring(x):
    """Text and assertions stay out of the derivative."""
    assert x > 0, "positive only"
    return math.log(x)


@program(1.7)
def annotated_names(x: float) -> float:
    y: float = x * x
    z: float
    z = y + 1.0
    return z * y


@program(0.8)
def walrus(x):
    return (y := x * x) * 2.0 + y


@program(0.8)
def deleted_name(x):
    y = x * 3.0
    z = y * y
    del y
    return z


@program(0.3 + 0.4j, 1.1 - 0.2j)
def complex_arithmetic(z, w):
    return z * w + z / w - 2.0 * z**2


@program(0.3, 0.4)
def complex_inside(x, y):
    z = complex(x, y)
    w = z * z + 1j * z
    return w.real * w.imag


@program(mat(3, 2), vec(2))
def series_of_each_column(c, x):
    both = np.polynomial.polynomial.polyval(x, c) * np.polynomial.chebyshev.chebval(x, c)
    return np.sum(both**2) + np.sum(np.polynomial.legendre.legval(x[:2], c, tensor=False) ** 3)
