"""A mass on a spring, by the symplectic Euler method."""

DT = 0.01


def swing(x0: float, k: float, n: int):
    """Where the mass is after n steps, released at x0 without speed."""
    x, v = x0, 0.0
    for i in range(n):
        v -= k * x * DT
        x += v * DT
    return x
