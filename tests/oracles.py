"""Other differentiators as witnesses: the same programs, with their NumPy put in place of ours.

A function is copied with `np` and `math` (its own and those of the functions that it calls) bound to the witness's.
Where the witness cannot follow (mutation, mostly), or computes another value, it has nothing to say.
"""

from types import FunctionType, SimpleNamespace

import numpy as np

# Names of `math` that NumPy spells differently.
SPELLINGS = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2", "asinh": "arcsinh"}
SPELLINGS |= {"acosh": "arccosh", "atanh": "arctanh", "fabs": "abs"}
MATH = ("sin cos tan sinh cosh tanh exp expm1 log log1p sqrt floor ceil hypot radians degrees".split()) + [*SPELLINGS]
SAME_VALUE = 1e-10


def rebound(function, numpy, known=None):
    """The function, and those that it calls, on another NumPy."""
    known = {} if known is None else known
    if id(function) in known:
        return known[id(function)]
    math = SimpleNamespace(**{name: getattr(numpy, SPELLINGS.get(name, name)) for name in MATH})
    math.pi, math.e = np.pi, np.e
    names = dict(function.__globals__)
    copy = FunctionType(function.__code__, names, function.__name__, function.__defaults__, function.__closure__)
    copy.__kwdefaults__ = function.__kwdefaults__
    known[id(function)] = copy
    for name, value in function.__globals__.items():
        if value is np:
            names[name] = numpy
        elif getattr(value, "__name__", "") == "math" and name == "math":
            names[name] = math
        elif isinstance(value, FunctionType) and package(value) == package(function) and value is not function:
            names[name] = rebound(value, numpy, known)
    names[function.__name__] = copy
    return copy


def package(function) -> str:
    return function.__module__.partition(".")[0]


def is_real_array(value) -> bool:
    return isinstance(value, float | np.floating) or (isinstance(value, np.ndarray) and value.dtype == np.float64)


def sum_of_products(result, weights):
    return sum((w * part).sum() if np.shape(w) else w * part for w, part in zip(weights, parts(result), strict=True))


def parts(result) -> tuple:
    return tuple(result) if isinstance(result, tuple | list) else (result,)


class Jax:
    """Reverse mode of JAX, in double precision."""

    package = "jax"

    def __init__(self):
        import jax

        jax.config.update("jax_enable_x64", True)
        self.jax, self.numpy = jax, jax.numpy

    def value_and_gradients(self, f, args, argnums, weights):
        given = [self.numpy.asarray(arg) if isinstance(arg, np.ndarray) else arg for arg in args]
        return self.jax.value_and_grad(lambda *a: sum_of_products(f(*a), weights), argnums)(*given)


class Autograd:
    """Reverse mode of HIPS autograd."""

    package = "autograd"

    def __init__(self):
        import autograd

        self.value_and_grad, self.numpy = autograd.value_and_grad, autograd.numpy

    def value_and_gradients(self, f, args, argnums, weights):
        given = [arg.copy() if isinstance(arg, np.ndarray) else arg for arg in args]
        return self.value_and_grad(lambda *a: sum_of_products(f(*a), weights), argnums)(*given)


class Torch:
    """Reverse mode of PyTorch, through its NumPy namespace."""

    package = "torch"

    def __init__(self):
        import torch
        import torch._numpy

        self.torch, self.numpy = torch, torch._numpy

    def value_and_gradients(self, f, args, argnums, weights):
        given = [self.numpy.asarray(arg) if is_real_array(arg) else arg for arg in args]
        leaves = [given[i].tensor.double().requires_grad_() for i in argnums]
        for i, leaf in zip(argnums, leaves, strict=True):
            given[i] = self.numpy.asarray(leaf)
        total = sum_of_products(f(*given), weights)
        found = self.torch.autograd.grad(total.tensor, leaves, allow_unused=True)
        zeros = [np.zeros(leaf.shape) for leaf in leaves]
        gradients = tuple(zero if g is None else g.numpy() for g, zero in zip(found, zeros, strict=True))
        return float(total.tensor.detach()), gradients


# Programs on which a witness is not heard, and why.
UNHEARD = {
    "semantics.absolute_value_at_zero": "JAX takes the slope from the right",
    "broadcasting.full_of_a_scalar": "np.full_like has no gradient in autograd 1.9, silently",
}

WITNESSES = (Jax, Autograd, Torch)


def witness_of(witness, program, args, weights):
    """Gradients of the weighted sum of results by the witness, or None where it has nothing to say."""
    argnums = tuple(i for i, arg in enumerate(args) if is_real_array(arg))
    if not argnums:
        return None
    copies = [arg.copy() if isinstance(arg, np.ndarray) else arg for arg in args]
    expected = float(sum_of_products(program.function(*copies), weights))
    if not all(np.array_equal(a, b) for a, b in zip(copies, args, strict=True) if isinstance(b, np.ndarray)):
        return None  # it writes its arguments: the weights belong to other values
    try:
        value, found = witness.value_and_gradients(rebound(program.function, witness.numpy), args, argnums, weights)
    except Exception:  # noqa: BLE001 -- a witness fails in its own ways
        return None
    gradients = {i: np.asarray(g) for i, g in zip(argnums, found, strict=True)}
    is_sound = abs(float(value) - expected) <= SAME_VALUE * (1 + abs(expected)) and all(
        g.shape == np.shape(args[i]) and np.all(np.isfinite(g)) for i, g in gradients.items()
    )
    return gradients if is_sound else None


# ---- arguments and results that are containers of arrays


def leaves(value) -> list:
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in leaves(part)]
    if isinstance(value, tuple | list):
        return [leaf for part in value for leaf in leaves(part)]
    return [value]


def same_structure(like, values):
    """The values, one for each leaf, in the containers of `like`."""
    left = list(values)

    def build(part):
        if isinstance(part, dict):
            return {key: build(inner) for key, inner in part.items()}
        if isinstance(part, tuple) and hasattr(part, "_fields"):
            return type(part)(*map(build, part))
        return type(part)(map(build, part)) if isinstance(part, tuple | list) else left.pop(0)

    return build(like)


def flat_gradients(witness, function, args, argnums, weights):
    """Gradients of the weighted result by the witness, a list for the leaves, or None where it can't follow."""
    copy = rebound(function, witness.numpy)
    flat = leaves(args)
    owners = [i for i, arg in enumerate(args) for _ in leaves(arg)]
    chosen = tuple(k for k, owner in enumerate(owners) if owner in argnums)

    def on_leaves(*values):
        return tuple(leaves(copy(*same_structure(args, values))))

    try:
        _, found = witness.value_and_gradients(on_leaves, flat, chosen, leaves(weights))
    except Exception:  # noqa: BLE001 -- a witness fails in its own ways
        return None
    by_position = dict(zip(chosen, map(np.asarray, found), strict=True))
    return [by_position[k] for i in argnums for k in chosen if owners[k] == i]
