"""Named tuples, dataclasses, enumerations: records of values."""

import dataclasses
import enum
import math
from collections import namedtuple
from dataclasses import InitVar, asdict, astuple, dataclass, field, replace
from typing import ClassVar, NamedTuple

import numpy as np

from tests.programs import mat, program, vec

Bounds = namedtuple("Bounds", ["low", "high"], defaults=[1.0])  # noqa: PYI024
Vec3 = namedtuple("Vec3", "x y z")  # noqa: PYI024


class State(NamedTuple):
    position: float
    velocity: float = 0.0
    label: str = "free"

    def energy(self, k):
        return 0.5 * self.velocity**2 + 0.5 * k * self.position**2

    @property
    def momentum(self):
        return 2.0 * self.velocity

    @classmethod
    def at_rest(cls, position):
        return cls(position)


@dataclass(frozen=True)
class Gas:
    gamma: float
    molar_mass: float = 0.029
    constant: ClassVar[float] = 8.314

    @property
    def specific(self):
        return self.constant / self.molar_mass

    def speed_of_sound(self, temperature):
        return math.sqrt(self.gamma * self.specific * temperature)


@dataclass
class Beam:
    length: float
    width: float
    height: float
    area: float = field(init=False)
    inertia: float = field(init=False)

    def __post_init__(self):
        self.area = self.width * self.height
        self.inertia = self.width * self.height**3 / 12.0


@dataclass
class Weighted:
    values: list = field(default_factory=list)
    weights: dict = field(default_factory=lambda: {"w": 2.0})
    scale: InitVar[float] = 1.0

    def __post_init__(self, scale):
        self.total = scale * self.weights["w"]

    def add(self, value):
        self.values.append(value)
        return self


@dataclass(slots=True, kw_only=True)
class Orbit:
    semimajor: float
    eccentricity: float = 0.1

    def radius(self, anomaly):
        return self.semimajor * (1.0 - self.eccentricity**2) / (1.0 + self.eccentricity * math.cos(anomaly))


@dataclass(order=True)
class Layer:
    thickness: float
    conductivity: float

    def __add__(self, other):
        return Layer(self.thickness + other.thickness, self.resistance + other.resistance)

    @property
    def resistance(self):
        return self.thickness / self.conductivity


@dataclass
class Base:
    a: float

    def value(self):
        return self.a


@dataclass
class Derived(Base):
    b: float = 2.0

    def value(self):
        return super().value() * self.b


class Scheme(enum.Enum):
    EULER = "euler"
    MIDPOINT = "midpoint"

    @property
    def order(self):
        return 1 if self is Scheme.EULER else 2


class Axis(enum.IntEnum):
    X = 0
    Y = 1
    Z = 2


class Term(enum.Flag):
    DRAG = enum.auto()
    LIFT = enum.auto()


class Planet(enum.Enum):
    EARTH = (5.976, 6.378)
    MARS = (0.642, 3.397)

    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius

    def gravity(self, scale):
        return scale * self.mass / self.radius**2


@program(0.7)
def named_tuple_with_defaults(x):
    b = Bounds(x)
    c = Bounds(low=0.1, high=x * x)
    return b.low * b.high + c.high - c[0]


@program(0.7, 1.3)
def named_tuple_replaced(x, v):
    s = State(x, v)
    s = s._replace(velocity=v - 0.1 * s.position)
    s = s._replace(position=s.position + 0.1 * s.velocity)
    return s.energy(2.0)


@program(0.7, 1.3)
def named_tuple_as_a_dictionary(x, y):
    fields = State(x, y)._asdict()
    return fields["position"] * fields["velocity"] + len(fields["label"])


@program(0.7)
def named_tuple_methods(x):
    s = State.at_rest(x)
    t = State._make([x, x * x, "made"])
    return s.energy(3.0) + t.momentum + len(s._fields)


@program(0.7, 1.3, order2=True)
def named_tuple_unpacked(x, y):
    a, b, c = Vec3(x, y, x * y)
    return a * b * c


@program(State(0.7, 1.3, "ball"))
def named_tuple_returned(state):
    return state._replace(position=state.position + 0.1 * state.velocity)


@program(1.4, 300.0)
def frozen_dataclass_with_property(gamma, temperature):
    return Gas(gamma).speed_of_sound(temperature)


@program(Gas(1.4), 300.0)
def frozen_dataclass_given(gas, temperature):
    return replace(gas, gamma=gas.gamma * 1.1).speed_of_sound(temperature)


