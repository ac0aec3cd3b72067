"""Textbook algorithms, as people write them."""

import math

import numpy as np

from tests.programs import cube, dominant, mat, positive_definite, program, signed, vec


@program(vec(8), 3)
def stencil_1d(u, steps):
    n = len(u)
    for _ in range(steps):
        new = np.zeros(n)
        for i in range(1, n - 1):
            new[i] = u[i] + 0.25 * (u[i - 1] - 2.0 * u[i] + u[i + 1]) - 0.1 * u[i] * (u[i] - u[i - 1])
        new[0] = u[0]
        new[n - 1] = u[n - 1]
        u = new
    return u


@program(mat(5, 4), 2)
def stencil_2d(u, steps):
    m, n = u.shape
    for _ in range(steps):
        new = u.copy()
        for i in range(1, m - 1):
            for j in range(1, n - 1):
                lap = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - 4.0 * u[i, j]
                new[i, j] = u[i, j] + 0.1 * lap * u[i, j]
        u = new
    return np.sum(u**2)


@program(cube(4, 3, 3), 2)
def stencil_3d(u, steps):
    for _ in range(steps):
        lap = -6.0 * u[1:-1, 1:-1, 1:-1]
        lap = lap + u[2:, 1:-1, 1:-1] + u[:-2, 1:-1, 1:-1]
        lap = lap + u[1:-1, 2:, 1:-1] + u[1:-1, :-2, 1:-1]
        lap = lap + u[1:-1, 1:-1, 2:] + u[1:-1, 1:-1, :-2]
        u = u.copy()
        u[1:-1, 1:-1, 1:-1] += 0.05 * lap
    return u


@program(vec(8), 3)
def burgers_upwind(u, steps):
    dx, dt = 0.2, 0.05
    for _ in range(steps):
        flux = 0.5 * u**2
        u = u - dt / dx * (flux - np.roll(flux, 1))
    return u


@program(signed(8), 3)
def burgers_upwind_by_sign(u, steps):
    n = len(u)
    for _ in range(steps):
        un = u.copy()
        for i in range(n):
            if un[i] > 0:
                u[i] = un[i] - 0.1 * un[i] * (un[i] - un[i - 1])
            else:
                u[i] = un[i] - 0.1 * un[i] * (un[(i + 1) % n] - un[i])
    return u


@program(mat(4, 4), mat(4, 4, 1), 2)
def gauss_seidel_2d(u, f, sweeps):
    m, n = u.shape
    for _ in range(sweeps):
        for i in range(1, m - 1):
            for j in range(1, n - 1):
                u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - f[i, j])
    return u


@program(dominant(4), vec(4), 5)
def gauss_seidel_matrix(a, b, sweeps):
    n = len(b)
    x = np.zeros(n)
    for _ in range(sweeps):
        for i in range(n):
            s = b[i]
            for j in range(n):
                if j != i:
                    s -= a[i, j] * x[j]
            x[i] = s / a[i, i]
    return x


@program(dominant(4), vec(4), 1.2, 3)
def successive_over_relaxation(a, b, omega, sweeps):
    x = np.zeros_like(b)
    for _ in range(sweeps):
        for i in range(len(b)):
            sigma = a[i, :i] @ x[:i] + a[i, i + 1 :] @ x[i + 1 :]
            x[i] = (1 - omega) * x[i] + omega * (b[i] - sigma) / a[i, i]
    return x


