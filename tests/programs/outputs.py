"""What functions return."""

import numpy as np

from tests.programs import mat, program, vec


@program(0.7, 0.3)
def two_scalars(x, y):
    return x * y, x + y


@program(vec(4), 0.3)
def array_and_scalar(x, s):
    return x * s, np.sum(x)


@program(vec(4))
def active_and_constant(x):
    return x * x, 3.0


@program(vec(4))
def active_and_integer(x):
    return x * x, len(x)


@program(vec(4))
def nested_tuples(x):
    return (x * x, (x[0], np.sum(x))), x[1]


@program(vec(4))
def dictionary_result(x):
    return {"square": x * x, "sum": np.sum(x)}


@program(vec(4))
def list_result(x):
    return [x[0] * x[1], x[2] ** 2]


@program(vec(4))
def one_result_twice(x):
    y = x * x
    return y, y


@program(vec(4))
def argument_among_results(x):
    return x, x * 2.0


@program(0.7)
def constant_result(x):
    return 3.0


@program(0.7, 0.2)
def independent_of_one_argument(x, y):
    return x * x


@program(mat(3, 2))
def matrix_result(a):
    return a.T @ a


@program(vec(4))
def view_as_result(x):
    y = x * x
    return y[1:3]


@program(mat(3, 2))
def transposed_result(a):
    return (a * a).T


@program(vec(4))
def numpy_scalar_result(x):
    return np.sum(x * x)


@program(vec(4))
def zero_dimensional_result(x):
    return np.array(x[0] * x[1])


@program(vec(4), vec(4, 1))
def delivered_by_mutation_of_an_output_argument(x, out):
    for i in range(4):
        out[i] = x[i] ** 2


@program(vec(4), np.zeros(4))
def delivered_over_zeros(x, out):
    out[:] = np.sin(x) * x


@program(vec(4), vec(4, 1))
def mutation_and_a_result(x, y):
    y *= x
    return np.sum(y) * x[0]


@program(0.3)
def boolean_beside_a_value(x):
    return x * x, x > 0.0


@program(0.3)
def text_beside_a_value(x):
    return x * x, "converged"
