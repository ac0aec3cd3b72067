"""Programs that adgen has to refuse; the text that a user reads stands in refused.txt."""

import ctypes
import math
import zlib

import numpy as np

VECTOR = np.array([0.5, 1.5, 2.5])
INTEGERS = np.array([1, 2, 3])
COUNTER = 0.0
CASES = {}


def refused(*args, product="vjp"):
    """Register a function with the arguments at which a derivative is asked for."""

    def register(function):
        CASES[function.__name__] = (function, args, product)
        return function

    return register


@refused(2.0)
def return_in_a_finally_clause(x):
    try:
        y = math.sqrt(x)
    finally:
        return x * x  # noqa: B012
    return y


@refused(2.0)
def raised_again_by_kind(x: float):
    try:
        try:
            y = math.sqrt(x) / (x - 2.0)
        except Exception:
            x = x + 1.0
            raise
    except ValueError:
        y = x * x
    return y


@refused(2.0)
def caught_by_a_value(x):
    try:
        y = math.sqrt(x)
    except x:
        y = x
    return y


@refused(VECTOR)
def generator_beside_another_sequence(x):
    def squares():
        for item in x:
            yield item * item

    return sum(k * v for k, v in zip(range(3), squares()))


@refused(2.0)
def class_inside_a_function(x):
    class Box:
        content = 1.0

    return x * Box.content


@refused(2.0)
async def coroutine(x):
    return x * x


@refused(2.0)
def global_written(x):
    global COUNTER
    COUNTER = x * 2.0
    return COUNTER


@refused(VECTOR)
def float_stored_in_an_integer_array(x):
    y = np.zeros(3, dtype=int)
    y[0] = x[0] * 2.0
    return x * y


@refused(VECTOR)
def complex_stored_in_a_real_array(x):
    y = np.zeros(3)
    y[0] = x[0] * 1j
    return y


@refused(INTEGERS, product="grad")
def integer_array_differentiated(k):
    return np.sum(k * 2.0)


@refused(VECTOR)
def function_without_rule_or_source(x):
    return ctypes.sizeof(ctypes.c_double) * zlib.crc32(x) * x


@refused(2.0)
def undefined_name(x):
    return x * not_defined_anywhere  # noqa: F821


@refused(VECTOR)
def attribute_that_does_not_exist(x):
    return x.sume()


@refused(VECTOR)
def key_that_is_not_there(x):
    table = {"a": x[0]}
    return table["b"]


@refused(VECTOR, 1)
def dict_indexed_at_run_time(x, n):
    table = {0: x[0], 1: x[1]}
    s = 0.0
    for i in range(n):
        s += table[i]
    return s


@refused(VECTOR)
def type_that_differs_between_branches(x):
    if x[0] > 0:
        y = x
    else:
        y = x[0]
    return y * 2.0


@refused(VECTOR)
def too_many_indices(x):
    return x[0, 1]


@refused(VECTOR)
def too_many_values_to_unpack(x):
    a, b = x[0], x[1], x[2]
    return a * b


@refused(VECTOR)
def float_as_an_index(x):
    return x[x[0]]


@refused(VECTOR)
def shape_assigned(x):
    y = x * 2.0
    y.shape = (3, 1)
    return y


@refused(2.0)
def string_returned_in_arithmetic(x):
    return x * "3"


@refused(2.0)
def eval_of_text(x):
    return eval("x * x")


@refused(2.0)
def missing_argument_of_a_helper(x):
    def helper(a, b):
        return a * b

    return helper(x)


@refused(2.0)
def star_expression_of_unknown_length(x):
    items = []
    while x > 0.1:
        x = x * 0.5
        items.append(x)
    return max(*items)


@refused(2.0)
def several_faults_at_once(x):
    y = x * undefined_a  # noqa: F821
    z = x.nothing
    global COUNTER
    COUNTER = x
    return y * z


def helper_with_a_fault(x):
    return x.nothing


@refused(2.0)
def fault_in_a_callee(x):
    y = x * 2.0
    return helper_with_a_fault(y)


@refused(VECTOR)
def object_array(x):
    y = np.empty(3, dtype=object)
    y[0] = x[0]
    return y[0] * 2.0


@refused(2.0)
def recursion_without_end(x):
    return recursion_without_end(x * 0.5) + x


@refused(VECTOR)
def set_of_values(x):
    return sum({x[0], x[1]})