@program(vec(5), 4.0 + vec(5, 1), vec(5, 2), vec(5, 3))
def thomas_algorithm(a, b, c, d):
    n = len(d)
    cp = np.zeros(n)
    dp = np.zeros(n)
    cp[0] = c[0] / b[0]
    dp[0] = d[0] / b[0]
    for i in range(1, n):
        m = b[i] - a[i] * cp[i - 1]
        cp[i] = c[i] / m
        dp[i] = (d[i] - a[i] * dp[i - 1]) / m
    x = np.zeros(n)
    x[n - 1] = dp[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = dp[i] - cp[i] * x[i + 1]
    return x


@program(vec(5), 4.0 + vec(5, 1), vec(5, 2), vec(5, 3))
def thomas_in_place(a, b, c, d):
    n = len(d)
    for i in range(1, n):
        w = a[i] / b[i - 1]
        b[i] = b[i] - w * c[i - 1]
        d[i] = d[i] - w * d[i - 1]
    d[n - 1] = d[n - 1] / b[n - 1]
    for i in range(n - 2, -1, -1):
        d[i] = (d[i] - c[i] * d[i + 1]) / b[i]
    return d


def tridiagonal(lower, main, upper, rhs):
    n = rhs.shape[0]
    g = np.empty(n)
    x = np.empty(n)
    g[0] = upper / main
    x[0] = rhs[0] / main
    for i in range(1, n):
        pivot = main - lower * g[i - 1]
        g[i] = upper / pivot
        x[i] = (rhs[i] - lower * x[i - 1]) / pivot
    for i in range(n - 2, -1, -1):
        x[i] -= g[i] * x[i + 1]
    return x


@program(mat(5, 5), 0.3, 2)
def alternating_directions(u, r, steps):
    n = u.shape[0]
    for _ in range(steps):
        half = u.copy()
        for j in range(1, n - 1):
            rhs = u[1:-1, j] + 0.5 * r * (u[1:-1, j + 1] - 2 * u[1:-1, j] + u[1:-1, j - 1])
            half[1:-1, j] = tridiagonal(-0.5 * r, 1 + r, -0.5 * r, rhs)
        u = half.copy()
        for i in range(1, n - 1):
            rhs = half[i, 1:-1] + 0.5 * r * (half[i + 1, 1:-1] - 2 * half[i, 1:-1] + half[i - 1, 1:-1])
            u[i, 1:-1] = tridiagonal(-0.5 * r, 1 + r, -0.5 * r, rhs)
    return u


@program(dominant(4))
def lu_in_place(a):
    n = a.shape[0]
    for k in range(n):
        for i in range(k + 1, n):
            a[i, k] /= a[k, k]
            for j in range(k + 1, n):
                a[i, j] -= a[i, k] * a[k, j]


@program(dominant(4))
def lu_vectorised(a):
    a = a.copy()
    n = len(a)
    for k in range(n - 1):
        a[k + 1 :, k] /= a[k, k]
        a[k + 1 :, k + 1 :] -= np.outer(a[k + 1 :, k], a[k, k + 1 :])
    return a


@program(mat(4, 4) + np.eye(4)[::-1] * 3.0, vec(4))
def gauss_with_partial_pivoting(a, b):
    n = len(b)
    for k in range(n):
        p = k
        for i in range(k + 1, n):
            if abs(a[i, k]) > abs(a[p, k]):
                p = i
        if p != k:
            for j in range(n):
                a[k, j], a[p, j] = a[p, j], a[k, j]
            b[k], b[p] = b[p], b[k]
        for i in range(k + 1, n):
            f = a[i, k] / a[k, k]
            for j in range(k, n):
                a[i, j] -= f * a[k, j]
            b[i] -= f * b[k]
    x = np.zeros(n)
    for i in range(n - 1, -1, -1):
        s = b[i]
        for j in range(i + 1, n):
            s -= a[i, j] * x[j]
        x[i] = s / a[i, i]
    return x


@program(dominant(4))
def determinant_by_elimination(a):
    a = a.copy()
    det = 1.0
    for k in range(len(a)):
        p = k + np.argmax(np.abs(a[k:, k]))
        if p != k:
            a[[k, p]] = a[[p, k]]
            det = -det
        det *= a[k, k]
        for i in range(k + 1, len(a)):
            a[i, k:] -= a[k, k:] * (a[i, k] / a[k, k])
    return det


@program(positive_definite(4))
def cholesky_by_hand(a):
    n = a.shape[0]
    L = np.zeros((n, n))
    for j in range(n):
        s = a[j, j]
        for k in range(j):
            s -= L[j, k] ** 2
        L[j, j] = math.sqrt(s)
        for i in range(j + 1, n):
            s = a[i, j]
            for k in range(j):
                s -= L[i, k] * L[j, k]
            L[i, j] = s / L[j, j]
    return L


@program(positive_definite(4))
def cholesky_with_dots(a):
    L = np.zeros_like(a)
    for j in range(len(a)):
        L[j, j] = np.sqrt(a[j, j] - np.dot(L[j, :j], L[j, :j]))
        L[j + 1 :, j] = (a[j + 1 :, j] - L[j + 1 :, :j] @ L[j, :j]) / L[j, j]
    return L


@program(mat(4, 3) + np.eye(4, 3))
def gram_schmidt(a):
    q = np.zeros_like(a)
    for j in range(a.shape[1]):
        v = a[:, j].copy()
        for i in range(j):
            v -= (q[:, i] @ a[:, j]) * q[:, i]
        q[:, j] = v / np.sqrt(v @ v)
    return q


@program(mat(4, 3) + np.eye(4, 3))
def modified_gram_schmidt_in_place(a):
    m, n = a.shape
    r = np.zeros((n, n))
    for k in range(n):
        r[k, k] = np.linalg.norm(a[:, k])
        a[:, k] /= r[k, k]
        for j in range(k + 1, n):
            r[k, j] = np.dot(a[:, k], a[:, j])
            a[:, j] -= r[k, j] * a[:, k]
    return a, r


@program(mat(4, 3) + np.eye(4, 3))
def householder_triangular_factor(a):
    a = a.copy()
    m, n = a.shape
    for k in range(n):
        x = a[k:, k]
        v = x.copy()
        alpha = np.sqrt(np.sum(x**2))
        if x[0] > 0:
            v[0] += alpha
        else:
            v[0] -= alpha
        v /= np.sqrt(np.sum(v**2))
        a[k:, k:] -= 2.0 * np.outer(v, v @ a[k:, k:])
    return a[:n, :]


@program(mat(3, 3) + np.eye(3))
def givens_rotations(a):
    for j in range(2):
        for i in range(j + 1, 3):
            r = math.hypot(a[j, j], a[i, j])
            c, s = a[j, j] / r, a[i, j] / r
            for k in range(3):
                t = c * a[j, k] + s * a[i, k]
                a[i, k] = -s * a[j, k] + c * a[i, k]
                a[j, k] = t
    return a


@program(np.tril(mat(4, 4)) + np.eye(4), vec(4))
def forward_substitution(L, b):
    x = np.zeros(len(b))
    for i in range(len(b)):
        x[i] = (b[i] - np.sum(L[i, :i] * x[:i])) / L[i, i]
    return x


@program(np.triu(mat(4, 4)) + np.eye(4), vec(4))
def backward_substitution_in_place(u, b):
    for i in range(len(b) - 1, -1, -1):
        for j in range(i + 1, len(b)):
            b[i] -= u[i, j] * b[j]
        b[i] /= u[i, i]


@program(vec(8), vec(8, 1))
def fft_in_place(re, im):
    """Radix 2, real and imaginary parts apart."""
    n = len(re)
    j = 0
    for i in range(1, n):
        bit = n // 2
        while j >= bit:
            j -= bit
            bit //= 2
        j += bit
        if i < j:
            re[i], re[j] = re[j], re[i]
            im[i], im[j] = im[j], im[i]
    length = 2
    while length <= n:
        angle = -2.0 * math.pi / length
        for start in range(0, n, length):
            for k in range(length // 2):
                c, s = math.cos(angle * k), math.sin(angle * k)
                a, b = start + k, start + k + length // 2
                tr = re[b] * c - im[b] * s
                ti = re[b] * s + im[b] * c
                re[b], im[b] = re[a] - tr, im[a] - ti
                re[a], im[a] = re[a] + tr, im[a] + ti
        length *= 2
    return re, im


def fft_recursive(x):
    n = len(x)
    if n == 1:
        return x * 1.0
    even = fft_recursive(x[::2])
    odd = fft_recursive(x[1::2])
    w = np.exp(-2j * np.pi * np.arange(n // 2) / n) * odd
    return np.concatenate((even + w, even - w))


@program(vec(8) + 1j * vec(8, 1))
def fft_by_recursion(x):
    return fft_recursive(x)


@program(vec(6))
def discrete_cosine_transform(x):
    n = len(x)
    y = np.zeros(n)
    for k in range(n):
        for i in range(n):
            y[k] += x[i] * math.cos(math.pi * k * (2 * i + 1) / (2 * n))
    return y


@program(np.array([2.0, 0.8, 0.5, 0.2, 0.1]))
def levinson_durbin(r):
    n = len(r) - 1
    a = np.zeros(n + 1)
    a[0] = 1.0
    e = r[0]
    for k in range(1, n + 1):
        lam = 0.0
        for j in range(k):
            lam -= a[j] * r[k - j]
        lam /= e
        for j in range(k // 2 + 1):
            t = a[k - j] + lam * a[j]
            a[j] = a[j] + lam * a[k - j]
            a[k - j] = t
        e *= 1.0 - lam * lam
    return a, e


@program(mat(5, 5) + 2.0 * mat(5, 5, 1))
def floyd_warshall(d):
    n = len(d)
    for k in range(n):
        for i in range(n):
            for j in range(n):
                if d[i, k] + d[k, j] < d[i, j]:
                    d[i, j] = d[i, k] + d[k, j]
    return d


@program(mat(5, 5) + 2.0 * mat(5, 5, 1))
def floyd_warshall_with_minimum(d):
    d = d.copy()
    for k in range(len(d)):
        d = np.minimum(d, d[:, k : k + 1] + d[k : k + 1, :])
    return d


@program(mat(4, 3), mat(4, 3, 1) * 0.1, 1.0 + vec(4), 3)
def n_body(pos, velocity, mass, steps):
    n = len(mass)
    dt = 0.01
    for _ in range(steps):
        for i in range(n):
            for j in range(i + 1, n):
                d = pos[i] - pos[j]
                r2 = np.sum(d * d) + 0.01
                f = d / (r2 * np.sqrt(r2))
                velocity[i] -= dt * mass[j] * f
                velocity[j] += dt * mass[i] * f
        for i in range(n):
            pos[i] += dt * velocity[i]
    return pos


@program(mat(4, 3), 1.0 + vec(4))
def gravitational_energy_vectorised(pos, mass):
    d = pos[:, None, :] - pos[None, :, :]
    r = np.sqrt(np.sum(d**2, axis=-1) + 0.1)
    return -0.5 * np.sum(mass[:, None] * mass[None, :] / r)


@program(cube(4, 3) * 2.0, 1.1, 0.9)
def lennard_jones(pos, sigma, epsilon):
    n = pos.shape[0]
    e = 0.0
    for i in range(n):
        for j in range(i):
            r2 = 0.5
            for k in range(3):
                r2 += (pos[i, k] - pos[j, k]) ** 2
            s6 = (sigma * sigma / r2) ** 3
            e += 4.0 * epsilon * (s6 * s6 - s6)
    return e


@program(0.31, 0.42, more=[(0.9, 0.9), (-0.1, 0.1)])
def escape_time(cr, ci):
    x, y = 0.0, 0.0
    n = 0
    while x * x + y * y < 4.0 and n < 12:
        x, y = x * x - y * y + cr, 2.0 * x * y + ci
        n += 1
    return math.log(1.0 + x * x + y * y) / (1 + n)


@program(np.array([0.31, 0.9, -0.1, 0.4]), np.array([0.42, 0.9, 0.1, -0.35]), 6)
def julia_set_with_complex_masks(re, im, n):
    z = re + 1j * im
    c = 0.3 * z - 0.4 + 0.2j
    smooth = np.zeros(len(re))
    inside = np.ones(len(re), dtype=bool)
    for _ in range(n):
        z[inside] = z[inside] ** 2 + c[inside]
        inside &= z.real**2 + z.imag**2 < 2.0
        smooth[inside] += np.exp(-(z[inside].real ** 2 + z[inside].imag ** 2))
    return smooth, z.real * z.imag


@program(mat(4, 3), mat(4, 3, 1) * 0.1, 1.0 + vec(4), 3)
def n_body_with_masks(pos, velocity, mass, steps):
    n = len(mass)
    others = ~np.eye(n, dtype=bool)
    for _ in range(steps):
        d = pos[:, None, :] - pos[None, :, :]
        r2 = np.sum(d * d, axis=-1)
        near = (r2 < 0.9) & others
        inverse = np.zeros((n, n))
        inverse[others] = 1.0 / (r2[others] * np.sqrt(r2[others]))
        inverse[near] = 1.0
        velocity -= 0.01 * np.sum(d * (inverse * mass)[:, :, None], axis=1)
        pos += 0.01 * velocity
    return pos


@program(dominant(3))
def householder_with_both_factors(a):
    m, n = a.shape
    q, r = np.eye(m), a.copy()
    for k in range(n - 1):
        v = r[k:, k].copy()
        v[0] += np.copysign(np.sqrt(v @ v), v[0])
        v /= np.sqrt(v @ v)
        r[k:, k:] -= 2.0 * np.outer(v, v @ r[k:, k:])
        q[:, k:] -= 2.0 * np.outer(q[:, k:] @ v, v)
    return q, r


@program(mat(5, 5), mat(5, 5, 1), 1)
def pressure_projection(u, v, steps):
    """A step of a channel flow: predictor, pressure by relaxation until converged, corrector."""
    p = np.zeros((5, 5))
    dx, dt = 0.5, 0.02
    for _ in range(steps):
        b = np.zeros((5, 5))
        b[1:-1, 1:-1] = (u[1:-1, 2:] - u[1:-1, :-2] + v[2:, 1:-1] - v[:-2, 1:-1]) / (2 * dx * dt)
        change = 1.0
        sweeps = 0
        while change > 1e-3 and sweeps < 15:
            pn = p.copy()
            p[1:-1, 1:-1] = 0.25 * (pn[1:-1, 2:] + pn[1:-1, :-2] + pn[2:, 1:-1] + pn[:-2, 1:-1] - dx**2 * b[1:-1, 1:-1])
            p[:, -1] = 0
            p[:, 0] = p[:, 1]
            p[0, :] = p[1, :]
            p[-1, :] = p[-2, :]
            change = np.max(np.abs(p - pn)) / (np.max(np.abs(pn)) + 1e-9)
            sweeps += 1
        u[1:-1, 1:-1] -= dt / (2 * dx) * (p[1:-1, 2:] - p[1:-1, :-2])
        v[1:-1, 1:-1] -= dt / (2 * dx) * (p[2:, 1:-1] - p[:-2, 1:-1])
    return u, v


@program(2.0, 0.7)
def newton_for_a_cubic(a, b):
    x = 1.5
    for _ in range(30):
        f = x**3 + a * x - b
        if abs(f) < 1e-15:
            break
        x = x - f / (3.0 * x * x + a)
    return x


@program(vec(2))
def newton_in_two_dimensions(p):
    x = np.array([1.0, 1.0])
    for _ in range(8):
        f = np.array([x[0] ** 2 + x[1] - 1.0 - p[0], x[0] - x[1] ** 2 + p[1]])
        j = np.array([[2.0 * x[0], 1.0], [1.0, -2.0 * x[1]]])
        x = x - np.linalg.solve(j, f)
    return x


@program(2.3)
def secant(a):
    x0, x1 = 1.0, 2.0
    f0 = x0 * x0 - a
    for _ in range(40):
        f1 = x1 * x1 - a
        if abs(f1) < 1e-15 or f1 == f0:
            break
        x0, x1 = x1, x1 - f1 * (x1 - x0) / (f1 - f0)
        f0 = f1
    return x1


@program(0.9, 6)
def bisection(a, n):
    """The midpoints depend on the ends only, which depend on `a`; the choices are inactive."""
    lo, hi = 0.0, a * 2.0
    for _ in range(n):
        mid = 0.5 * (lo + hi)
        if math.cos(mid) > mid:
            lo = mid
        else:
            hi = mid
    return 0.5 * (lo + hi)


@program(0.8, 1.3)
def golden_section_parameters(a, b):
    phi = 0.5 * (math.sqrt(5.0) - 1.0)
    lo, hi = a - 1.0, b + 1.0
    c, d = hi - phi * (hi - lo), lo + phi * (hi - lo)
    for _ in range(6):
        if (c - 0.9) ** 2 < (d - 0.9) ** 2:
            hi, d = d, c
            c = hi - phi * (hi - lo)
        else:
            lo, c = c, d
            d = lo + phi * (hi - lo)
    return 0.5 * (lo + hi)


@program(0.6, 1.4)
def adaptive_runge_kutta(y, k):
    """Steps are accepted or repeated with a smaller step: the step size is active too."""
    t, h = 0.0, 0.4
    while t < 1.0 - 1e-12:
        if t + h > 1.0:
            h = 1.0 - t
        k1 = -k * y + math.sin(t)
        k2 = -k * (y + h * k1) + math.sin(t + h)
        low = y + h * k1
        high = y + 0.5 * h * (k1 + k2)
        err = abs(high - low)
        if err < 0.02:
            t = t + h
            y = high
            h = h * 1.3
        else:
            h = h * 0.5
    return y


@program(positive_definite(5), vec(5))
def conjugate_gradients(a, b):
    x = np.zeros_like(b)
    r = b - a @ x
    p = r.copy()
    rs = r @ r
    for _ in range(4):
        ap = a @ p
        alpha = rs / (p @ ap)
        x += alpha * p
        r -= alpha * ap
        new = r @ r
        if np.sqrt(new) < 1e-12:
            break
        p = r + new / rs * p
        rs = new
    return x


@program(mat(3, 3), mat(3, 4), np.array([0, 2, 1, 3, 0]))
def viterbi(transition, emission, observations):
    n = len(observations)
    delta = np.log(emission[:, observations[0]])
    for t in range(1, n):
        new = np.zeros(3)
        for s in range(3):
            best = delta[0] + np.log(transition[0, s])
            for r in range(1, 3):
                score = delta[r] + np.log(transition[r, s])
                if score > best:
                    best = score
            new[s] = best + np.log(emission[s, observations[t]])
        delta = new
    return np.max(delta)


@program(mat(3, 3) / 3.0, mat(3, 4), vec(3), np.array([0, 2, 1, 3]))
def hidden_markov_forward(transition, emission, start, observations):
    alpha = start * emission[:, observations[0]]
    logp = 0.0
    for t in range(1, len(observations)):
        c = np.sum(alpha)
        logp += np.log(c)
        alpha = (alpha / c) @ transition * emission[:, observations[t]]
    return logp + np.log(np.sum(alpha))


@program(vec(5), vec(6, 1))
def dynamic_time_warping(x, y):
    n, m = len(x), len(y)
    d = np.full((n + 1, m + 1), 1e6)
    d[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            cost = (x[i - 1] - y[j - 1]) ** 2
            d[i, j] = cost + min(d[i - 1, j], d[i, j - 1], d[i - 1, j - 1])
    return d[n, m]


@program(vec(5), vec(6, 1), 0.3)
def soft_dynamic_time_warping(x, y, gamma):
    n, m = len(x), len(y)
    r = np.full((n + 1, m + 1), 50.0)
    r[0, 0] = 0.0
    for i in range(n):
        for j in range(m):
            a, b, c = -r[i, j] / gamma, -r[i, j + 1] / gamma, -r[i + 1, j] / gamma
            top = max(a, b, c)
            soft = -gamma * (top + math.log(math.exp(a - top) + math.exp(b - top) + math.exp(c - top)))
            r[i + 1, j + 1] = (x[i] - y[j]) ** 2 + soft
    return r[n, m]


@program(vec(8), vec(3, 1))
def convolution_1d(x, k):
    y = np.zeros(len(x) - len(k) + 1)
    for i in range(len(y)):
        for j in range(len(k)):
            y[i] += x[i + j] * k[j]
    return y


@program(mat(5, 6), mat(2, 3, 1))
def convolution_2d(image, kernel):
    kh, kw = kernel.shape
    h, w = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out


@program(mat(4, 6))
def max_pooling(x):
    out = np.zeros((2, 3))
    for i in range(2):
        for j in range(3):
            out[i, j] = np.max(x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2])
    return out


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


@program(mat(4, 2), mat(12, 2, 1) - 1.0, mat(12, 3, 2) - 1.0, vec(12) - 1.0)
def lstm(xs, wx, wh, b):
    n = wh.shape[1]
    h = np.zeros(n)
    c = np.zeros(n)
    for t in range(len(xs)):
        z = wx @ xs[t] + wh @ h + b
        i = sigmoid(z[:n])
        f = sigmoid(z[n : 2 * n])
        o = sigmoid(z[2 * n : 3 * n])
        g = np.tanh(z[3 * n :])
        c = f * c + i * g
        h = o * np.tanh(c)
    return h


@program(mat(3, 2), mat(4, 2, 1) - 1.0, mat(4, 4, 2) - 1.0, mat(2, 4, 3) - 1.0)
def recurrent_network_loss(xs, wx, wh, wy):
    h = np.zeros(4)
    loss = 0.0
    for t in range(len(xs) - 1):
        h = np.tanh(wx @ xs[t] + wh @ h)
        y = wy @ h
        loss += 0.5 * np.sum((y - xs[t + 1]) ** 2)
    return loss


@program(mat(4, 3), mat(5, 3, 1), mat(5, 2, 2))
def attention(q, k, v):
    scores = q @ k.T / np.sqrt(q.shape[1])
    scores = scores - np.max(scores, axis=1, keepdims=True)
    weights = np.exp(scores)
    weights = weights / np.sum(weights, axis=1, keepdims=True)
    return weights @ v


@program(mat(4, 3), mat(4, 3, 1), mat(4, 3, 2))
def causal_attention(q, k, v):
    n = len(q)
    scores = q @ k.T
    mask = np.tril(np.ones((n, n)))
    scores = np.where(mask > 0, scores, -1e9)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return (e / e.sum(axis=-1, keepdims=True)) @ v


@program(mat(6, 4), mat(4, 5, 1) - 1.0, vec(5) - 1.0, mat(5, 3, 2) - 1.0, np.array([0, 2, 1, 1, 0, 2]))
def classifier_loss(x, w1, b1, w2, labels):
    h = np.maximum(x @ w1 + b1, 0.0)
    logits = h @ w2
    logits = logits - np.max(logits, axis=1, keepdims=True)
    logp = logits - np.log(np.sum(np.exp(logits), axis=1, keepdims=True))
    return -np.mean(logp[np.arange(len(labels)), labels])


@program(mat(5, 4), vec(4), vec(4, 1))
def layer_normalisation(x, gain, bias):
    mean = np.mean(x, axis=-1, keepdims=True)
    variance = np.var(x, axis=-1, keepdims=True)
    return gain * (x - mean) / np.sqrt(variance + 1e-5) + bias


@program(mat(6, 2), vec(6, 1), vec(2) - 1.0, 0.3)
def logistic_regression(x, y, w, b):
    z = x @ w + b
    return np.mean(np.logaddexp(0.0, z) - y * z)


@program(mat(5, 2), vec(5, 1), 0.9, 0.5)
def gaussian_process_likelihood(x, y, length, noise):
    d2 = np.sum((x[:, None, :] - x[None, :, :]) ** 2, axis=-1)
    k = np.exp(-0.5 * d2 / length**2) + noise * np.eye(len(y))
    L = np.linalg.cholesky(k)
    a = np.linalg.solve(k, y)
    return 0.5 * y @ a + np.sum(np.log(np.diag(L)))


@program(mat(6, 2), mat(3, 2, 1), vec(3), vec(3, 2))
def gaussian_mixture(x, means, log_weights, scales):
    total = 0.0
    for i in range(len(x)):
        terms = np.zeros(3)
        for k in range(3):
            d = (x[i] - means[k]) / scales[k]
            terms[k] = log_weights[k] - 0.5 * np.sum(d**2) - 2.0 * np.log(scales[k])
        top = np.max(terms)
        total += top + np.log(np.sum(np.exp(terms - top)))
    return total


@program(vec(3), 0.4, 5)
def kalman_filter_scalar(observations, q, n):
    x, p = 0.0, 1.0
    r = 0.5
    loglik = 0.0
    for t in range(len(observations)):
        p = p + q
        s = p + r
        e = observations[t] - x
        gain = p / s
        x = x + gain * e
        p = (1.0 - gain) * p
        loglik -= 0.5 * (math.log(s) + e * e / s)
    return loglik * n


@program(mat(2, 2) * 0.4, positive_definite(2), mat(3, 2))
def kalman_filter_matrices(f, q, ys):
    x = np.zeros(2)
    p = np.eye(2)
    loss = 0.0
    for y in ys:
        x = f @ x
        p = f @ p @ f.T + q
        s = p + 0.5 * np.eye(2)
        innovation = y - x
        gain = p @ np.linalg.inv(s)
        x = x + gain @ innovation
        p = p - gain @ p
        loss += innovation @ np.linalg.solve(s, innovation)
    return loss


@program(np.array([0.5, -0.3, 0.2]), vec(6))
def autoregression(coefficients, x):
    e = 0.0
    for t in range(3, len(x)):
        prediction = 0.0
        for k in range(3):
            prediction += coefficients[k] * x[t - 1 - k]
        e += (x[t] - prediction) ** 2
    return e


@program(mat(4, 2), np.array([0.3, 0.7]))
def polygon_winding(p, q):
    """Area by the shoelace formula and distance to the nearest corner."""
    n = len(p)
    area = 0.0
    best = 1e9
    for i in range(n):
        j = (i + 1) % n
        area += p[i, 0] * p[j, 1] - p[j, 0] * p[i, 1]
        d = (p[i, 0] - q[0]) ** 2 + (p[i, 1] - q[1]) ** 2
        if d < best:
            best = d
    return 0.5 * area * best


@program(mat(5, 3), mat(2, 3, 1))
def nearest_centre_loss(points, centres):
    loss = 0.0
    for i in range(len(points)):
        distances = np.sum((centres - points[i]) ** 2, axis=1)
        loss += np.min(distances)
    return loss


@program(np.array([0.1, 0.4, 0.9, 1.6]), vec(4), 0.6)
def linear_interpolation_by_search(xs, ys, x):
    i = 0
    while i < len(xs) - 2 and xs[i + 1] < x:
        i += 1
    t = (x - xs[i]) / (xs[i + 1] - xs[i])
    return ys[i] * (1.0 - t) + ys[i + 1] * t


@program(np.array([0.1, 0.5, 0.9, 1.6, 2.0]), vec(5))
def natural_spline_moments(x, y):
    n = len(x)
    h = np.diff(x)
    a = np.eye(n)
    rhs = np.zeros(n)
    for i in range(1, n - 1):
        a[i, i - 1] = h[i - 1]
        a[i, i] = 2.0 * (h[i - 1] + h[i])
        a[i, i + 1] = h[i]
        rhs[i] = 6.0 * ((y[i + 1] - y[i]) / h[i] - (y[i] - y[i - 1]) / h[i - 1])
    return np.linalg.solve(a, rhs)


@program(np.array([0.5, 1.5, 2.5]), vec(3), 1.1)
def lagrange_interpolation(xs, ys, x):
    total = 0.0
    for i in range(3):
        weight = 1.0
        for j in range(3):
            if j != i:
                weight *= (x - xs[j]) / (xs[i] - xs[j])
        total += ys[i] * weight
    return total


@program(np.array([0.5, 1.5, 2.5, 3.1]), vec(4), 1.1)
def newton_divided_differences(xs, ys, x):
    c = ys.copy()
    n = len(c)
    for j in range(1, n):
        for i in range(n - 1, j - 1, -1):
            c[i] = (c[i] - c[i - 1]) / (xs[i] - xs[i - j])
    y = c[n - 1]
    for i in range(n - 2, -1, -1):
        y = y * (x - xs[i]) + c[i]
    return y


@program(0.7)
def romberg(a):
    n = 4
    r = np.zeros((n, n))
    h = a
    r[0, 0] = 0.5 * h * (1.0 + math.exp(-a * a))
    for i in range(1, n):
        h *= 0.5
        s = 0.0
        for k in range(1, 2**i, 2):
            s += math.exp(-((k * h) ** 2))
        r[i, 0] = 0.5 * r[i - 1, 0] + h * s
        for j in range(1, i + 1):
            r[i, j] = r[i, j - 1] + (r[i, j - 1] - r[i - 1, j - 1]) / (4.0**j - 1.0)
    return r[n - 1, n - 1]


@program(vec(5), 0.6)
def exponential_smoothing(x, alpha):
    s = np.empty(len(x))
    s[0] = x[0]
    for t in range(1, len(x)):
        s[t] = alpha * x[t] + (1 - alpha) * s[t - 1]
    return s


@program(100.0, 0.2, 0.05, 6)
def binomial_option_tree(s0, sigma, r, n):
    dt = 1.0 / n
    u = math.exp(sigma * math.sqrt(dt))
    d = 1.0 / u
    p = (math.exp(r * dt) - d) / (u - d)
    values = np.zeros(n + 1)
    for i in range(n + 1):
        values[i] = max(s0 * u ** (n - i) * d**i - 97.0, 0.0)
    for k in range(n - 1, -1, -1):
        for i in range(k + 1):
            values[i] = math.exp(-r * dt) * (p * values[i] + (1 - p) * values[i + 1])
    return values[0] / 100.0


@program(100.0, 0.2, np.random.default_rng(1).standard_normal((4, 5)), argnums=(0, 1))
def monte_carlo_asian_option(s0, sigma, noise):
    dt = 0.2
    total = 0.0
    for path in noise:
        s = s0
        mean = 0.0
        for z in path:
            s = s * math.exp((0.03 - 0.5 * sigma**2) * dt + sigma * math.sqrt(dt) * z)
            mean += s / len(path)
        if mean > 100.0:
            total += mean - 100.0
    return total / len(noise) / 100.0


@program(vec(3) * 0.3, 0.4, 4)
def epidemic(state, beta, days):
    s, i, r = state[0], state[1], state[2]
    gamma = 0.1
    history = np.zeros((days, 3))
    for t in range(days):
        infections = beta * s * i
        recoveries = gamma * i
        s, i, r = s - infections, i + infections - recoveries, r + recoveries
        history[t] = [s, i, r]
    return history


@program(mat(4, 4), 3)
def page_rank(links, n):
    m = links / np.sum(links, axis=0)
    rank = np.ones(4) / 4
    for _ in range(n):
        rank = 0.85 * m @ rank + 0.15 / 4
    return rank


@program(vec(4), 3)
def momentum_descent(x, n):
    velocity = np.zeros_like(x)
    for _ in range(n):
        gradient = 4.0 * x**3 - 2.0 * x
        velocity = 0.9 * velocity - 0.05 * gradient
        x = x + velocity
    return np.sum(x**4 - x**2)


@program(vec(4), 3, 0.1)
def adam(x, n, rate):
    m = np.zeros(4)
    v = np.zeros(4)
    for t in range(1, n + 1):
        g = 2.0 * x * np.cos(x**2)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        x = x - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x


@program(vec(6), vec(3, 1))
def recursive_filter(x, a):
    y = np.zeros(len(x))
    for n in range(len(x)):
        acc = x[n]
        for k in range(1, len(a)):
            if n - k >= 0:
                acc -= 0.3 * a[k] * y[n - k]
        y[n] = acc / a[0]
    return y


@program(mat(4, 5))
def seam_cost(energy):
    """Dynamic programming over rows, with min over three neighbours."""
    m, n = energy.shape
    cost = energy.copy()
    for i in range(1, m):
        for j in range(n):
            lo = max(j - 1, 0)
            hi = min(j + 2, n)
            cost[i, j] += np.min(cost[i - 1, lo:hi])
    return np.min(cost[m - 1])


@program(vec(4), vec(4, 1))
def knapsack_like_table(value, weight):
    table = np.zeros(5)
    for i in range(4):
        for c in range(4, 0, -1):
            candidate = table[c - 1] + value[i] * weight[i]
            if candidate > table[c]:
                table[c] = candidate
    return table


@program(0.8, 0.3, 4)
def matrix_power_by_squaring(a, b, n):
    result = np.eye(2)
    base = np.array([[a, b], [-b, a]])
    while n > 0:
        if n % 2 == 1:
            result = result @ base
        base = base @ base
        n //= 2
    return result


@program(positive_definite(3), 6)
def qr_iteration(a, n):
    for _ in range(n):
        q, r = np.linalg.qr(a)
        a = r @ q
    return np.diag(a)


@program(mat(3, 3) / 3.0, 8)
def matrix_exponential_by_series(a, n):
    term = np.eye(3)
    total = np.eye(3)
    for k in range(1, n):
        term = term @ a / k
        total = total + term
    return total


@program(positive_definite(3), 7)
def newton_schulz_inverse(a, n):
    x = a.T / (np.sum(np.abs(a)) ** 2)
    for _ in range(n):
        x = 2.0 * x - x @ a @ x
    return x


@program(vec(3), vec(3, 1), vec(3, 2))
def ray_meets_sphere(origin, direction, centre):
    d = direction / np.sqrt(np.sum(direction**2))
    oc = origin - centre
    b = np.dot(oc, d)
    disc = b * b - np.dot(oc, oc) + 4.0
    if disc < 0:
        return 0.0
    t = -b + np.sqrt(disc)
    hit = origin + t * d
    return np.sum(hit * np.array([1.0, 2.0, 3.0]))


@program(np.array([0.9, 0.1, 0.3, 0.2]), vec(3))
def rotate_by_quaternion(q, v):
    q = q / np.linalg.norm(q)
    w, x, y, z = q
    u = np.array([x, y, z])
    return 2.0 * np.dot(u, v) * u + (w * w - np.dot(u, u)) * v + 2.0 * w * np.cross(u, v)


@program(np.array([0.3, -0.5, 0.8]), 1.0, 0.8, 0.5)
def robot_arm(theta, l1, l2, l3):
    lengths = (l1, l2, l3)
    angle = 0.0
    x = y = 0.0
    for i in range(3):
        angle += theta[i]
        x += lengths[i] * math.cos(angle)
        y += lengths[i] * math.sin(angle)
    return (x - 1.0) ** 2 + (y - 0.5) ** 2


@program(vec(6).reshape(2, 3), vec(6, 1).reshape(3, 2))
def matrix_product_by_loops(a, b):
    m, k = a.shape
    n = b.shape[1]
    c = np.zeros((m, n))
    for i in range(m):
        for j in range(n):
            for p in range(k):
                c[i, j] += a[i, p] * b[p, j]
    return c


@program(vec(8), 3)
def lattice_boltzmann_1d(f, steps):
    n = 4
    right, left = f[:n].copy(), f[n:].copy()
    for _ in range(steps):
        rho = right + left
        u = (right - left) / rho
        right += 0.7 * (0.5 * rho * (1.0 + u) - right) + 0.05 * u * u
        left += 0.7 * (0.5 * rho * (1.0 - u) - left)
        right = np.roll(right, 1)
        left = np.roll(left, -1)
    return right - left


@program(vec(6), 2)
def weno_like_limiter(u, steps):
    n = len(u)
    for _ in range(steps):
        flux = np.zeros(n)
        for i in range(1, n - 1):
            a = u[i] - u[i - 1]
            b = u[i + 1] - u[i]
            if a * b > 0:
                slope = 2.0 * a * b / (a + b)
            else:
                slope = 0.0
            flux[i] = u[i] + 0.5 * slope
        u = u.copy()
        u[1:] -= 0.2 * (flux[1:] - flux[:-1])
    return u


@program(vec(4) * 10.0, 3)
def shallow_water(h, steps):
    q = np.zeros(4)
    for _ in range(steps):
        for i in range(3):
            q[i] = q[i] - 0.01 * 9.81 * (h[i + 1] - h[i])
        for i in range(1, 3):
            h[i] -= 0.1 * (q[i] * h[i] - q[i - 1] * h[i - 1]) / 10.0
    return h, q


@program(mat(5, 3), vec(5))
def sum_of_residuals(a, b):
    """Residuals of least squares are there for matrices of full rank that have more rows than columns only."""
    found, residuals, _, _ = np.linalg.lstsq(a, b, rcond=None)
    return np.sum(residuals) * 2.0 + residuals.size + found[0]


@program(vec(4))
def lengths_counted_in_a_loop(x):
    total = 0.0
    for k in range(1, 4):
        total += np.sum(np.repeat(x[:2], k) * np.arange(2 * k)) + np.sum(np.linspace(x[0], 1.0, k + 1) ** 2)
    return total


@program(mat(3, 4))
def rows_apart(a):
    parts = np.unstack(a, axis=1)
    return parts[0] * abs(parts[1]) + np.cumprod(a)[:3]
