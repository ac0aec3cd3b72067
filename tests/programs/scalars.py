"""Numbers of all kinds, text and flags, mixed as scripts mix them."""

import cmath
import logging
import math

import numpy as np

from tests.programs import program, vec

LOG = logging.getLogger(__name__)


@program(0.7, 3)
def integers_and_floats(x, n):
    half = n // 2
    return x**n * (n % 2) + half * x / n + -n * x


@program(np.float64(0.7), np.float64(1.3))
def numpy_doubles(x, y):
    return np.sin(x) * y + x.item() * float(y)


@program(np.float32(0.7), 2.0)
def single_and_python_floats(x, y):
    return x * y


@program(0.7 + 0.2j)
def complex_number(z):
    w = z * z.conjugate() + cmath.exp(z)
    return w.real * w.imag + abs(z)


@program(0.7, 1.3)
def complex_made_of_reals(re, im):
    z = complex(re, im)
    return (z * z).imag + abs(z) ** 2 + (1j * z).real


@program(0.7, True)
def flag_as_a_number(x, on):
    return x * on + (x > 0.5) * x**2 + int(on) + bool(3) * x


@program(0.7, None)
def optional_argument(x, scale):
    if scale is None:
        scale = 2.0
    return x * scale


@program(0.7, "exp")
def text_argument(x, kind):
    kind = kind.strip().lower()
    if kind.startswith("e") and kind in ("exp", "expm1"):
        return math.exp(x)
    if kind == "sin":
        return math.sin(x)
    raise ValueError(f"unknown {kind!r}")


@program(vec(3), "forward")
def text_through_a_match(x, side):
    match side:
        case "forward" | "fwd":
            return x[1:] - x[:-1]
        case "central":
            return (x[2:] - x[:-2]) / 2
        case _:
            raise ValueError(side)


@program(0.7)
def logging_and_printing(x):
    LOG.debug("x is %s", x)
    LOG.info("starting")
    y = x * x
    LOG.warning("y") if False else None
    return y


@program(0.7)
def text_formatted(x):
    name = "run_{}_{:02d}".format("a", 3)
    title = "%s-%d" % (name, 2)
    parts = ", ".join([title.upper(), str(3), repr("b"), format(2.5, ".1f")])
    return x * len(parts) + len(name.split("_"))


@program(vec(4))
def slices_as_values(x):
    inner = slice(1, -1)
    left, right = slice(None, -1), slice(1, None)
    return x[inner].sum() * (x[right] - x[left])


@program(vec(4, 0, np.float32), 2.0)
def single_precision_array(x, y):
    return x * y + np.float32(1.5)


@program(vec(4), np.array([3, 1, 2, 0]), np.array([True, False, True, True]))
def integer_and_bool_arrays(x, order, keep):
    return np.sum(x[order] * keep) + x[keep].prod() + order.max() * x[order[0]]


@program(vec(3).astype(complex) + 0.3j)
def complex_array(z):
    return np.sum(z * np.conj(z)).real + (z[0] * z[1]).imag


@program(0.7, 5)
def integer_arithmetic_decides(x, n):
    total = 0.0
    while n > 1:
        total += x * n
        n = n // 2 if n % 2 == 0 else 3 * n + 1
    return total


@program(0.7, 12)
def bits_of_an_integer(x, n):
    result, base = 1.0, x
    while n:
        if n & 1:
            result *= base
        base *= base
        n >>= 1
    return result


@program(0.7, 1.3)
def chained_comparisons(x, y):
    if 0.0 < x < y <= 2.0 != x:
        return x * y
    return x + y


@program(0.7, 0)
def truth_of_numbers(x, y):
    return (y or x) * 2.0 + (x and x * x) + (1.0 if not y else 3.0)


@program(1.7)
def rounded_and_truncated(x):
    return x * math.floor(x) + int(x) * x + math.trunc(x) + round(x) + math.ceil(x) * x**2


@program(0.7)
def constants_of_math(x):
    return math.pi * x**2 + math.e * math.tau - math.inf * 0.0 if x > math.inf else math.pi * x


@program(0.7, 1.3)
def assignment_chains(x, y):
    a = b = x * y
    a += 1.0
    c, d = e = (a, b)
    return a * b + c * d + e[0]


@program(0.7)
def annotated_and_asserted(x: float) -> float:
    y: float = x * x
    z: "np.ndarray | None" = None
    assert z is None
    assert y > 0, "positive"
    return y


@program(vec(3))
def scalar_extracted_from_arrays(x):
    a = float(x[0])
    b = x[1:2].item()
    c = x[2].item()
    return a * b + c * float(np.max(x))


@program(0.7, 1.3)
def isclose_and_isnan(x, y):
    if math.isnan(x) or math.isclose(x, y) or not math.isfinite(y):
        return x
    return x * y


@program(vec(3))
def shape_arithmetic(x):
    n = len(x)
    m, k = x.size, x.ndim
    return x.sum() / n + np.full(m, 2.0) * k * x[n - 1]


@program(np.array(0.7), 1.3)
def array_without_axes(x, y):
    return x * y + x[()]


@program(0.7)
def text_of_a_number_is_kept(x):
    label = str(x) + " m"
    if label.endswith("m"):
        return x * 2.0
    return x
