"""Classes of users: operators, properties, inheritance, state, construction inside the function."""

import abc
import functools
import math
from typing import Generic, Protocol, TypeVar

import numpy as np

from tests.programs import mat, program, vec

T = TypeVar("T")


class Vector:
    """A vector of the plane, as hobby codes write it."""

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y)

    def __mul__(self, other):
        if isinstance(other, Vector):
            return self.x * other.x + self.y * other.y
        return Vector(self.x * other, self.y * other)

    __rmul__ = __mul__

    def __truediv__(self, s):
        return Vector(self.x / s, self.y / s)

    def __neg__(self):
        return Vector(-self.x, -self.y)

    def __abs__(self):
        return math.hypot(self.x, self.y)

    def __iadd__(self, other):
        self.x += other.x
        self.y += other.y
        return self

    def __getitem__(self, k):
        return (self.x, self.y)[k]

    def __len__(self):
        return 2

    def __iter__(self):
        return iter((self.x, self.y))

    def __eq__(self, other):
        return isinstance(other, Vector) and self.x == other.x and self.y == other.y

    def __lt__(self, other):
        return abs(self) < abs(other)

    def __bool__(self):
        return True

    def __contains__(self, value):
        return value == self.x or value == self.y

    def __call__(self, t):
        return self.x + t * self.y

    def __pow__(self, n):
        return Vector(self.x**n, self.y**n)

    def __repr__(self):
        return f"Vector({self.x}, {self.y})"

    @classmethod
    def polar(cls, r, angle):
        return cls(r * math.cos(angle), r * math.sin(angle))

    @staticmethod
    def dot(a, b):
        return a.x * b.x + a.y * b.y

    @property
    def norm(self):
        return math.sqrt(self.x**2 + self.y**2)

    @property
    def angle(self):
        return math.atan2(self.y, self.x)

    @angle.setter
    def angle(self, value):
        r = self.norm
        self.x, self.y = r * math.cos(value), r * math.sin(value)


class Quaternion:
    __slots__ = ("w", "x", "y", "z")

    def __init__(self, w, x, y, z):
        self.w, self.x, self.y, self.z = w, x, y, z

    def __matmul__(self, o):
        return Quaternion(
            self.w * o.w - self.x * o.x - self.y * o.y - self.z * o.z,
            self.w * o.x + self.x * o.w + self.y * o.z - self.z * o.y,
            self.w * o.y - self.x * o.z + self.y * o.w + self.z * o.x,
            self.w * o.z + self.x * o.y - self.y * o.x + self.z * o.w,
        )

    def conjugate(self):
        return Quaternion(self.w, -self.x, -self.y, -self.z)

    def rotate(self, v):
        q = self @ Quaternion(0.0, *v) @ self.conjugate()
        return q.x, q.y, q.z

    @classmethod
    def about_z(cls, angle):
        return cls(math.cos(angle / 2), 0.0, 0.0, math.sin(angle / 2))


class Dual:
    """Forward-mode numbers, differentiated as any other class."""

    def __init__(self, value, slope=0.0):
        self.value = value
        self.slope = slope

    def __mul__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.value * other.value, self.value * other.slope + self.slope * other.value)

    def __rmul__(self, other):
        return self * other

    def __add__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    __radd__ = __add__

    def __rsub__(self, other):
        return Dual(other - self.value, -self.slope)


class Polynomial:
    def __init__(self, coefficients):
        self.coefficients = list(coefficients)

    def __call__(self, x):
        total = 0.0
        for c in self.coefficients:
            total = total * x + c
        return total

    def __len__(self):
        return len(self.coefficients)

    def __setitem__(self, k, value):
        self.coefficients[k] = value

    def __getitem__(self, k):
        return self.coefficients[k]

    def derivative(self):
        n = len(self) - 1
        return Polynomial([(n - k) * c for k, c in enumerate(self.coefficients[:-1])])


class Distribution(abc.ABC):
    @abc.abstractmethod
    def log_density(self, x): ...

    def score(self, xs):
        return sum(self.log_density(x) for x in xs)


class Normal(Distribution):
    def __init__(self, mean=0.0, sigma=1.0):
        self.mean = mean
        self.sigma = sigma

    def log_density(self, x):
        return -0.5 * ((x - self.mean) / self.sigma) ** 2 - math.log(self.sigma)


class Shifted(Normal):
    shift = 0.25

    def log_density(self, x):
        return super().log_density(x - self.shift)


class Integrator:
    """Template method with hooks."""

    steps = 4

    def slope(self, t, y):
        raise NotImplementedError

    def run(self, y, t=0.0, h=0.1):
        for _ in range(self.steps):
            y = self.step(t, y, h)
            t += h
        return y

    def step(self, t, y, h):
        return y + h * self.slope(t, y)


class MidpointMixin:
    def step(self, t, y, h):
        return y + h * self.slope(t + h / 2, y + h / 2 * self.slope(t, y))


class Logistic(MidpointMixin, Integrator):
    def __init__(self, rate):
        self.rate = rate

    def slope(self, t, y):
        return self.rate * y * (1.0 - y)


