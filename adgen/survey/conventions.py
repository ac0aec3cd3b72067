"""What the names of parameters tell of their values, in the natural sciences.

A row is a pattern of names and a value that makes sense for it.  The first row that matches decides, so that
special names come first.  Values are generic: no two rows agree, and none sits on a round number where formulas
have their kinks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np


def _wave(x: Any) -> Any:
    """A smooth function of one variable with one sign change between 0 and 2."""
    return x * x - 1.3 + 0.1 * np.sin(x)


NAMES: tuple[tuple[str, Any], ...] = (
    # points and functions
    (r"point\w*|pt\d*|coord\w*", (47.3, 11.4)),
    (r"f|fun|func|function|fn|objective", _wave),
    # points in time and on Earth
    (r"lat\w*|\w*_lat|phi_?(lat)?0?|latitude\w*", 47.3),
    (r"lon\w*|\w*_lon|longitude\w*", 11.4),
    (r"h0|alt\w*|altitude|elevation|height|z0", 312.7),
    (r"year", 2021),
    (r"month", 6),
    (r"day|doy|dayofyear", 17),
    (r"hour", 11),
    (r"minute", 23),
    (r"az|azimuth|\w*_azimuth", 152.6),
    (r"el|\w*zenith|\w*tilt|aoi", 37.4),
    (r"srange|slant_?range", 1234.5),
    # matrices and vectors
    (r"quat\w*|q", np.array([0.8, 0.3, -0.4, 0.33166247903554])),
    (r"r(ot(ation)?)?_?mat(rix)?|dcm|\w*rotation_matrix", "rotation"),
    (r"acc\w*", np.array([0.31, -0.52, 9.71])),
    (r"mag\w*", np.array([21.3, 4.7, -40.1])),
    (r"gyr\w*|omega|angular_rates?", np.array([0.11, -0.23, 0.17])),
    # thermodynamics and flow
    (r"temp_?air|temp_?cell|t_?amb\w*|air_temperature|tdrybulb|t(emp)?_?c(elsius)?", 23.7),
    (r"tdewpoint|tdp|twetbulb|twb", 14.3),
    (r"relhum|rh|relative_humidity", 0.43),
    (r"humratio|hum_?ratio", 0.0093),
    (r"pressure|p(ress)?\d?|p_?(atm|sat|in|out|amb)?|psat\w*", 101872.0),
    (r"pc\w*", 3.71e6),
    (r"tc\w*", 512.6),
    (r"tb|tm|tt", 351.4),
    (r"t|t\d|ti|to|temp\w*|t_\w+", 301.2),
    (r"vc|vm|v_?l|vb", 1.1e-4),
    (r"zc|z", 0.274),
    (r"omegas?|acentric\w*", 0.236),
    (r"mws?|m_?w", 44.1),
    (r"rho\w*|density", 871.3),
    (r"mu\w*|viscosity|nu", 1.07e-3),
    (r"k\w?|kl|kg|conductivity", 0.61),
    (r"cp\w*|cv\w*|hvap\w*", 2011.0),
    (r"sigma|surface_tension|vol(atility)?|sd|std|scale", 0.23),
    (r"re\w*|reynolds", 53127.0),
    (r"pr|prandtl", 4.31),
    (r"nu\w*", 21.7),
    (r"gr|ra", 4.7e8),
    (r"d\w?|di|do|diameter|d_\w+", 0.113),
    (r"l\w?|length|width|w\w?", 1.83),
    (r"roughness|ed|ed_ratio", 2.3e-4),
    (r"v\w?|velocity|speed|wind_?speed", 3.17),
    (r"m|mdot|g|flow\w*", 5.23),
    (r"q\w?", 0.37),
    # money
    (r"s0?|spot|price", 101.3),
    (r"strike|x0", 97.6),
    (r"rate|r|irr", 0.037),
    (r"flag|option_type", "c"),
    (r"nper", 11.3),
    (r"pmt", -117.0),
    (r"pv|fv", 1013.0),
    # radiation
    (r"ghi|dni|dhi|poa\w*|irradiance\w*|effective_irradiance", 623.0),
    (r"dni_extra|extra_radiation", 1389.0),
    (r"airmass\w*|am", 1.52),
    (r"surface_albedo|albedo", 0.21),
    # oceans
    (r"salinity|sal|psu", 34.7),
    # numbers without a unit
    (r"prob\w*|percent\w*|quality|x_?\w?|frac\w*|alpha|eta|eps\w*|voidage|efficiency|beta|gamma|theta|phi|psi", 0.417),
    (r"n|n_\w+|num\w*|order|degree|dim|size|k|i|j|steps|iterations", 3),
)

_ROWS = [(re.compile(pattern), value) for pattern, value in NAMES]


def conventional(name: str) -> Any:
    """A value for a parameter of this name, or None."""
    for pattern, value in _ROWS:
        if pattern.fullmatch(name.lower()):
            return rotation() if isinstance(value, str) and value == "rotation" else value
    return None


def rotation() -> np.ndarray:
    """A rotation by a generic angle about a generic axis."""
    a, b = 0.4, 0.7
    about_z = np.array([[math.cos(a), -math.sin(a), 0.0], [math.sin(a), math.cos(a), 0.0], [0.0, 0.0, 1.0]])
    about_x = np.array([[1.0, 0.0, 0.0], [0.0, math.cos(b), -math.sin(b)], [0.0, math.sin(b), math.cos(b)]])
    return about_z @ about_x


# Shapes to try where names do not help: each a function of the parameter's position.
PROBES: tuple[Callable[[int], Any], ...] = (
    lambda i: 0.37 + 0.21 * i,
    lambda i: np.array([0.53, 0.21, 0.87, 0.34]) + 0.13 * i,
    lambda i: np.array([0.36, 0.48, 0.8]) + 0.07 * i,
    lambda i: 1.43 + 0.31 * i,
    lambda i: np.diag([2.1, 1.7, 2.6]) + 0.3 * np.sin(np.arange(9.0) + i).reshape(3, 3),
    lambda i: 17.3 + 2.3 * i,
    lambda i: np.diag([2.1, 1.7, 2.6]) + 0.1 * i if i == 0 else np.array([0.36, 0.48, 0.8]) + 0.07 * i,
    lambda i: np.array([0.53, 0.21, 0.87, 0.34]) if i == 0 else 0.37 + 0.21 * i,
    lambda i: 0.37 if i == 0 else np.array([0.53, 0.21, 0.87, 0.34]) + 0.13 * i,
    lambda i: np.sin(0.7 * np.arange(24.0) + i).reshape(8, 3),
)
