"""Dictionaries, sets and the containers of `collections`."""

import math
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque
from types import MappingProxyType, SimpleNamespace

import numpy as np

from tests.programs import mat, program, vec

DEFAULTS = {"gravity": 9.81, "drag": 0.1, "mass": 2.0}
CONSTANTS = MappingProxyType({"R": 8.314, "T0": 298.15})
REACTIONS = {"forward": {"A": 1.5, "E": 2.0}, "backward": {"A": 0.5, "E": 3.0}}


@program(0.7, 1.3)
def options_merged_over_defaults(v, drag):
    options = {**DEFAULTS, "drag": drag}
    return options["gravity"] - options["drag"] / options["mass"] * v**2


@program(0.7, 1.3)
def union_operator(x, y):
    settings = {"a": x, "b": 2.0} | {"b": y}
    settings |= {"c": x * y}
    return settings["a"] * settings["b"] + settings["c"]


@program(0.7, 1.3)
def get_with_a_default(x, y):
    params = {"rate": x}
    return params.get("rate") * params.get("order", y) + params.get("offset", 0.5)


@program(0.7, 1.3)
def setdefault_and_update(x, y):
    cache = {}
    cache.setdefault("x", x)
    cache.setdefault("x", y)
    cache.update(y=y, z=x * y)
    cache.update({"w": 2.0 * x})
    cache.update([("v", y)])
    return cache["x"] * cache["y"] + cache["z"] * cache["w"] * cache["v"]


@program(0.7, 1.3)
def popped_entries(x, y):
    options = {"scale": x, "shift": y, "unused": 3.0}
    scale = options.pop("scale")
    power = options.pop("power", 2)
    key, last = options.popitem()
    return (scale + options["shift"]) ** power * last + len(key)


@program(0.7, 1.3, order2=True)
def dict_comprehension_over_items(x, y):
    base = {"a": x, "b": y}
    squared = {k: v * v for k, v in base.items()}
    return squared["a"] * squared["b"] + sum(squared.values())


@program(0.7, 1.3)
def loop_over_keys_and_update(x, y):
    rates = {"k1": x, "k2": y, "k3": x * y}
    for name in list(rates):
        rates[name] = rates[name] * 2.0
    for name in rates:
        rates[name] += 1.0
    return math.prod(rates.values())


@program(vec(4))
def defaultdict_of_sums(x):
    groups = defaultdict(float)
    for k, label in enumerate("abba"):
        groups[label] += x[k] ** 2
    return groups["a"] * groups["b"]


@program(vec(4))
def defaultdict_of_lists(x):
    groups = defaultdict(list)
    for k, label in enumerate(["in", "out", "in", "out"]):
        groups[label].append(x[k])
    return sum(groups["in"]) / sum(groups["out"])


@program(0.7, 1.3)
def ordered_dictionary(x, y):
    terms = OrderedDict()
    terms["linear"] = x
    terms["square"] = y
    terms["cross"] = x * y
    total = 0.0
    for power, (name, value) in enumerate(terms.items()):
        total += value**power * len(name)
    return total


@program(0.7, 1.3)
def counter_of_a_formula(mass_c, mass_h):
    atoms = Counter("CHHHH")
    masses = {"C": mass_c, "H": mass_h}
    return sum(n * masses[symbol] for symbol, n in atoms.items())


@program(0.7, 1.3)
def chain_of_maps(x, y):
    settings = ChainMap({"x": x}, {"x": 5.0, "y": y})
    return settings["x"] * settings["y"]


@program(vec(5))
def deque_as_a_window(x):
    window = deque([x[0], x[1]])
    total = 0.0
    for k in range(2, 5):
        total += window[0] * window[-1]
        window.popleft()
        window.append(x[k])
    window.appendleft(x[0])
    return total * window[0]


@program(0.7, 1.3)
def nested_dictionaries(x, y):
    state = {"left": {"p": x, "T": y}, "right": {"p": y, "T": x * y}}
    state["left"]["p"] *= 2.0
    state["right"]["q"] = x
    flux = 0.0
    for side, sign in (("left", 1.0), ("right", -1.0)):
        flux += sign * state[side]["p"] / state[side]["T"]
    return flux + state["right"]["q"]


@program(1.3)
def constants_in_nested_tables(temperature):
    total = 0.0
    for name, row in REACTIONS.items():
        sign = 1.0 if name == "forward" else -1.0
        total += sign * row["A"] * math.exp(-row["E"] / temperature)
    return total


