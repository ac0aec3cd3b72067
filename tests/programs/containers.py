"""Tuples, lists, dictionaries, comprehensions, records and objects."""

import enum
import math
import types
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tests.programs import mat, program, vec


class Point(NamedTuple):
    x: float
    y: float


@dataclass
class Layer:
    weights: np.ndarray
    bias: np.ndarray


@dataclass(frozen=True)
class Material:
    stiffness: float
    density: float
    name: str = "steel"


class Pendulum:
    """An object with constants as attributes and a method that steps."""

    def __init__(self, length, damping):
        self.length = length
        self.damping = damping

    def acceleration(self, angle, speed):
        return -9.81 / self.length * math.sin(angle) - self.damping * speed

    def energy(self, angle):
        return self.acceleration(angle, 0.0) ** 2


class Accumulator:
    def __init__(self):
        self.total = 0.0

    def add(self, value):
        self.total = self.total + value


PENDULUM = Pendulum(1.2, 0.1)


@program((0.7, 1.3))
def tuple_argument(p):
    return p[0] * p[1]


@program((0.7, (1.3, 2)))
def nested_tuple_argument(p):
    a, (b, n) = p
    return a * b**n


@program([0.7, 1.3, 0.2])
def list_argument(items):
    s = 0.0
    for item in items:
        s += item * item
    return s


@program([vec(3), vec(2)])
def list_of_arrays_argument(arrays):
    s = 0.0
    for a in arrays:
        s += np.sum(a * a)
    return s


@program({"w": mat(2, 3), "b": vec(2)}, vec(3))
def dictionary_of_parameters(params, x):
    return np.sum(np.tanh(params["w"] @ x + params["b"]))


@program([{"w": mat(3, 2), "b": vec(3)}, {"w": mat(1, 3), "b": vec(1)}], vec(2))
def list_of_layers(layers, x):
    for layer in layers:
        x = np.tanh(layer["w"] @ x + layer["b"])
    return x[0]


@program(Point(0.7, 1.3))
def named_tuple_argument(p):
    return p.x * p.y + p[0]


@program(Layer(mat(2, 3), vec(2)), vec(3))
def dataclass_argument(layer, x):
    return np.tanh(layer.weights @ x + layer.bias)


@program(Material(0.7, 1.3), 0.4)
def frozen_dataclass_argument(material, x):
    return math.sqrt(material.stiffness / material.density) * x


@program(0.7, 1.3)
def tuple_as_a_local(x, y):
    pair = (x * y, x + y)
    return pair[0] * pair[1]


@program(0.7)
def named_tuple_as_a_local(x):
    p = Point(x * x, 2.0)
    q = p._replace(y=x)
    return p.x * p.y + q.x * q.y


@program(0.7)
def dataclass_as_a_local(x):
    m = Material(x * x, density=2.0 + x)
    return m.stiffness / m.density


@program(0.7)
def list_literal(x):
    items = [x, x * x, 2.0]
    return items[0] * items[1] + items[-1] * items[0]


@program(0.7)
def list_element_assigned(x):
    items = [x, 0.0, 1.0]
    items[1] = items[0] * x
    items[0] += items[1]
    return items[0] * items[1]


@program(vec(5), more=[(vec(0),)])
def append_in_a_loop(x):
    squares = []
    for item in x:
        squares.append(item * item)
    s = 0.0
    for item in squares:
        s += math.sin(item)
    return s


@program(vec(5))
def append_under_a_condition(x):
    kept = []
    for item in x:
        if item > 0.9:
            kept.append(item**2)
    return sum(kept) + 1.0 * len(kept) * x[0]


@program(0.6, 6)
def trajectory_as_a_list(x, n):
    path = [x]
    for _ in range(n):
        path.append(math.sin(path[-1]) * 1.1)
    return path[-1] * path[2]


@program(0.6)
def trajectory_of_unknown_length(x):
    path = [x]
    while path[-1] < 2.0:
        path.append(path[-1] * 1.4)
    return np.array(path) * len(path)


@program(vec(4))
def list_of_arrays_as_a_stack(x):
    states = [x]
    for _ in range(3):
        states.append(np.sin(states[-1]) * 0.9)
    return np.array(states)


@program(vec(5))
def pop_from_a_list(x):
    stack = []
    for item in x:
        stack.append(item * item)
    y = stack.pop() * 2.0
    while len(stack) > 0:
        y = y * 0.5 + stack.pop()
    return y


