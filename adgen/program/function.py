"""A function in normal form: what every stage takes and returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import gast

from adgen.program.dims import Dim
from adgen.program.types import Type

LIBRARIES = ("math", "cmath", "numpy", "scipy.constants")


@dataclass(frozen=True)
class GlobalName:
    """A name that the text of a function uses and does not define: where its object lives.

    `module` and `path` say how to import it (``from module import path``); `value` is the object now.
    `holder` is the dict or closure cell in which it is looked up again each time the derivative runs.
    """

    name: str
    value: Any
    module: str | None = None
    path: str = ""
    holder: Any = None

    @property
    def is_constant(self) -> bool:
        """Whether it is a number of a library, as `math.pi`: nobody gives it another value."""
        return self.module in LIBRARIES and type(self.value) is float


@dataclass(frozen=True)
class Check:
    """An assumption on the sizes of arguments that decided the code: ``left == right``, or ``left <= right``."""

    left: Dim
    right: Dim
    relation: str = "=="

    def __str__(self) -> str:
        return f"{self.left} {self.relation} {self.right}"


@dataclass(frozen=True)
class Function:
    """Immutable.  A pass returns a new `Function`, or the same object if it changed nothing.

    Attributes
    ----------
    params
        Names of the parameters, in order; `defaults` is source text for trailing ones.
    body
        Statements in the language of docs/normal-form.md.  The last one is the only ``return``.
    types
        The type of every name of the body (one name, one type).
    temporaries
        Names made by the compiler, which passes may rename, fold into expressions or drop.
    strided
        Array parameters whose memory is not contiguous, row by row.
    lengths
        How many items the parameters have that are tuples or lists.
    owned_params
        Parameters whose arrays belong to the function (copies), so that it may write into them.
    """

    name: str
    params: tuple[str, ...]
    body: tuple[gast.stmt, ...]
    types: Mapping[str, Type]
    temporaries: frozenset[str] = frozenset()
    docstring: str = ""
    globals: Mapping[str, GlobalName] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    strided: frozenset[str] = frozenset()
    lengths: Mapping[str, int] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