@program(1.3)
def read_only_table_of_constants(temperature):
    return CONSTANTS["R"] * temperature * math.log(temperature / CONSTANTS["T0"])


@program(0.7, 1.3)
def keys_that_are_tuples(x, y):
    coupling = {(0, 1): x, (1, 2): y, (0, 2): x * y}
    total = 0.0
    for (i, j), strength in coupling.items():
        total += strength * (j - i)
    return total + coupling[0, 1] ** 2


@program(0.7, 1.3)
def keys_that_are_numbers(x, y):
    series = {0: x, 2: y, 4: 0.5}
    t = 0.3
    return sum(c * t**n for n, c in series.items()) + max(series) * x


@program({"w": mat(2, 3), "b": vec(2)}, 0.5)
def gradient_step_of_a_dictionary(params, rate):
    updated = {k: v - rate * v * v for k, v in params.items()}
    return updated


@program({"layers": [{"w": mat(2, 2), "b": vec(2)}, {"w": mat(1, 2, 1), "b": vec(1)}], "scale": 0.7}, vec(2))
def nested_parameters(params, x):
    for layer in params["layers"]:
        x = np.tanh(layer["w"] @ x + layer["b"])
    return params["scale"] * x[0]


@program(0.7, 1.3)
def sets_of_labels(x, y):
    active = {"drag", "lift"}
    active.add("thrust")
    active.discard("lift")
    total = 0.0
    if "drag" in active:
        total += x**2
    if "lift" not in active and len(active) == 2:
        total += y
    return total


@program(vec(4))
def set_operations_on_indices(x):
    inner = {0, 1, 2} & {1, 2, 3}
    outer = set(range(4)) - inner
    both = inner | {0}
    return sum(x[k] for k in sorted(inner)) * sum(x[k] ** 2 for k in sorted(outer)) + len(both ^ inner) * x[0]


@program(0.7, 1.3)
def dictionary_of_functions(x, y):
    activations = {"tanh": math.tanh, "square": lambda v: v * v, "identity": lambda v: v}
    return activations["tanh"](x) * activations["square"](y) + activations.get("relu", activations["identity"])(x)


@program(0.7, 1.3)
def dispatch_by_name(x, y, method="rational"):
    kernels = dict(gauss=lambda r: math.exp(-r * r), rational=lambda r: 1.0 / (1.0 + r * r))
    if method not in kernels:
        raise ValueError(f"unknown kernel {method}")
    return kernels[method](x - y)


@program(0.7, 1.3)
def dict_of_zipped_lists(x, y):
    names = ["x", "y"]
    point = dict(zip(names, (x, y)))
    inverse = {v: k for k, v in enumerate(names)}
    return point["x"] ** 2 * point["y"] + inverse["y"] * point["x"]


@program(0.7, 1.3)
def namespace_of_results(x, y):
    result = SimpleNamespace(value=x * y, slope=x)
    result.value += y
    result.extra = x
    return result.value * result.slope + result.extra


@program(0.7, 1.3)
def function_with_attributes_merged(x, y):
    def settings(**given):
        return {"a": 1.0, "b": 2.0} | given

    s = settings(b=y, c=x)
    return s["a"] * x + s["b"] ** 2 * s["c"]


@program(vec(3))
def keys_compared_and_sorted(x):
    table = {"b": x[0], "a": x[1], "c": x[2]}
    ordered = [table[k] for k in sorted(table.keys())]
    if set(table) == {"a", "b", "c"} and list(table) == ["b", "a", "c"]:
        return ordered[0] + 2.0 * ordered[1] + 3.0 * ordered[2]
    return 0.0


@program(0.7, 1.3)
def dict_fromkeys(x, y):
    weights = dict.fromkeys(("a", "b"), x)
    weights["b"] = y
    return weights["a"] * weights["b"]


@program(0.7, 1.3)
def dictionary_deleted_and_tested(x, y):
    state = {"x": x, "tmp": 3.0, "y": y}
    del state["tmp"]
    return sum(state.values()) if "tmp" not in state else 0.0


@program(0.7, 1.3)
def results_in_a_dictionary(x, y):
    return {"sum": x + y, "parts": [x * y, (x, y**2)], "label": "pair"}


@program(vec(3))
def column_table_of_arrays(x):
    frame = {"t": np.linspace(0.0, 1.0, 3), "u": x}
    frame["v"] = frame["u"] * frame["t"]
    frame["w"] = np.cumsum(frame["v"])
    return frame["w"]
