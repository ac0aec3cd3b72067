"""Jacobians of any result: in one sweep where the results have few elements, else a sweep for each row or column."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from adgen.derivatives import Argnums, Derivative
from adgen.dispatch import promoted, type_key
from adgen.draws import Draws
from adgen.errors import SeparateSweeps
from adgen.frontend.spelt_out import spelt_out
from adgen.frontend.values import Const, TupleVal
from adgen.modes import Composed, JacobianVector, VectorJacobian, copied
from adgen.options import MOST_SEEDS, Options


def positions(argnums: Argnums, f: Callable[..., Any]) -> tuple[int, ...]:
    """The indices of the arguments that a Jacobian is with respect to."""
    names = list(inspect.signature(spelt_out(f)).parameters)
    chosen = argnums if isinstance(argnums, tuple | list) else (argnums,)
    return tuple([names.index(a) if isinstance(a, str) else a % len(names) for a in chosen])


class Jacobian(Composed):
    """A Jacobian in Python and in compiled code.

    Attributes
    ----------
    rows, columns
        The derivatives that make all rows, or all columns, in one sweep.
    single
        Whether the Jacobian of one argument stands alone, not in a tuple.
    """

    def __init__(self, f: Callable[..., Any], argnums: Argnums, mode: str, *, jit: bool, name: str = "") -> None:
        reverse = VectorJacobian(f, Options(jit))
        self.positions, self.single = positions(argnums, f), not isinstance(argnums, tuple | list)
        made = {"columns": "forward_dispatcher", "rows": "reverse_dispatcher", "fewer": "jacobian_dispatcher"}[mode]
        super().__init__(self.sweeps, f, "jacobian", made, self.positions[0], forward=reverse.forward, reverse=reverse)
        self.__name__ = name or self.__name__
        self.mode = mode
        self.rows, self.columns = (
            Derivative(reverse.function, product, argnums, options=reverse.options) for product in ("jacrev", "jacfwd")
        )
        self._separate: set[Any] = set()  # sweeps that can't be made, and the types of arguments
        self._count = len(self.rows._names)  # noqa: SLF001
        self._swept: Derivative | None = None  # the one sweep that the last call was

    def __call__(self, *args: Any) -> Any:
        last = None if self._swept is None else self._swept._last  # noqa: SLF001
        if last is not None and last.accepts is not None and len(args) == self._count and last.accepts(*args):
            return last.call(*args)
        for sweep in self.candidates(args):
            if self._separate and (sweep.product, *map(type_key, args)) in self._separate:
                continue
            try:
                found = sweep(*args)
            except SeparateSweeps:
                self._separate.add((sweep.product, *map(type_key, args)))
            else:
                self._swept = sweep
                return found
        self._swept = None
        return self.sweeps(*args)

    def candidates(self, args: tuple[Any, ...]) -> tuple[Derivative, ...]:
        """The derivatives that make all of the Jacobian in one sweep, the better one first."""
        rows = (
            (self.rows,) if self.mode != "columns" and not (self.mode == "fewer" and self.is_one_column(args)) else ()
        )
        columns = (self.columns,) if self.mode != "rows" and self.has_few_columns(args) else ()
        return rows + columns

    def has_few_columns(self, args: tuple[Any, ...]) -> bool:
        """Whether the arguments have as many elements as one sweep has seeds, as far as this is quickly told."""
        sizes = [np.size(a) for k in self.positions if isinstance(a := args[k], np.ndarray | float | int)]
        return sum(sizes) <= MOST_SEEDS

    def is_one_column(self, args: tuple[Any, ...]) -> bool:
        """Whether one tangent is all that is needed."""
        return len(self.positions) == 1 and isinstance(args[self.position], float | int)

    def sweeps(self, *args: Any) -> Any:
        """The Jacobian by a sweep for each row, or for each column."""
        given = list(args)
        for k in self.positions:
            given[k] = promoted(given[k], self.rows._names[k], strict=True, function=self.rows.function)  # noqa: SLF001
        args = tuple(given)
        if self.mode == "rows" or (self.mode == "fewer" and not self.is_one_column(args) and self.is_wide(args)):
            return rows_of(self.reverse, self.positions, self.single, args)
        return columns_of(self.forward, self.reverse.function, self.positions, self.single, args)

    def is_wide(self, args: tuple[Any, ...]) -> bool:
        """Whether there are fewer rows than columns."""
        with Draws(args).repeated():  # only the shape is asked for
            value = self.reverse.function(*(copied(a) for a in args))
        inputs = sum([np.size(args[k]) for k in self.positions])
        return isinstance(value, np.ndarray | float | np.generic) and np.size(value) < inputs

    @property
    def source(self) -> str:
        """The text that runs: of the last call, or for the annotated types if there was none yet."""
        if self._swept is not None:
            return self._swept.source
        if self.reverse._last is None and self.forward._last is None:  # noqa: SLF001
            for sweep in {"rows": (self.rows,), "columns": (self.columns,)}.get(self.mode, (self.rows, self.columns)):
                with contextlib.suppress(SeparateSweeps):
                    return sweep.source
        return self.reverse.source if self.mode == "rows" else self.forward.source

    def __adgen_inline__(self, state: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """All rows in one sweep, unless that is generated for the sizes of the call at hand only."""
        with contextlib.suppress(SeparateSweeps):
            sweep = self.columns if self.mode == "columns" else self.rows
            return sweep.inlined(state, args, kwargs, for_all_sizes=True)
        chosen, single = TupleVal(tuple(map(Const, self.positions))), Const(self.single)
        if self.mode == "rows":
            return state.call(Const(rows_of), (Const(self.reverse), chosen, single, TupleVal(args)), {})
        given = (Const(self.forward), Const(self.reverse.function), chosen, single, TupleVal(args))
        return state.call(Const(columns_of), given, {})


def columns_of(
    forward: JacobianVector, f: Callable[..., Any], chosen: tuple[int, ...], single: bool, args: tuple[Any, ...]
) -> Any:
    """The Jacobian by forward mode, one sweep for each input element."""
    blocks = [_block(forward, f, args, position) for position in chosen]
    return blocks[0] if single else _transposed(blocks)


def _block(forward: JacobianVector, f: Callable[..., Any], args: tuple[Any, ...], position: int) -> Any:
    """The columns that belong to one argument."""
    x = args[position]
    if np.size(x) == 0:
        value = np.asarray(f(*args))
        return np.zeros(np.shape(value) + np.shape(x))
    seeds = [[unit if k == position else None for k in range(len(args))] for unit in _basis(x)]
    draws = forward.draws(args, seeds[0])
    tangents = [forward(args, seeds[0])[1]]
    for seed in seeds[1:]:
        with draws.repeated():
            tangents.append(forward(args, seed)[1])
    return _columns(tangents, np.shape(x))


def rows_of(reverse: VectorJacobian, chosen: tuple[int, ...], single: bool, args: tuple[Any, ...]) -> Any:
    """The Jacobian by reverse mode, one sweep for each result element."""

    def picked(found: tuple[Any, ...]) -> Any:
        return found[chosen[0]] if single else tuple([found[k] for k in chosen])

    value, pullback = reverse(*args)
    return _rows(value, lambda c: picked(pullback(c)), lambda c: c, picked(args))


# ---- trees of rows and columns


def _basis(value: Any) -> Iterator[Any]:
    """Unit vectors of a number's or an array's space."""
    if np.ndim(value) == 0:
        yield 1.0 if not isinstance(value, np.ndarray) else np.ones_like(value)
        return
    for k in range(np.size(value)):
        unit = np.zeros(np.shape(value), np.asarray(value).dtype)
        unit.flat[k] = 1.0
        yield unit


def _columns(tangents: list[Any], shape: tuple[int, ...]) -> Any:
    first = tangents[0]
    if isinstance(first, tuple | list):
        return _like(first, [_columns([t[k] for t in tangents], shape) for k in range(len(first))])
    if isinstance(first, dict):
        return {key: _columns([t[key] for t in tangents], shape) for key in first}
    if shape == ():
        return first
    stacked = np.stack([np.asarray(t) for t in tangents], axis=-1)
    return stacked.reshape(np.shape(first) + shape)


def _transposed(blocks: Sequence[Any]) -> Any:
    """For each result a tuple of what belongs to each argument, from those of each argument."""
    first = blocks[0]
    if isinstance(first, tuple | list):
        return _like(first, [_transposed([b[k] for b in blocks]) for k in range(len(first))])
    if isinstance(first, dict):
        return {key: _transposed([b[key] for b in blocks]) for key in first}
    return tuple(blocks)


def _rows(value: Any, pullback: Callable[[Any], Any], place: Callable[[Any], Any], inputs: Any) -> Any:
    if isinstance(value, tuple | list):

        def at(k: int) -> Callable[[Any], Any]:
            return lambda c: place(_like(value, [c if j == k else _zeros(v) for j, v in enumerate(value)]))

        return _like(value, [_rows(v, pullback, at(k), inputs) for k, v in enumerate(value)])
    if isinstance(value, dict):

        def under(key: Any) -> Callable[[Any], Any]:
            return lambda c: place({j: c if j == key else _zeros(v) for j, v in value.items()})

        return {key: _rows(v, pullback, under(key), inputs) for key, v in value.items()}
    rows = [pullback(place(unit)) for unit in _basis(value)]
    if np.ndim(value) == 0:
        return rows[0]
    return _stacked(rows, np.shape(value), inputs)


def _stacked(rows: list[Any], shape: tuple[int, ...], inputs: Any) -> Any:
    """Gradients as the rows of arrays; without rows, of the shape of the inputs."""
    if isinstance(inputs, tuple | list):
        return _like(inputs, [_stacked([r[k] for r in rows], shape, v) for k, v in enumerate(inputs)])
    if isinstance(inputs, dict):
        return {key: _stacked([r[key] for r in rows], shape, v) for key, v in inputs.items()}
    if not rows:
        return np.zeros(shape + np.shape(inputs))
    return np.stack([np.asarray(r) for r in rows]).reshape(shape + np.shape(rows[0]))


def _zeros(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return _like(value, [_zeros(v) for v in value])
    if isinstance(value, dict):
        return {k: _zeros(v) for k, v in value.items()}
    return np.zeros_like(value) if isinstance(value, np.ndarray) else 0.0


def _like(value: Any, items: list[Any]) -> Any:
    """A tuple or list of the same class."""
    return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
