"""SciPy's distributions, spelled with functions that have rules.

``scipy.stats.norm.cdf`` and its like check and reshape their arguments in ways that have no derivative.  Where they
are called, the functions below are read in their place.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import numpy as np


def norm_pdf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    z = (x - loc) / scale
    return np.exp(-0.5 * z * z) / (scale * np.sqrt(2.0 * np.pi))


def norm_logpdf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    z = (x - loc) / scale
    return -0.5 * z * z - np.log(scale) - 0.5 * np.log(2.0 * np.pi)


def norm_cdf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    from scipy import special

    return special.ndtr((x - loc) / scale)


def norm_logcdf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    from scipy import special

    return special.log_ndtr((x - loc) / scale)


def norm_sf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    from scipy import special

    return special.ndtr((loc - x) / scale)


def norm_ppf(q: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    from scipy import special

    return special.ndtri(q) * scale + loc


SPELLED: dict[tuple[str, str], Callable[..., Any]] = {
    ("norm_gen", "pdf"): norm_pdf,
    ("norm_gen", "logpdf"): norm_logpdf,
    ("norm_gen", "cdf"): norm_cdf,
    ("norm_gen", "logcdf"): norm_logcdf,
    ("norm_gen", "sf"): norm_sf,
    ("norm_gen", "ppf"): norm_ppf,
}


def spelled(method: types.MethodType) -> Callable[..., Any] | None:
    """The function to read in the place of a distribution's method, or None."""
    kind = type(method.__self__)
    if not kind.__module__.startswith("scipy.stats"):
        return None
    return SPELLED.get((kind.__name__, method.__name__))
