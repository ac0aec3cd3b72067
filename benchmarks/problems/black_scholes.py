"""Value of a portfolio of European calls: a long chain of elementwise operations on vectors."""

import math

import numpy as np

ARGNUMS = ("spot", "volatility", "rate")
SIZES = {"small": 100, "medium": 10000, "large": 1000000}  # options


def sample(size, rng):
    spot, strike = 80.0 + 40.0 * rng.random(size), 80.0 + 40.0 * rng.random(size)
    return spot, strike, 0.1 + 0.4 * rng.random(size), 0.03, 0.25 + 2.0 * rng.random(size)


def normal_cdf(x):
    """Abramowitz and Stegun 26.2.17, good to 7.5e-8."""
    k = 1.0 / (1.0 + 0.2316419 * np.abs(x))
    poly = k * (0.319381530 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))))
    upper = np.exp(-0.5 * x**2) / np.sqrt(2.0 * np.pi) * poly
    return np.where(x > 0.0, 1.0 - upper, upper)


def objective(spot, strike, volatility, rate, expiry):
    spread = volatility * np.sqrt(expiry)
    d1 = (np.log(spot / strike) + (rate + 0.5 * volatility**2) * expiry) / spread
    d2 = d1 - spread
    calls = spot * normal_cdf(d1) - strike * np.exp(-rate * expiry) * normal_cdf(d2)
    return np.sum(calls)


def functional(xp, scan, spot, strike, volatility, rate, expiry):
    def normal_cdf(x):
        k = 1.0 / (1.0 + 0.2316419 * xp.abs(x))
        poly = k * (0.319381530 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))))
        upper = xp.exp(-0.5 * x**2) / math.sqrt(2.0 * math.pi) * poly
        return xp.where(x > 0.0, 1.0 - upper, upper)

    spread = volatility * xp.sqrt(expiry)
    d1 = (xp.log(spot / strike) + (rate + 0.5 * volatility**2) * expiry) / spread
    return xp.sum(spot * normal_cdf(d1) - strike * xp.exp(-rate * expiry) * normal_cdf(d1 - spread))


def symbolic(ca, spot, strike, volatility, rate, expiry):
    def normal_cdf(x):
        k = 1.0 / (1.0 + 0.2316419 * ca.fabs(x))
        poly = k * (0.319381530 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))))
        upper = ca.exp(-0.5 * x**2) / math.sqrt(2.0 * math.pi) * poly
        return ca.if_else(x > 0.0, 1.0 - upper, upper)

    spread = volatility * ca.sqrt(expiry)
    d1 = (ca.log(spot / strike) + (rate + 0.5 * volatility**2) * expiry) / spread
    return ca.sum1(spot * normal_cdf(d1) - strike * ca.exp(-rate * expiry) * normal_cdf(d1 - spread))


def by_hand(spot, strike, volatility, rate, expiry):
    spot_bar, volatility_bar = np.empty_like(spot), np.empty_like(volatility)
    rate_bar = 0.0
    for i in range(spot.size):
        root = math.sqrt(expiry[i])
        spread = volatility[i] * root
        d1 = (math.log(spot[i] / strike[i]) + (rate + 0.5 * volatility[i] ** 2) * expiry[i]) / spread
        d2 = d1 - spread
        discounted = strike[i] * math.exp(-rate * expiry[i])
        cdf1, slope1 = cdf_and_slope(d1)
        cdf2, slope2 = cdf_and_slope(d2)
        d2_bar = -discounted * slope2
        d1_bar = spot[i] * slope1 + d2_bar
        spread_bar = -d2_bar - d1_bar * d1 / spread
        scaled = d1_bar / spread
        spot_bar[i] = cdf1 + scaled / spot[i]
        volatility_bar[i] = scaled * volatility[i] * expiry[i] + spread_bar * root
        rate_bar += scaled * expiry[i] + discounted * expiry[i] * cdf2
    return spot_bar, volatility_bar, rate_bar


def cdf_and_slope(x):
    k = 1.0 / (1.0 + 0.2316419 * abs(x))
    poly = k * (0.319381530 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))))
    inner = 1.781477937 * 3.0 + k * (-1.821255978 * 4.0 + k * 1.330274429 * 5.0)
    poly_slope = 0.319381530 + k * (-0.356563782 * 2.0 + k * inner)
    density = math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)
    upper = density * poly
    slope = -abs(x) * upper - density * poly_slope * 0.2316419 * k * k
    return (1.0 - upper, -slope) if x > 0.0 else (upper, -slope)
