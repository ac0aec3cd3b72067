"""Differentiated by what stands in containers and objects: models, records, nested parameters."""

import dataclasses
import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from tests.programs import mat, positive_definite, program, vec


class Dense:
    def __init__(self, w, b, activation=np.tanh):
        self.w, self.b, self.activation = w, b, activation

    def __call__(self, x):
        return self.activation(self.w @ x + self.b)


class Perceptron:
    """Layers in a list, a name, a flag: as written in tutorials."""

    def __init__(self, layers, scale=1.0, name="net"):
        self.layers = layers
        self.scale = scale
        self.name = name
        self.trained = False

    def predict(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.scale * x

    def loss(self, x, y):
        return np.sum((self.predict(x) - y) ** 2)


class Filter:
    """A Kalman filter of one dimension, whose state is written."""

    def __init__(self, q, r):
        self.q, self.r = q, r
        self.mean = 0.0
        self.variance = 1.0

    def update(self, z):
        self.variance = self.variance + self.q
        gain = self.variance / (self.variance + self.r)
        self.mean += gain * (z - self.mean)
        self.variance *= 1.0 - gain
        return self.mean


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a, b):
        self.a, self.b = a, b

    def value(self, x):
        return self.a * math.exp(-self.b * x)


@dataclass
class Kernel:
    length: float
    amplitude: float = 1.0
    jitter: float = 0.01
    name: str = "rbf"

    def __post_init__(self):
        if self.length <= 0 or self.jitter < 0:
            raise ValueError("length must be positive")
        self.precision = 1.0 / self.length

    def __call__(self, x, y):
        d = (x[:, None] - y[None, :]) * self.precision
        return self.amplitude * np.exp(-0.5 * d * d)


@dataclass
class Regression:
    kernel: Kernel
    noise: float

    def log_likelihood(self, x, y):
        k = self.kernel(x, x) + (self.noise + self.kernel.jitter) * np.eye(len(x))
        return -0.5 * y @ np.linalg.solve(k, y) - 0.5 * np.linalg.slogdet(k)[1]


@dataclass(frozen=True)
class Component:
    mass: float
    position: np.ndarray


@dataclass
class System:
    components: list = field(default_factory=list)
    constants: dict = field(default_factory=dict)


class Options(NamedTuple):
    rate: float
    weights: np.ndarray
    steps: int = 3


class Matrix:
    def __init__(self, rows):
        self.rows = rows

    def __matmul__(self, other):
        columns = list(zip(*other.rows))
        return Matrix([[sum(a * b for a, b in zip(row, col)) for col in columns] for row in self.rows])

    def trace(self):
        return sum(self.rows[i][i] for i in range(len(self.rows)))


def network():
    return Perceptron([Dense(mat(3, 2), vec(3)), Dense(mat(1, 3), vec(1), np.sin)], 0.7)


@program(network(), vec(2), 0.3)
def model_with_layers(model, x, y):
    return model.loss(x, y)


@program(network(), vec(2))
def prediction_of_a_model(model, x):
    return model.predict(x)


@program(Filter(0.1, 0.4), vec(4))
def filter_whose_state_is_written(f, zs):
    total = 0.0
    for k in range(4):
        total += f.update(zs[k]) ** 2
    return total


@program(Filter(0.1, 0.4), vec(6), more=((Filter(0.2, 0.3), vec(3)),))
def filter_in_a_residual_loop(f, zs):
    total = 0.0
    for z in zs:
        total += f.update(z) ** 2
    return total + f.variance


@program(Slotted(0.7, 1.3), 0.4)
def object_with_slots(s, x):
    return s.value(x)


@program(Slotted.value, Slotted(0.7, 1.3), 0.4)
def method_as_an_argument(method, s, x):
    return method(s, x)


@program(Kernel(0.7, 1.3), vec(3))
def dataclass_with_derived_attributes(kernel, x):
    return np.sum(kernel(x, x))


@program(Regression(Kernel(0.7, 1.3), 0.2), np.array([0.1, 0.5, 1.2]), vec(3))
def nested_dataclasses(model, x, y):
    return model.log_likelihood(x, y)


@program(System([Component(0.7, vec(2)), Component(1.3, vec(2, 1))], {"G": 0.9}))
def records_in_a_list_in_a_record(system):
    a, b = system.components
    r = np.sqrt(np.sum((a.position - b.position) ** 2))
    return -system.constants["G"] * a.mass * b.mass / r


@program(Options(0.1, vec(3)), vec(3))
def named_tuple_of_options(options, x):
    for _ in range(options.steps):
        x = x - options.rate * options.weights * x
    return x


@program(Matrix([[0.7, 1.3], [0.4, 0.9]]), Matrix([[1.1, 0.2], [0.6, 0.5]]))
def objects_with_lists_of_lists(a, b):
    return (a @ b @ a).trace()


@program({"encoder": [{"w": mat(2, 2), "b": vec(2)}], "decoder": {"w": mat(1, 2)}, "depth": 2}, vec(2))
def deep_dictionary(params, x):
    for _ in range(params["depth"]):
        for layer in params["encoder"]:
            x = np.tanh(layer["w"] @ x + layer["b"])
    return (params["decoder"]["w"] @ x)[0]


@program((Slotted(0.7, 1.3), [Slotted(0.4, 0.9)]), 0.5)
def objects_in_tuples_and_lists(pair, x):
    first, (second,) = pair
    return first.value(x) * second.value(first.a)


@program(Filter(0.1, 0.4), 0.7)
def object_returned(f, z):
    f.update(z)
    return f.mean, f


@program(0.7, 1.3)
def object_made_and_returned(a, b):
    s = Slotted(a * b, b)
    s.a += a
    return s


@program(Component(0.7, vec(2)), 0.3)
def frozen_record_replaced_and_returned(c, h):
    return dataclasses.replace(c, position=c.position + h * c.mass)


@program(network(), vec(2), 0.05)
def one_step_of_training(model, x, rate):
    for layer in model.layers:
        layer.b -= rate * np.sum(layer.w)
    return model.loss(x, 0.2)


@program(Regression(Kernel(0.7), 0.2), positive_definite(3))
def attributes_written_on_the_way(model, k):
    model.kernel.length *= 2.0
    model.noise = model.noise + model.kernel.length
    return np.trace(k) * model.noise * model.kernel.length


@program([1.0, 2, 0.5], 0.7)
def integers_in_a_list_stay_integers(c, x):
    return c[0] * x ** c[1] + c[2]