@program(vec(4))
def list_comprehension(x):
    return sum([item**2 for item in x])


@program(vec(4))
def comprehension_with_condition(x):
    return np.array([math.exp(v) for v in x if v < 1.2]) * 2.0


@program(vec(4))
def comprehension_over_indices(x):
    y = [x[i] * x[i + 1] for i in range(3)]
    return y[0] * y[2] - y[1]


@program(mat(2, 3))
def nested_comprehension(a):
    return np.array([[a[i, j] * (i + 1) for i in range(2)] for j in range(3)])


@program(0.7)
def array_from_a_list(x):
    r = np.array([[math.cos(x), -math.sin(x)], [math.sin(x), math.cos(x)]])
    return r @ np.array([1.0, x])


@program(vec(3))
def dictionary_as_a_local(x):
    state = {"a": x[0], "b": x[1] ** 2}
    state["c"] = state["a"] * state["b"]
    state["a"] *= 2.0
    return state["c"] + state["a"] * x[2]


@program(0.7, 4)
def dictionary_in_a_loop(x, n):
    state = {"position": x, "speed": 0.0}
    for _ in range(n):
        state["speed"] -= 0.1 * state["position"]
        state["position"] += 0.1 * state["speed"]
    return state["position"]


@program(vec(3))
def loop_over_dictionary_items(x):
    weights = {"a": 0.5, "b": 2.0, "c": -1.0}
    s = 0.0
    for i, (_, w) in enumerate(weights.items()):
        s += w * x[i] ** 2
    return s


@program(0.7)
def constants_in_a_dictionary(x):
    config = {"rate": 0.3, "steps": 4}
    for _ in range(config["steps"]):
        x = x - config["rate"] * math.sin(x)
    return x


@program(0.4, 0.1, 5)
def object_of_the_module(angle, speed, n):
    for _ in range(n):
        speed += 0.05 * PENDULUM.acceleration(angle, speed)
        angle += 0.05 * speed
    return angle


@program(PENDULUM, 0.4, argnums=(1,))
def object_argument(pendulum, angle):
    return pendulum.acceleration(angle, 0.2) * pendulum.length


@program(1.4, 0.4)
def object_made_with_active_attributes(length, angle):
    p = Pendulum(length, 0.1)
    return p.acceleration(angle, 0.2)


@program(vec(4))
def object_with_state(x):
    acc = Accumulator()
    for item in x:
        acc.add(item * item)
    return acc.total


@program(0.4)
def method_that_calls_a_method(angle):
    return PENDULUM.energy(angle)


@program(0.7, 0.2, 0.4)
def tuples_added_and_sliced(x, y, z):
    t = (x, y) + (z,)
    a, b = t[1:]
    return a * b * t[0]


@program(0.7, 0.2)
def zip_of_tuples(x, y):
    s = 0.0
    for a, b in zip((x, y), (2.0, x)):
        s += a * b
    return s


@program(vec(4))
def sum_min_max_of_a_list(x):
    items = [x[0] * x[1], x[2], x[3] ** 2]
    return sum(items) * max(items) - min(items)


@program(0.3, 0.4)
def starred_unpacking(x, y):
    first, *rest = x * y, y, x
    return first * rest[0] + rest[1]


@program(vec(3), vec(3, 1))
def state_as_a_tuple_of_arrays(x, v):
    state = (x, v)
    for _ in range(3):
        position, speed = state
        state = (position + 0.1 * speed, speed - 0.1 * np.sin(position))
    return state[0] * state[1]


@program(vec(4))
def generator_in_sum(x):
    return sum(v * v for v in x)


class Unit(enum.Enum):
    """Members of an Enum decide the code, like strings."""

    METRES = "m"
    FEET = "ft"


PER_METRE = {Unit.METRES: 1.0, Unit.FEET: 3.28084}


@program(3.0, Unit.FEET)
def enum_as_key(x, unit):
    return x * x * PER_METRE[unit] if unit is not Unit.METRES else x


ATOMS = {"H": types.SimpleNamespace(MW=1.008), "O": types.SimpleNamespace(MW=15.999)}


