"""Random generators: objects that exist at run time, whose draws are made once, in the forward sweep.

A generator comes as an argument, from outside, or from ``np.random.default_rng(seed)``.  Draws with parameters that
may be active are written with standard draws (`adgen.rules.definitions.draws`); the others stand as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from adgen.frontend.handlers import Args, Kwargs, handles
from adgen.frontend.nodes import load
from adgen.frontend.values import NONE, Const, Ref, Value
from adgen.program.types import Opaque
from adgen.rules.definitions.draws import DRAWS

if TYPE_CHECKING:
    from adgen.frontend.calls import Calls

GENERATORS = (np.random.Generator, np.random.RandomState)
GENERATOR = Opaque("random generator")
LEGACY = {"rand": "random", "randn": "standard_normal", "random_sample": "random", "ranf": "random", "sample": "random"}
WITHOUT_FLOATS = frozenset(
    "binomial bytes geometric hypergeometric integers logseries multinomial multivariate_hypergeometric "
    "negative_binomial poisson randint random_integers seed zipf tomaxint get_state set_state".split()
)
STANDARD = frozenset(
    "random standard_normal standard_exponential standard_cauchy standard_gamma standard_t beta chisquare dirichlet f "
    "noncentral_chisquare noncentral_f permutation choice triangular vonmises wald laplace logistic gumbel rayleigh "
    "rand randn random_sample".split()
)


@handles(np.random.default_rng, np.random.RandomState)
def _make(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if args and isinstance(args[0], Ref) and args[0].type == GENERATOR:
        return args[0]
    seed = [s.atom(s.plain(a)) for a in (*args, *kwargs.values())]
    callee = gast.Attribute(gast.Attribute(load("np"), "random", gast.Load()), "default_rng", gast.Load())
    return s.define(gast.Call(callee, seed, []), GENERATOR, hint)


def draw(s: Calls, rng: Value, name: str, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    """A method of a generator; `rng` is its variable, or ``np.random`` itself."""
    values = (*args, *kwargs.values())
    definition = DRAWS.get(name)
    if definition is not None:
        source = s.function_value(definition)
        if not any(f.node is source.node for f in s.frames) and any(s.holds_floats(s.argument(v)) for v in values):
            return s.call(source, (rng, *args), kwargs, hint)
    if name not in STANDARD | WITHOUT_FLOATS | set(DRAWS):
        s.refuse(
            "random",
            f"method {name!r} of a random generator is not supported",
            reason="it changes an array in place, or hands out the generator's state."
            if name == "shuffle"
            else "it is no draw of numbers.",
            remedy="x = rng.permutation(x)" if name == "shuffle" else "a draw by the generator",
        )
    args = tuple(s.argument(a) for a in args)
    kwargs = {k: s.argument(v) for k, v in kwargs.items()}
    receiver: gast.expr = load("np") if isinstance(rng, Const) else s.atom(rng)
    if isinstance(rng, Const):
        receiver = gast.Attribute(receiver, "random", gast.Load())
        trial: Any = getattr(np.random.RandomState(0), name)
    else:
        trial = getattr(np.random.default_rng(0), name, None) or getattr(np.random.RandomState(0), name)
    type_ = s.infer(trial, args, kwargs, f"the draw {name!r}")
    call = gast.Call(
        gast.Attribute(receiver, name, gast.Load()),
        [s.call_atom(a) for a in args],
        [gast.keyword(k, s.call_atom(v)) for k, v in kwargs.items()],
    )
    if isinstance(type_, Opaque):
        s.emit(gast.Expr(call))
        return NONE
    return s.define(call, type_, hint)
