"""Lynx and hare: the Lotka-Volterra equations fitted to the pelts of 1900-1920.

    hare' = hare (alpha - beta lynx)          lynx' = lynx (delta hare - gamma)

integrated by a classical Runge-Kutta method.  `theta` holds the logarithms of alpha, beta, gamma, delta and of
the two populations of the year 1900, so that every theta is admissible.  The misfit is half the sum of squared
differences of logarithms: the errors of counts are relative.
"""

import math
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

DATA = Path(__file__).parent / "data" / "lynx_hare.csv"
STEPS_PER_YEAR = 20
NAMES = ("alpha", "beta", "gamma", "delta", "hare in 1900", "lynx in 1900")


def rates(hare, lynx, alpha, beta, gamma, delta):
    """The right-hand sides of the two equations."""
    return hare * (alpha - beta * lynx), lynx * (delta * hare - gamma)


def runge_kutta_step(hare, lynx, h, alpha, beta, gamma, delta):
    """One step of length h."""
    a1, b1 = rates(hare, lynx, alpha, beta, gamma, delta)
    a2, b2 = rates(hare + 0.5 * h * a1, lynx + 0.5 * h * b1, alpha, beta, gamma, delta)
    a3, b3 = rates(hare + 0.5 * h * a2, lynx + 0.5 * h * b2, alpha, beta, gamma, delta)
    a4, b4 = rates(hare + h * a3, lynx + h * b3, alpha, beta, gamma, delta)
    hare += h / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4)
    lynx += h / 6.0 * (b1 + 2.0 * b2 + 2.0 * b3 + b4)
    return hare, lynx


def misfit(theta, hares, lynxes, steps_per_year):
    """Half the sum of squared log residuals over the years."""
    alpha, beta, gamma, delta = np.exp(theta[0]), np.exp(theta[1]), np.exp(theta[2]), np.exp(theta[3])
    hare, lynx = np.exp(theta[4]), np.exp(theta[5])
    h = 1.0 / steps_per_year
    total = 0.0
    for year in range(hares.size):
        if year > 0:
            for step in range(steps_per_year):
                hare, lynx = runge_kutta_step(hare, lynx, h, alpha, beta, gamma, delta)
        total += math.log(hare / hares[year]) ** 2 + math.log(lynx / lynxes[year]) ** 2
    return 0.5 * total


def simulate(theta, years, steps_per_year=STEPS_PER_YEAR):
    """Populations at each step, for plots: (times in years since 1900, hares, lynxes)."""
    alpha, beta, gamma, delta, hare, lynx = np.exp(theta)
    h = 1.0 / steps_per_year
    hares, lynxes = [hare], [lynx]
    for _ in range((years - 1) * steps_per_year):
        hare, lynx = runge_kutta_step(hare, lynx, h, alpha, beta, gamma, delta)
        hares.append(hare)
        lynxes.append(lynx)
    return h * np.arange(len(hares)), np.array(hares), np.array(lynxes)


def load():
    """The table: (years, hares, lynxes), in thousands of pelts."""
    year, lynx, hare = np.loadtxt(DATA, delimiter=",", skiprows=4, unpack=True)
    return year.astype(int), hare, lynx


def guess(hares, lynxes):
    """Rough starting values: cycles of some ten years about the mean populations."""
    rate = 2.0 * np.pi / 10.0
    populations = [rate, rate / lynxes.mean(), rate, rate / hares.mean(), hares[0], lynxes[0]]
    return np.log(np.array(populations))


def fit(value_and_grad):
    """Minimise the misfit; `value_and_grad(theta, hares, lynxes, steps_per_year)` gives both."""
    _, hares, lynxes = load()
    return minimize(
        value_and_grad,
        guess(hares, lynxes),
        args=(hares, lynxes, STEPS_PER_YEAR),
        jac=True,
        method="L-BFGS-B",
    )
