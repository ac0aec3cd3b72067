"""Tangents and cotangents: made of the type of the values that they belong to, or refused."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any, NoReturn

import numpy as np

from adgen.errors import CannotInfer
from adgen.frontend.read_source import definition_span


def fitted(seed: Any, value: Any, what: str, function: Any) -> Any:
    """A tangent or cotangent in the structure, shapes and dtypes of a value; None stands for zero."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "fc":
        return _fitted_array(seed, value, what, function)
    if isinstance(value, float | complex | np.inexact):
        return _fitted_number(seed, value, what, function)
    if seed is None or seed is value:
        return seed
    if isinstance(value, list | tuple):
        if not isinstance(seed, list | tuple) or len(seed) != len(value):
            _refuse(what, function, f"{_shown(seed)} for {_shown(value)}")
        items = [fitted(s, v, f"{what}[{k}]", function) for k, (s, v) in enumerate(zip(seed, value, strict=True))]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if isinstance(value, Mapping):
        if not isinstance(seed, Mapping) or set(seed) != set(value):
            _refuse(what, function, f"{_shown(seed)} for {_shown(value)}")
        return {k: fitted(seed[k], v, f"{what}[{k!r}]", function) for k, v in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type) and type(seed) is type(value):
        made = copy.copy(seed)
        for name in (f.name for f in dataclasses.fields(value)):
            part = fitted(getattr(seed, name), getattr(value, name), f"{what}.{name}", function)
            object.__setattr__(made, name, part)  # frozen ones too; what a constructor checks holds for values
        return made
    return seed


def _fitted_array(seed: Any, value: np.ndarray, what: str, function: Any) -> np.ndarray:
    if seed is None:
        return np.zeros_like(value)
    if type(seed) is np.ndarray and seed.dtype == value.dtype and seed.shape == value.shape:
        return seed
    given = np.asarray(seed)
    if given.shape != value.shape:
        _refuse(what, function, f"shape {given.shape} for shape {value.shape}")
    _check_kind(given, value, what, function)
    return given.astype(value.dtype)


def _fitted_number(seed: Any, value: Any, what: str, function: Any) -> Any:
    if seed is None:
        return type(value)(0.0)
    if type(seed) is type(value):
        return seed
    given = np.asarray(seed)
    if given.shape != ():
        _refuse(what, function, f"shape {given.shape} for a number")
    _check_kind(given, np.asarray(value), what, function)
    return type(value)(given[()])


def _check_kind(given: np.ndarray, value: np.ndarray, what: str, function: Any) -> None:
    if given.dtype.kind not in "biufc" or (given.dtype.kind == "c" and value.dtype.kind != "c"):
        _refuse(what, function, f"{given.dtype} for {value.dtype}")


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"a dict of {', '.join(map(repr, value))}"
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of {len(value)}"
    return f"a {type(value).__name__}"


def _refuse(what: str, function: Any, difference: str) -> NoReturn:
    raise CannotInfer(
        "seed",
        f"{what} does not fit: {difference}",
        definition_span(function),
        reason="it is a direction in the space of what it belongs to.",
        remedy="an array of the same shape, or a container of the same structure",
    )