class Potential(Protocol):
    def energy(self, r): ...


class LennardJones:
    def __init__(self, epsilon, sigma):
        self.epsilon, self.sigma = epsilon, sigma

    def energy(self, r):
        s6 = (self.sigma / r) ** 6
        return 4.0 * self.epsilon * (s6 * s6 - s6)


class Stack(Generic[T]):
    def __init__(self):
        self._items = []

    def push(self, item: T):
        self._items.append(item)

    def pop(self) -> T:
        return self._items.pop()


class Ledger:
    created = 0

    def __init__(self):
        self.entries = {}

    def __setitem__(self, key, value):
        self.entries[key] = value

    def __getitem__(self, key):
        return self.entries[key]

    def __contains__(self, key):
        return key in self.entries

    def __delitem__(self, key):
        del self.entries[key]


class Flow:
    def __init__(self, velocity):
        self.velocity = velocity

    @functools.cached_property
    def reynolds(self):
        return self.velocity * 1000.0

    def __getattr__(self, name):
        if name == "pressure":
            return 0.5 * self.velocity**2
        raise AttributeError(name)


class Shape:
    @functools.singledispatchmethod
    def scaled(self, by):
        raise TypeError("no scale")

    @scaled.register
    def _(self, by: float):
        return self.size * by

    @scaled.register
    def _(self, by: tuple):
        return self.size * by[0] * by[1]

    def __init__(self, size):
        self.size = size

    double = functools.partialmethod(lambda self, by, extra: self.size * by + extra, 2.0)


class Unit:
    """A descriptor, as unit packages use them."""

    def __init__(self, factor):
        self.factor = factor

    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, obj, owner=None):
        return getattr(obj, self.name) * self.factor

    def __set__(self, obj, value):
        setattr(obj, self.name, value / self.factor)


class Length:
    kilometres = Unit(0.001)

    def __init__(self, metres):
        self._kilometres = metres


class Network:
    """An MLP as in tutorials: layers are objects in a list."""

    class Layer:
        def __init__(self, w, b):
            self.w, self.b = w, b

        def forward(self, x):
            return np.tanh(self.w @ x + self.b)

    def __init__(self, *pairs):
        self.layers = [self.Layer(w, b) for w, b in pairs]

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def loss(self, x, y):
        return np.mean((self.forward(x) - y) ** 2)


class Context:
    def __init__(self, gain):
        self.gain = gain


class Amplifier:
    def __init__(self, context):
        self.context = context

    def __call__(self, x):
        return self.context.gain * x


NORMAL = Normal(0.3, 1.2)


@program(0.7, 1.3, order2=True)
def vector_arithmetic(a, b):
    p = Vector(a, b)
    q = 2.0 * p + Vector(1.0, a) - p / 3.0
    return (-q) * p + abs(q)


@program(0.7, 1.3)
def vector_updated_in_place(a, b):
    p = Vector(a, b)
    same = p
    p += Vector(b, a * b)
    return same.x * p.y


@program(0.7, 1.3)
def vector_as_a_sequence(a, b):
    p = Vector(a, b)
    x, y = p
    total = 0.0
    for c in p:
        total += c * c
    return x * y + p[0] * p[-1] + len(p) * total + sum(v for v in p)


@program(0.7, 1.3)
def vector_compared(a, b):
    p, q = Vector(a, b), Vector(b, a * b)
    if p == q:
        return a
    if p != q and p:
        return max(abs(p), abs(q))
    return b


@program(0.7, 1.3)
def vector_ordered(a, b):
    p, q = Vector(a, b), Vector(3.0 * b, a)
    return p.x if p < q else q.y * p.x


@program(0.7, 1.3)
def alternative_constructor(r, angle):
    p = Vector.polar(r, angle)
    return Vector.dot(p, Vector(1.0, 2.0)) + p(0.5)


@program(0.7, 1.3)
def property_with_a_setter(a, b):
    p = Vector(a, b)
    p.angle = p.angle + 0.5
    p.angle += 0.1
    return p.x * p.norm


@program(0.7, 1.3)
def power_and_containment(a, b):
    p = Vector(a, b) ** 3
    return p.x + p.y if 7.0 not in p else a


@program(0.7, 0.4)
def sum_of_vectors(a, b):
    bodies = [Vector(a, b), Vector(b, 1.0), Vector(a * b, a)]
    centre = sum(bodies, Vector(0.0, 0.0)) / len(bodies)
    return functools.reduce(lambda s, v: s + (v - centre) * (v - centre), bodies, 0.0)


@program(0.7, 0.4)
def quaternion_rotation(angle, x):
    q = Quaternion.about_z(angle) @ Quaternion.about_z(x)
    u, v, w = q.rotate((1.0, x, 0.5))
    return u * v + w


@program(0.7, 1.3, order2=True)
def dual_numbers(x, y):
    u = Dual(x, 1.0)
    f = 2.0 * u * u + u * y + (1.0 - u)
    return f.value * f.slope


@program(0.7, 1.3)
def polynomial_object(x, a):
    p = Polynomial([1.0, a, a * x])
    p[0] = x
    return p(x) * p.derivative()(x) + p[-1]