@program(2.0, 0.3, 0.2)
def derived_fields(length, width, height):
    beam = Beam(length, width, height)
    return beam.length**3 / (3.0 * beam.inertia) + beam.area


@program(0.7, 1.3)
def default_factories_are_not_shared(x, y):
    one = Weighted(scale=x).add(x)
    two = Weighted().add(y).add(x * y)
    return one.total * sum(one.values) + sum(two.values) * two.weights["w"]


@program(1.5, 0.2)
def slotted_keyword_only(a, e):
    return Orbit(semimajor=a, eccentricity=e).radius(0.4) + Orbit(semimajor=a).radius(0.1)


@program(0.7, 1.3)
def dataclass_operators(x, y):
    wall = Layer(x, 0.5) + Layer(y, 1.5)
    return wall.conductivity * wall.thickness


@program(0.7)
def dataclass_inheritance(x):
    return Derived(x).value() + Derived(x, b=x).value()


@program(0.7, 1.3)
def dataclass_to_dict_and_tuple(x, y):
    layer = Layer(x, y)
    table = asdict(layer)
    first, second = astuple(layer)
    return table["thickness"] * table["conductivity"] + first / second


@program(0.7, 1.3)
def dataclass_replaced(x, y):
    layer = Layer(x, 2.0)
    other = replace(layer, conductivity=y)
    return layer.resistance * other.resistance


@program(0.7, 1.3)
def dataclass_fields_walked(x, y):
    layer = Layer(x, y)
    total = 0.0
    for k, f in enumerate(dataclasses.fields(layer)):
        total += (k + 1) * getattr(layer, f.name) ** 2
    return total


@program(Layer(0.7, 1.3))
def dataclass_in_dataclass_out(layer):
    return Layer(layer.thickness * 2.0, layer.resistance)


@program(Layer(0.7, 1.3), 0.5)
def dataclass_argument_mutated(layer, x):
    layer.thickness += x
    layer.conductivity = layer.conductivity * x
    return layer.resistance


@program([Layer(0.7, 1.3), Layer(0.4, 0.9)])
def list_of_dataclasses(layers):
    total = Layer(0.0, 1.0)
    for layer in layers:
        total = total + layer
    return total.conductivity


@program({"inner": Layer(0.7, 1.3), "w": vec(2)})
def dataclass_in_a_dictionary(params):
    return params["inner"].resistance * np.sum(params["w"])


@program(0.7)
def enumeration_decides(x):
    scheme = Scheme("midpoint")
    if scheme is Scheme.MIDPOINT and scheme == Scheme["MIDPOINT"]:
        return x**scheme.order
    return x


@program(vec(3))
def integer_enumeration_as_index(x):
    return x[Axis.X] * x[Axis.Z] + x[Axis.Y] ** (Axis.Z + 1)


@program(0.7)
def flags_of_terms(x):
    terms = Term.DRAG | Term.LIFT
    total = 0.0
    if Term.DRAG in terms:
        total += x**2
    if terms & Term.LIFT:
        total -= 3.0 * x
    return total


@program(0.7)
def enumeration_with_values(scale):
    return sum(p.gravity(scale) for p in Planet) * Planet.MARS.radius


@program(0.7)
def table_keyed_by_an_enumeration(x):
    weights = {Scheme.EULER: 1.0, Scheme.MIDPOINT: x}
    return sum(weights[s] * x**s.order for s in Scheme)


@program(Scheme.MIDPOINT, 0.7)
def enumeration_argument(scheme, x):
    match scheme:
        case Scheme.EULER:
            return x + 0.1 * x * x
        case Scheme.MIDPOINT:
            return x + 0.1 * (x + 0.05 * x * x) ** 2
    return x


@program(mat(2, 2), vec(2))
def record_of_arrays(a, b):
    system = namedtuple("System", "a b")(a, b)  # noqa: PYI024
    return np.linalg.solve(system.a, system.b)


@program(0.7, 1.3)
def record_carried_through_a_loop(x, v):
    s = State(x, v)
    for _ in range(5):
        s = State(s.position + 0.1 * s.velocity, s.velocity - 0.1 * s.position)
    return s.position


@program(0.7, 1.3, 4, refused="undecided-value")
def dataclass_carried_through_a_loop(x, y, n):
    layer = Layer(x, y)
    for _ in range(n):
        layer = Layer(layer.thickness * 0.9, layer.conductivity + layer.thickness)
    return layer.resistance


@program(0.7)
def record_chosen_by_a_branch(x):
    s = State(x, 1.0) if x > 0.5 else State(1.0, x)
    return s.energy(2.0)
