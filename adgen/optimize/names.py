"""Short names for the temporaries that are left: ``t``, or ``t1``, ``t2``, ... in order."""

from __future__ import annotations

import re
from dataclasses import replace

import gast

from adgen.analyses.effects import statements_in
from adgen.optimize.trees import names_stored, rename
from adgen.program.function import Function

PLAIN = re.compile(r"t\d*(_bar|_dot)?$")


def renumber_temporaries(function: Function) -> Function:
    """Number the remaining temporaries in the order in which they appear; runs once, at the end.

    >>> from adgen.optimize.showing import show
    >>> print(show(renumber_temporaries, '''
    ... t7 = np.exp(x)
    ... y = t7 * t7'''))
    t = np.exp(x)
    y = t * t
    """
    defined: dict[str, None] = {}
    for stmt in statements_in(function.body):
        targets = getattr(stmt, "targets", None) or [getattr(stmt, "target", None)]
        defined.update(dict.fromkeys(n for t in targets if t is not None for n in names_stored(t)))
    old = [n for n in defined if n in function.temporaries and PLAIN.match(n)]
    taken = {n.id for s in function.body for n in gast.walk(s) if isinstance(n, gast.Name)}
    taken = (taken | set(function.globals) | set(function.params)) - set(old)
    candidates = ["t"] if len(old) == 1 else [f"t{k}" for k in range(1, 2 * len(old) + 2 + len(taken))]
    free = [n for n in candidates if n not in taken]
    names = {a: b for a, b in zip(old, free, strict=False) if a != b}
    if not names:
        return function
    types = {names.get(n, n): t for n, t in function.types.items() if n in names or n not in names.values()}
    temporaries = function.temporaries.difference(names).union(names.values())
    body = tuple(rename(s, names) for s in function.body)
    return replace(function, body=body, types=types, temporaries=temporaries)