@program({"H": 2.0, "O": 1.3})
def attribute_with_the_name_of_a_flag(counts, MW=None):
    """The global ``ATOMS["H"].MW`` gets a name other than the parameter's."""
    if not MW:
        MW = 0.0
        for symbol, count in counts.items():
            MW += ATOMS[symbol].MW * count * count
    return counts["H"] / MW


@program(vec(3), 0.8)
def list_repeated_then_written(x, y):
    n = len(x)
    v = n * [y, 2.0]
    w = [0.0] * n
    for i in range(n):
        v[i] *= x[i] ** 2
        w[i] = v[i] + y
    total = 0.0
    for i in range(n):
        total += v[i] * w[0]
    return total


@program([{"a": 1.5, "b": 0.3}, {"b": 2.0}])
def set_updated_by_several_keys(entries):
    names = set()
    for entry in entries:
        names.update(entry.keys())
    rows = {name: [0.0] * len(entries) for name in names}
    for i, entry in enumerate(entries):
        for name, value in entry.items():
            rows[name][i] = value * value
    return rows["a"][0] * rows["b"][1] + rows["b"][0]


@program(vec(3))
def list_items_written_in_its_own_loop(x):
    values = [x[0], x[1], x[2]]
    for i, v in enumerate(values):
        if i < 2:
            values[i + 1] = values[i + 1] * v
    return values[2]


@program(vec(3))
def dict_items_written_in_its_own_loop(x):
    known = {"a": x[0], "b": x[1]}
    total = 0.0
    for v in known.values():
        total += v
    for _, v in known.items():
        known["b"] = known["b"] * v
        total += v
    return total + known["b"]


@program(vec(3))
def reversed_list_written_in_its_loop(x):
    values = [x[0], x[1], x[2]]
    for v in reversed(values):
        values[0] = values[0] * v * 2.0
    return values[0]


@program(vec(3))
def list_grows_in_its_own_loop(x):
    values = [x[0]]
    for v in values:
        if len(values) < 4:
            values.append(v * x[1])
    return values[3]


@program(vec(3))
def zipped_array_written_in_the_loop(x):
    total = 0.0
    for _, v in zip(("a", "b", "c"), x):
        x[2] = 3.0 * x[2] * v
        total += v
    return total


@program(vec(5))
def zipped_with_a_range_and_left_early(x):
    for i, s in zip(range(5), x):
        x /= 1.5
        if 0.2 < s < 0.5 + 0.1 * i:
            break
    return np.sum(x * x)


@program(vec(3))
def zipped_lists_written_in_the_loop(x):
    total = 0.0
    values = [x[0], x[1]]
    for a, b in zip(values, values[1:] + [x[2]]):
        values[1] = 7.0 * a
        total += a * b
    return total


@program(1.5, order2=True)
def a_name_for_what_a_dict_and_a_list_hold(x):
    d = {"a": 1.0}
    d["a"] = x * 2.0
    s = d["a"]
    items = [x * x]
    t = items[0]
    return s * d["a"] + t * items[0]


@program([1.0, 2.0, 0.5], vec(3))
def lists_where_numpy_takes_arrays(q, x):
    norm = np.dot(q, q) + np.linalg.norm(q)
    turned = np.cross(q, [1.0, 2.0, 3.0]) + np.outer(q, q)[1]
    return np.sin(q) * norm + turned + x * [1.0, 2.0, 3.0] + np.array([1.0, 2.0, 3.0]) * (x[0], 2.0, 3.0)


@program([1.0, 2.0, 0.5], mat(3, 3))
def lists_among_arrays_that_are_joined(q, m):
    joined = np.concatenate(((q[0],), q[1:], [q[2] * q[0], 1.0]))
    below = np.vstack((m, [[0.0, 0.0, q[1]]]))
    beside = np.hstack([m[0], [m[1, 1] * 2.0, 1.0]])
    return joined * beside + below[3] @ np.mean([m[0], m[1]], axis=0) + np.where(np.array(q) > 0.7, q, 1.0)[1]


@program([1.0, 2.0, 0.5], mat(3, 3))
def list_stacked_below_a_matrix(q, m):
    return np.vstack((m, (0.0, q[0], q[1] * q[2]))) * 2.0


@program(vec(4))
def a_copy_of_a_list_of_unknown_length(x):
    squares = [v * v for v in x]
    copied = list(squares)
    copied[0] = copied[1] * 3.0
    return copied[2] * squares[0] + copied[0]
