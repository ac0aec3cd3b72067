"""Functions as packages write them: signatures, decorators, dispatch, higher order."""

import functools
import math
import operator
import warnings
from functools import lru_cache, partial, reduce, singledispatch, wraps

import numba
import numpy as np

import adgen
from tests.programs import mat, program, vec


def only_keywords(x, *, scale=1.0, shift):
    return scale * x + shift


def only_positional(x, y=2.0, /, z=3.0, *rest, **options):
    return x * y + z * sum(rest) + options.get("w", 0.0)


def remembers(value, history=[]):
    history.append(value)
    return sum(history[-1:])


def vectorised_norm(*components):
    return math.sqrt(sum(c * c for c in components))


def scaled(factor):
    def decorate(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            return factor * function(*args, **kwargs)

        return wrapper

    return decorate


def validated(function):
    @wraps(function)
    def wrapper(x, *args, **kwargs):
        if not isinstance(x, (float, int, np.ndarray)):
            raise TypeError(f"{function.__name__} takes numbers")
        return function(x, *args, **kwargs)

    return wrapper


class counted:
    """A decorator with state."""

    def __init__(self, function):
        functools.update_wrapper(self, function)
        self.function = function
        self.calls = 0

    def __call__(self, *args):
        self.calls += 1
        return self.function(*args)


@scaled(2.0)
@validated
def decorated(x, power=2):
    return x**power


@counted
def counted_square(x):
    return x * x


@lru_cache(maxsize=None)
def cached_cube(x):
    return x**3


@functools.cache
def weights_of_order(n):
    return [1.0 / (k + 1) for k in range(n)]


@numba.njit
def compiled_kernel(x, y):
    return x * math.exp(-y)


@numba.vectorize
def compiled_ufunc(x, y):
    return x * y + math.sin(x)


@numba.njit(fastmath=True)
def compiled_loop(x):
    s = 0.0
    for i in range(x.shape[0]):
        s += compiled_kernel(x[i], 0.5) * i
    return s


@singledispatch
def area(shape):
    raise TypeError(shape)


@area.register
def _(shape: float):
    return math.pi * shape**2


@area.register(tuple)
def _(shape):
    return shape[0] * shape[1]


def rk4(f, y, t, h, *args):
    k1 = f(t, y, *args)
    k2 = f(t + h / 2, y + h / 2 * k1, *args)
    k3 = f(t + h / 2, y + h / 2 * k2, *args)
    k4 = f(t + h, y + h * k3, *args)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def newton(f, df, x, steps=6):
    for _ in range(steps):
        x = x - f(x) / df(x)
    return x


def compose(*functions):
    return reduce(lambda f, g: lambda x: g(f(x)), functions)


def simpson(f, a, b, n=8):
    h = (b - a) / n
    total = f(a) + f(b)
    for k in range(1, n):
        total += (4 if k % 2 else 2) * f(a + k * h)
    return total * h / 3


def jacobi(matrix, b, sweeps=3, callback=None):
    x = np.zeros_like(b)
    d = np.diag(matrix)
    for _ in range(sweeps):
        x = (b - (matrix @ x - d * x)) / d
        if callback is not None:
            callback(x)
    return x


BASIS = [lambda _: 1.0, lambda x: x, lambda x: x * x - 1.0]
UNITS = {"m": lambda v: v, "cm": lambda v: v / 100.0, "inch": lambda v: v * 0.0254}
OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


@program(0.7, 1.3)
def keyword_only_parameters(x, y):
    return only_keywords(x, shift=y) + only_keywords(y, scale=x, shift=1.0)


@program(0.7, 1.3)
def positional_only_and_rest(x, y):
    return only_positional(x) + only_positional(x, y, 1.0, x, y, w=x * y)


@program(0.7, 1.3)
def star_arguments_spread(x, y):
    args = (x, y)
    options = {"w": x}
    return only_positional(*args, *[2.0, x], **options, v=1.0) + vectorised_norm(*args, 1.0)


@program(0.7, 1.3)
def decorated_with_arguments(x, y):
    return decorated(x) + decorated(y, power=3)


@program(0.7)
def decorated_by_a_class(x):
    return counted_square(x) + counted_square(2.0 * x)


@program(0.7)
def cached_functions(x):
    return cached_cube(x) * sum(w * x for w in weights_of_order(3))


@program(0.7, 1.3, order2=True)
def compiled_callee(x, y):
    return compiled_kernel(x, y) * compiled_kernel(y, x)


@program(vec(4))
def compiled_callee_with_a_loop(x):
    return compiled_loop(x)


@program(vec(3), vec(3, 1))
def compiled_ufunc_of_the_user(x, y):
    return compiled_ufunc(x, y)


@program(0.7, 1.3)
def dispatched_on_the_type(r, w):
    return area(r) + area((r, w))


@program(0.7, 1.3)
def solver_with_extra_arguments(y, k):
    def decay(t, y, rate, power):
        return -rate * y**power + t

    t = 0.0
    for _ in range(4):
        y = rk4(decay, y, t, 0.1, k, 2)
        t += 0.1
    return y


@program(vec(2), 1.3)
def solver_of_a_system(y, k):
    return rk4(lambda _, u: np.array([u[1], -k * np.sin(u[0])]), y, 0.0, 0.1)


@program(2.0, order2=True)
def newton_of_closures(a):
    return newton(lambda x: x * x - a, lambda x: 2.0 * x, 1.5)


@program(0.7)
def composed_functions(x):
    return compose(math.sin, lambda v: v * v, math.exp)(x)


@program(0.2, 1.3)
def quadrature_of_a_closure(a, b):
    return simpson(lambda t: math.exp(-b * t * t), a, b)


@program(mat(3, 3) + 3.0 * np.eye(3), vec(3))
def solver_with_a_callback(matrix, b):
    norms = []
    x = jacobi(matrix, b, callback=lambda x: norms.append(np.sum(x * x)))
    return norms[0] + norms[-1] * x[0]


@program(0.7, vec(3))
def table_of_basis_functions(x, c):
    return sum(c[k] * phi(x) for k, phi in enumerate(BASIS))


@program(70.0)
def table_of_converters(v):
    return sum(UNITS[name](v) for name in ("m", "cm", "inch"))


@program(0.7, 1.3)
def reverse_polish(x, y):
    stack = []
    for token in ["x", "y", "+", "x", "*", "y", "/", "x", "-"]:
        if token in OPERATORS:
            b, a = stack.pop(), stack.pop()
            stack.append(OPERATORS[token](a, b))
        else:
            stack.append({"x": x, "y": y}[token])
    return stack.pop()


@program(0.7, 1.3)
def partial_of_partials(x, y):
    first = partial(only_keywords, scale=x)
    second = partial(first, shift=y)
    return second(2.0) + partial(math.pow, x)(y) + second.keywords["shift"]


@program(vec(3))
def operators_as_functions(x):
    a, b, c = x
    s = operator.add(a, operator.mul(b, c))
    s = operator.sub(s, operator.truediv(a, b))
    s = operator.iadd(s, operator.neg(c))
    return s * operator.pow(a, 2) + operator.itemgetter(1)((a, b)) + operator.abs(operator.pos(b))


@program(0.7, 1.3)
def getters_of_operator(x, y):
    pick = operator.itemgetter("b", "a")
    b, a = pick({"a": x, "b": y})
    return a * b + operator.attrgetter("real")(x) + operator.methodcaller("conjugate")(y)


@program(0.7)
def recursion_on_an_integer(x):
    def power(x, n):
        if n == 0:
            return 1.0
        half = power(x, n // 2)
        return half * half * (x if n % 2 else 1.0)

    return power(x, 7)


@program(0.7)
def legendre_by_recursion(x):
    @lru_cache(maxsize=None)
    def legendre(n):
        if n < 2:
            return (1.0, x)[n]
        return ((2 * n - 1) * x * legendre(n - 1) - (n - 1) * legendre(n - 2)) / n

    return legendre(4)


@program(mat(3, 3) + 3.0 * np.eye(3))
def determinant_by_minors(a):
    def det(m):
        n = m.shape[0]
        if n == 1:
            return m[0, 0]
        total = 0.0
        for j in range(n):
            minor = np.concatenate((m[1:, :j], m[1:, j + 1 :]), axis=1)
            total += (-1) ** j * m[0, j] * det(minor)
        return total

    return det(a)


@program(vec(8))
def fourier_transform_by_halves(x):
    def fft(v):
        n = len(v)
        if n == 1:
            return v.astype(complex)
        even, odd = fft(v[::2]), fft(v[1::2])
        twiddle = np.exp(-2j * np.pi * np.arange(n // 2) / n)
        return np.concatenate((even + twiddle * odd, even - twiddle * odd))

    return np.abs(fft(x)[1]) ** 2


@program({"value": 0.7, "children": [{"value": 1.3, "children": []}, {"value": 0.4, "children": []}]})
def recursion_over_a_tree(node):
    def total(node):
        return node["value"] ** 2 + sum(0.5 * total(child) for child in node["children"])

    return total(node)


@program(0.7, 1.3)
def mutual_recursion_of_nested_functions(x, y):
    def f(n):
        return x if n == 0 else x * g(n - 1)

    def g(n):
        return y if n == 0 else y + f(n - 1)

    return f(5)


@program(0.7)
def conditional_function(x):
    kernel = math.sin if x > 0.5 else math.cos
    return kernel(x)


@program(0.7, 1.3)
def default_arguments_that_compute(x, y):
    def damped(t, rate=x * y, phase=0.1):
        return math.exp(-rate * t) * math.cos(phase + t)

    return damped(0.5) + damped(0.5, phase=y)


@program(0.7)
def mutable_default(x):
    return remembers(x) + remembers(x * x)


@program(0.7, jit=False)
def warns_and_logs(x):
    if x < 0:
        warnings.warn("negative", stacklevel=2)
    label = f"x={x:.3f}"
    assert label, "no label"
    return x * len("abc")


@program(0.7, 1.3)
def returns_several_kinds(x, y):
    def stats(values, full=False):
        mean = sum(values) / len(values)
        if full:
            return mean, sum((v - mean) ** 2 for v in values)
        return mean

    mean, spread = stats([x, y, x * y], full=True)
    return mean * spread + stats((x, y))


@program(0.7, 1.3)
def method_resolution_of_a_pipeline(x, y):
    steps = [("scale", lambda v, k=x: v * k), ("shift", lambda v, k=y: v + k), ("square", lambda v: v**2)]
    value = 2.0
    for _name, step in steps:
        value = step(value)
    return value


@program(0.7, 1.3)
def curried(x, y):
    add = lambda a: lambda b: lambda c: a * b + c  # noqa: E731
    return add(x)(y)(x * y)


@program(0.7)
def two_lambdas_on_a_line(x):
    f, g = (lambda v: v * v), (lambda v: math.sin(v))
    return f(x) + g(f(x))


@program(0.7, 1.3)
def pow_with_three_arguments(x, y):
    k = pow(3, 5, 7)
    q, r = divmod(17, 5)
    return x**k + y**q * r + round(2.567, 1) * x + int("12") + float("1.5") * y


@program(2.7, 1.3)
def floor_division_and_remainder(x, y):
    q, r = divmod(x, y)
    return q * y + r**2 + x % 1.1 + x // 0.4


@program(0.7, 1.3)
def functions_of_math(x, y):
    values = [x, y, x * y]
    return math.fsum(values) + math.prod(values) + math.hypot(*values) + math.dist((x, y), (0.1, 0.2))


@program(0.7, 1.3, 1.1)
def extremes_with_keys(x, y, z):
    table = {"a": 1, "b": 5, "c": 3}
    best = max(table, key=table.get)
    low = min(["xx", "y"], key=len)
    return {"a": x, "b": y, "c": z}[best] ** 2 + len(low) * max([], default=x)


CURVATURE = adgen.hvp(lambda x: np.sum(x**3) * x[0])


@program(np.array([1.0, 2.0, 3.0]))
def product_with_a_hessian(x):
    return np.sum(CURVATURE(x, np.sin(x)) * x)


@numba.vectorize
def at_least(x, low):
    return max(x * x, low)


@numba.vectorize
def one_more_than_at_least(x):
    return at_least(x, 0.5) + 1.0


@program(np.array([0.1, 1.5, 0.3]), 2.0)
def vectorized_by_numba(x, a):
    return np.sum(at_least(x * a, 0.4) * one_more_than_at_least(x)) + at_least(a, 0.1)
