"""How each tool is asked for the derivative of a problem.

`TOOLS[name](problem, arguments)` gives a function and the arguments in the form that the tool works on; results may be
the tool's own arrays.  Whatever a tool raises is its answer: it cannot.  Peers get the problem's `functional`
spelling, with their own NumPy and their own `scan` put in; those that read or run plain Python get the objective.
"""

import inspect
from types import SimpleNamespace

import numpy as np

import adgen
from benchmarks.timing import SAME, jitted
from tests.oracles import rebound

NAMES = "abs amin asarray concatenate cos einsum exp eye linalg log max mean roll sin sqrt stack sum tanh where".split()


def positions(problem):
    names = list(inspect.signature(problem.objective).parameters)
    return tuple(map(names.index, [problem.ARGNUMS] if isinstance(problem.ARGNUMS, str) else problem.ARGNUMS))


def finished(problem, gradient):
    """The derivative that is wanted: the gradient itself, but for a problem that wants more."""
    return problem.rows(gradient) if hasattr(problem, "rows") else gradient


def scalar_function(problem):
    """What is differentiated: the objective, but for a problem that wants more."""
    return getattr(problem, "combined", problem.objective)


# ---- adgen, by hand, and the function itself ------------------------------------------------------


def by_adgen(problem, **options):
    if hasattr(problem, "derivative"):
        return problem.derivative(**options)
    return adgen.grad(problem.objective, problem.ARGNUMS, **options)


def adgen_compiled(problem, arguments):
    return by_adgen(problem, jit=True), arguments


def adgen_interpreted(problem, arguments):
    return by_adgen(problem), arguments


def adgen_arrays(problem, arguments):
    gradient = adgen.grad(problem.functional, tuple(2 + i for i in positions(problem)))
    return finished(problem, lambda *values: gradient(ARRAYS, scan_in_python, *values)), arguments


def by_hand(problem, arguments):
    return jitted(problem.by_hand, **SAME), arguments


def primal(problem, arguments):
    return jitted(problem.objective, **SAME), arguments


def primal_interpreted(problem, arguments):
    return problem.objective, arguments


# ---- peers ----------------------------------------------------------------------------------------


def namespace(numpy, **more):
    return SimpleNamespace(**{name: getattr(numpy, name) for name in NAMES if hasattr(numpy, name)} | more)


def scan_in_python(step, state, items):
    """JAX's `lax.scan` for those that follow Python."""
    results = []
    if isinstance(items, tuple):
        for item in zip(*items, strict=True):
            state, result = step(state, item)
            results.append(result)
    else:
        for item in items:
            state, result = step(state, item)
            results.append(result)
    return state, results


def scan_of(stack):
    def scan(step, state, items):
        state, results = scan_in_python(step, state, items)
        return state, results if isinstance(results[0], float) else stack(results)

    return scan


def convolve_by_shifts(numpy):
    def convolve_images(images, kernels):
        height, width = images.shape[2] - 2, images.shape[3] - 2
        total = 0.0
        for p in range(3):
            for q in range(3):
                part = images[:, :, p : p + height, q : q + width]
                total = total + numpy.einsum("oc,bcyx->boyx", kernels[:, :, p, q], part)
        return total

    return convolve_images


def rows_of_log_sum_exp(numpy):
    def log_sum_exp(x):
        largest = numpy.max(x, axis=1)
        return largest + numpy.log(numpy.sum(numpy.exp(x - largest[:, None]), axis=1))

    return log_sum_exp


ARRAYS = namespace(np, logsumexp=rows_of_log_sum_exp(np), convolve_images=convolve_by_shifts(np))


def jax(problem, arguments):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def convolve_images(images, kernels):
        return jax.lax.conv_general_dilated(images, kernels, (1, 1), "VALID")

    names = namespace(jnp, logsumexp=lambda x: jax.scipy.special.logsumexp(x, axis=1), convolve_images=convolve_images)
    gradient = jax.grad(lambda *values: problem.functional(names, jax.lax.scan, *values), positions(problem))
    fixed = tuple(i for i, value in enumerate(arguments) if isinstance(value, int))
    compiled = jax.jit(finished(problem, gradient), static_argnums=fixed)
    given = [value if isinstance(value, int) else jnp.asarray(value) for value in arguments]
    return lambda *values: jax.block_until_ready(compiled(*values)), given


def torch(problem, arguments):
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    names = namespace(torch, logsumexp=lambda x: torch.logsumexp(x, 1), convolve_images=torch.conv2d)
    scan, chosen = scan_of(torch.stack), positions(problem)

    def gradient(*values):
        given = list(values)
        for i in chosen:
            given[i] = given[i].detach().requires_grad_()
        return torch.autograd.grad(problem.functional(names, scan, *given), [given[i] for i in chosen])

    is_number = {i for i, value in enumerate(arguments) if i not in chosen and not isinstance(value, np.ndarray)}
    given = [value if i in is_number else torch.asarray(value) for i, value in enumerate(arguments)]
    return finished(problem, gradient), given


def autograd(problem, arguments):
    import autograd
    import autograd.numpy as anp

    names = namespace(anp, logsumexp=rows_of_log_sum_exp(anp), convolve_images=convolve_by_shifts(anp))
    scan = scan_of(anp.stack)
    return finished(
        problem, autograd.grad(lambda *v: problem.functional(names, scan, *v), positions(problem))
    ), arguments


def autograd_as_written(problem, arguments):
    import autograd
    import autograd.numpy as anp

    return finished(problem, autograd.grad(rebound(scalar_function(problem), anp), positions(problem))), arguments


def tangent_as_written(problem, arguments):
    import tangent

    return finished(problem, tangent.grad(scalar_function(problem), wrt=positions(problem), verbose=0)), arguments


def casadi(problem, arguments):
    import casadi

    if not hasattr(problem, "symbolic"):
        raise NotImplementedError("no spelling in symbols")
    given = [value for value in arguments if not isinstance(value, int)]
    shapes = [np.shape(value) for value in given]
    symbols = [casadi.MX.sym(f"x{i}", *(shape or (1,))) for i, shape in enumerate(shapes)]
    values = iter(symbols)
    total = problem.symbolic(casadi, *[v if isinstance(v, int) else next(values) for v in arguments])
    chosen = [symbols[i] for i in positions(problem)]
    function = casadi.Function("g", symbols, [casadi.gradient(total, symbol) for symbol in chosen])
    return function, [casadi.DM(value) for value in given]


TOOLS = {
    "hand": by_hand,
    "primal": primal,
    "adgen": adgen_compiled,
    "jax": jax,
    "torch": torch,
    "autograd": autograd,
    "casadi": casadi,
    "adgen interpreted": adgen_interpreted,
    "primal interpreted": primal_interpreted,
    "autograd as written": autograd_as_written,
    "tangent as written": tangent_as_written,
    "adgen on arrays": adgen_arrays,
}


def numbers(result):
    """The results in one vector, to be compared."""
    parts = result if isinstance(result, tuple | list) else (result,)
    return np.concatenate([np.asarray(part, dtype=float).ravel() for part in parts])
