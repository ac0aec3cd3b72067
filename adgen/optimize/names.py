"""Short names for the temporaries that are left: ``t``, or ``t1``, ``t2``, ... in order."""

from __future__ import annotations

import re
from dataclasses import replace

import gast

from adgen.analyses.effects import statements_in
from adgen.optimize.trees import names_stored, rename
from adgen.program.function import Function

PLAIN = re.compile(r"(t\d*)((?:_bar|_dot|_tape)*)\d*")

COUNTERS = (*"ijklm", *(f"i{k}" for k in range(1, 100)))


def renumber_temporaries(function: Function) -> Function:
    """Number the remaining temporaries in the order in which they appear; runs once, at the end.

    The adjoint and the record of a temporary go with it: `t2`, `t2_bar`, `t2_tape`.

    >>> from adgen.optimize.showing import show
    >>> print(show(renumber_temporaries, '''
    ... t7 = np.exp(x)
    ... t7_bar = t7 * t7'''))
    t = np.exp(x)
    t_bar = t * t
    """
    old = _numbered(function)
    stems = list(dict.fromkeys(PLAIN.fullmatch(n)[1] for n in old))  # type: ignore[index]
    present = [n for s in function.body for n in gast.walk(s) if isinstance(n, gast.Name)]
    taken = {n.id for n in present}
    taken = (taken | set(function.globals) | set(function.params)) - set(old)
    candidates = ["t"] if len(stems) == 1 else [f"t{k}" for k in range(1, len(stems) + 2 + len(taken))]
    free = [s for s in candidates if not any(n == s or n.startswith(s + "_") for n in taken)]
    if len(free) < len(stems):
        return function
    number = dict(zip(stems, free, strict=False))
    names: dict[str, str] = {}
    for name in old:
        stem, suffix = PLAIN.fullmatch(name).groups()  # type: ignore[union-attr]
        names[name] = _unused(number[stem] + suffix, set(names.values()))
    names = {a: b for a, b in names.items() if a != b}
    if any(n.id == "_" and isinstance(n.ctx, gast.Load) for n in present):
        names["_"] = next(c for c in COUNTERS if c not in taken)  # an unnamed counter that is used now
    if not names:
        return function
    types = {names.get(n, n): t for n, t in function.types.items() if n in names or n not in names.values()}
    temporaries = function.temporaries.difference(names).union(names.values())
    body = tuple(rename(s, names) for s in function.body)
    return replace(function, body=body, types=types, temporaries=temporaries)


def _numbered(function: Function) -> list[str]:
    """Temporaries with plain names, in the order of their definitions."""
    defined: dict[str, None] = {}
    for stmt in statements_in(function.body):
        targets = getattr(stmt, "targets", None) or [getattr(stmt, "target", None)]
        defined.update(dict.fromkeys(n for t in targets if t is not None for n in names_stored(t)))
    return [n for n in defined if n in function.temporaries and PLAIN.fullmatch(n)]


def _unused(name: str, taken: set[str]) -> str:
    number = 1
    while (chosen := name if number == 1 else f"{name}{number}") in taken:
        number += 1
    return chosen