@program(0.7, 1.3, 0.9)
def distribution_made_inside(x, mean, sigma):
    return Normal(mean, sigma).score([x, 2.0 * x, 0.1])


@program(0.7, 0.9)
def super_and_class_attribute(x, sigma):
    return Shifted(sigma=sigma).log_density(x)


@program(0.7)
def object_of_the_module_is_read(x):
    return NORMAL.log_density(x) * NORMAL.sigma


@program(0.2, 1.5)
def mixin_overrides_a_hook(y, rate):
    return Logistic(rate).run(y)


@program(1.1, 0.9, 1.0)
def protocol_as_a_parameter(r, epsilon, sigma):
    def pair(potential: Potential, r: float) -> float:
        return potential.energy(r) + potential.energy(2.0 * r)

    return pair(LennardJones(epsilon, sigma), r)


@program(0.7, 1.3)
def generic_stack(x, y):
    s = Stack()
    s.push(x)
    s.push(x * y)
    s.push(y)
    top = s.pop()
    return top * s.pop() + s.pop()


@program(0.7, 1.3)
def object_with_items(x, y):
    book = Ledger()
    book["x"] = x
    book["tmp"] = 2.0
    book["y"] = book["x"] * y
    book["x"] += y
    del book["tmp"]
    return book["x"] * book["y"] if "tmp" not in book else 0.0


@program(0.7)
def cached_property_and_getattr(v):
    flow = Flow(v)
    return flow.reynolds * flow.pressure + flow.reynolds


@program(0.7, 1.3)
def single_dispatch_on_types(x, y):
    s = Shape(x)
    return s.scaled(y) + s.scaled((y, y)) + s.double(y)


@program(700.0)
def descriptor_of_units(metres):
    d = Length(metres)
    d.kilometres = d.kilometres * 2.0
    return d.kilometres**2


@program(mat(2, 2), vec(2), mat(1, 2, 1), vec(1), vec(2))
def network_of_layer_objects(w1, b1, w2, b2, x):
    net = Network((w1, b1), (w2, b2))
    return net.loss(x, 0.3)


@program(0.7, 1.3)
def state_kept_in_an_attribute(x, y):
    class_free = Context(x)
    amplifier = Amplifier(class_free)
    first = amplifier(y)
    class_free.gain = class_free.gain * y
    return first + amplifier(y)


@program(0.7, 1.3)
def attributes_by_name(x, y):
    c = Context(x)
    setattr(c, "offset", y)
    total = getattr(c, "gain") * getattr(c, "missing", 2.0)
    if hasattr(c, "offset") and not hasattr(c, "other"):
        total += c.offset
    for name in ("gain", "offset"):
        total *= getattr(c, name)
    return total + sum(vars(c).values()) + c.__dict__["gain"]


@program(0.7)
def kind_of_object_decides(x):
    items = [Context(x), Vector(x, 1.0), 2.0, "text", None, (x, x)]
    total = 0.0
    for item in items:
        if isinstance(item, Vector):
            total += item.norm
        elif isinstance(item, (int, float)):
            total += item * x
        elif isinstance(item, tuple):
            total += item[0] * item[1]
        elif item is None or type(item) is str:
            continue
        else:
            total += item.gain**2
    return total


@program(0.7, 1.3)
def objects_in_a_loop(x, y):
    particle = Vector(x, y)
    wind = Vector(0.1, 0.2)
    for _ in range(6):
        particle = particle + 0.1 * (wind - particle)
    return particle.norm


@program(0.7, 1.3, 5)
def object_mutated_in_a_loop(x, y, n):
    p = Vector(x, y)
    for k in range(n):
        p.x += 0.1 * p.y
        p.y -= 0.1 * p.x * k
    return p.x


@program(0.7)
def object_in_a_branch(x):
    p = Vector(x, 1.0)
    if x > 0.5:
        p.y = x * x
    else:
        p.x = 3.0
    return p.x * p.y


@program(0.7, 1.3)
def bound_methods_as_values(x, y):
    p = Normal(x, 2.0)
    q = Normal(y)
    functions = [p.log_density, q.log_density, Vector(x, y)]
    return sum(f(0.5) for f in functions)


@program(0.7, 1.3)
def unbound_method(x, y):
    return Normal.log_density(Normal(x), y) + Vector.__abs__(Vector(x, y))


@program(vec(3))
def array_in_an_attribute(x):
    c = Context(x)
    c.gain[0] = c.gain[1] * c.gain[2]
    c.gain *= 2.0
    return c.gain


@program(vec(3))
def attribute_of_a_nested_object(x):
    a = Amplifier(Context(x[0]))
    a.context.gain *= x[1]
    a.context.gain **= 2
    return a(x[2])


@program(0.7)
def class_as_a_value(x):
    kinds = {"plain": Normal, "shifted": Shifted}
    return sum(kind(x).log_density(0.5) for kind in kinds.values())


@program(0.7)
def fluent_interface(x):
    class_ = Stack
    s = class_()
    for k in range(3):
        s.push(x**k)
    return s.pop() / (1.0 + s.pop())
