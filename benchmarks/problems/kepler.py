"""Kepler's equation solved by Newton's method inside a sum over anomalies."""

import math

import numpy as np

ARGNUMS = ("mean_anomalies", "eccentricity")
SIZES = {"small": 100, "medium": 10000, "large": 100000}  # anomalies


def sample(size, rng):
    return 2.0 * math.pi * rng.random(size), 0.6


def objective(mean_anomalies, eccentricity):
    total = 0.0
    for i in range(mean_anomalies.size):
        m = mean_anomalies[i]
        e = m
        for _ in range(10):
            step = (e - eccentricity * math.sin(e) - m) / (1.0 - eccentricity * math.cos(e))
            e -= step
            if abs(step) < 1e-10:
                break
        total += math.sin(e) ** 2
    return total


def functional(xp, scan, mean_anomalies, eccentricity):
    """All at once; those that have converged are masked."""
    e = mean_anomalies
    moving = mean_anomalies == mean_anomalies
    for _ in range(10):
        step = (e - eccentricity * xp.sin(e) - mean_anomalies) / (1.0 - eccentricity * xp.cos(e))
        e = e - xp.where(moving, step, 0.0)
        moving = moving & (xp.abs(step) >= 1e-10)
    return xp.sum(xp.sin(e) ** 2)


def symbolic(ca, mean_anomalies, eccentricity):
    e, moving = mean_anomalies, 1.0
    for _ in range(10):
        step = (e - eccentricity * ca.sin(e) - mean_anomalies) / (1.0 - eccentricity * ca.cos(e))
        e = e - moving * step
        moving = moving * (ca.fabs(step) >= 1e-10)
    return ca.sumsqr(ca.sin(e))


def by_hand(mean_anomalies, eccentricity):
    """By the implicit function theorem: what a person does, who knows that the iteration has converged."""
    anomalies_bar = np.empty_like(mean_anomalies)
    eccentricity_bar = 0.0
    for i in range(mean_anomalies.size):
        m = mean_anomalies[i]
        e = m
        for _ in range(10):
            step = (e - eccentricity * math.sin(e) - m) / (1.0 - eccentricity * math.cos(e))
            e -= step
            if abs(step) < 1e-10:
                break
        sine, cosine = math.sin(e), math.cos(e)
        slope = 2.0 * sine * cosine / (1.0 - eccentricity * cosine)
        anomalies_bar[i] = slope
        eccentricity_bar += slope * sine
    return anomalies_bar, eccentricity_bar
