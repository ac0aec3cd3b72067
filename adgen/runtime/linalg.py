# ruff: noqa: ANN001, ANN201, ANN202  (the text is copied into generated modules, for arguments of any type)
"""Tangents and adjoints of matrix factorisations.  Adjoints are transposes without conjugation."""

import numpy as np

from adgen.runtime.elementwise import quotient
from adgen.runtime.reductions import product_of_others, shares

__all__ = [
    "cofactors", "cofactors_along", "cond_slope", "diagonal", "eig_bar", "eig_dot", "eigenvectors", "eigvals_bar",
    "extreme_pair", "flat_inverse", "hermitian", "hermitian_bar", "jordan", "leading_columns", "leading_rows",
    "left_inverse", "lower_half", "lstsq_a_bar", "orthogonal_factor", "over_gaps", "over_square_gaps", "over_values",
    "pinv_bar", "pinv_dot", "polar_factor", "power_sum", "qr_bar", "qr_q_dot", "qr_r_dot", "residual_weights",
    "right_vectors", "row_order", "svd_bar", "svd_inner", "svd_u_dot", "svd_vh_dot", "svdvals_bar", "svdvals_dot",
]  # fmt: skip


def _t(a):
    return np.swapaxes(a, -1, -2)


def _h(a):
    return np.conj(np.swapaxes(a, -1, -2))


def diagonal(w):
    """Diagonal matrices with the entries of the vectors `w`."""
    return np.expand_dims(w, -1) * np.eye(w.shape[-1], dtype=w.dtype)


def _tied(w):
    """Which pairs of entries are equal, but for rounding."""
    largest = np.max(np.abs(w), axis=-1, initial=0)
    rounding = np.expand_dims(w.shape[-1] * np.spacing(largest), (-2, -1))
    return np.abs(np.expand_dims(w, -2) - np.expand_dims(w, -1)) <= rounding


def _over(m, divisor, tied):
    """``m / divisor``: 0 on the diagonal, else NaN where tied."""
    value = np.where(tied, np.nan, m / np.where(tied, 1, divisor))
    return np.where(np.eye(m.shape[-1]) > 0, 0, value)


def over_gaps(m, w):
    """``m[i, j] / (w[j] - w[i])``, and 0 on the diagonal.

    Where two entries of `w` are equal the result is NaN: eigenvectors of equal eigenvalues have no derivative, and that
    of a function of them can't be told from theirs.
    """
    return _over(m, np.expand_dims(w, -2) - np.expand_dims(w, -1), _tied(w))


def over_square_gaps(m, s):
    """``m[i, j] / (s[j]**2 - s[i]**2)``, with the conventions of `over_gaps`."""
    row, column = np.expand_dims(s, -2), np.expand_dims(s, -1)
    return _over(m, (row - column) * (row + column), _tied(s))


def over_values(e, s):
    """The columns of `e` over the entries of `s`: NaN where `s` is 0, for vectors of the value 0 have no derivative."""
    row = np.expand_dims(s, -2)
    return np.where(row == 0, np.nan, e / np.where(row == 0, 1, row))


def lower_half(x):
    """The lower triangle with half its diagonal."""
    return np.tril(x) - 0.5 * x * np.eye(x.shape[-1], dtype=x.dtype)


def hermitian(a, triangle):
    """The Hermitian matrix of which `a` holds one triangle."""
    strict = np.tril(a, -1) if triangle == "L" else np.triu(a, 1)
    return strict + _h(strict) + np.real(a) * np.eye(a.shape[-1], dtype=a.dtype)


def hermitian_bar(s, triangle):
    """Adjoint of `hermitian`: the contributions of both triangles gathered in one."""
    both = s + _h(s)
    strict = np.tril(both, -1) if triangle == "L" else np.triu(both, 1)
    return strict + np.real(s) * np.eye(s.shape[-1], dtype=s.dtype)


def flat_inverse(y, a, ind):
    """The matrix that ``y = np.linalg.tensorinv(a, ind)`` is, as a square matrix."""
    rows = 1
    for extent in a.shape[:ind]:
        rows *= extent
    return np.reshape(y, (-1, rows))


def cofactors(a):
    """``det(a) * inv(a).T``, which exists for singular matrices too."""
    u, s, vh = np.linalg.svd(a)
    others = product_of_others(s, -1)
    turn = np.linalg.det(u) * np.linalg.det(vh)
    return np.expand_dims(turn, (-2, -1)) * (np.conj(u) * np.expand_dims(others, -2)) @ np.conj(vh)


def cofactors_along(a, e):
    """Derivative of `cofactors` along `e`; right for singular matrices too.

    Cofactors of a product are the product of cofactors, so that of ``u @ diag(s) @ vh`` follows from that of a diagonal
    matrix, whose entries are products of all `s` but two.
    """
    u, s, vh = np.linalg.svd(a)
    one = np.eye(s.shape[-1], dtype=s.dtype)
    left_out = np.expand_dims(one, 1) + one > 0
    pairs = (1 - one) * np.prod(np.where(left_out, 1, np.expand_dims(s, (-3, -2))), axis=-1)
    inner = _h(u) @ e @ _h(vh)
    along = np.expand_dims(np.diagonal(inner, 0, -2, -1), -2) * pairs
    change = diagonal(np.sum(along, axis=-1)) - pairs * _t(inner)
    turn = np.expand_dims(np.linalg.det(u) * np.linalg.det(vh), (-2, -1))
    return turn * (np.conj(u) @ change @ np.conj(vh))


# Eigenvalues --------------------------------------------------------------------------------------


def eigenvectors(a, triangle):
    """Eigenvectors of Hermitian matrices."""
    _, v = np.linalg.eigh(a, triangle)
    return v


def right_vectors(a):
    """Right eigenvectors of general matrices."""
    _, v = np.linalg.eig(a)
    return v


def eigvals_bar(w_bar, v):
    """Adjoint of the eigenvalues of a general matrix with eigenvectors `v`."""
    return np.linalg.solve(_t(v), np.expand_dims(w_bar, -1) * _t(v))


def eig_dot(m, w, v):
    """Tangent of eigenvectors of unit length whose largest entry is real; ``m = inv(v) @ a_dot @ v``."""
    free = v @ over_gaps(m, w)
    scaled = free - v * np.sum(np.real(np.conj(v) * free), axis=-2, keepdims=True)
    top = np.expand_dims(np.argmax(np.abs(v), axis=-2), -2)
    turn = np.imag(np.take_along_axis(scaled, top, -2)) / np.real(np.take_along_axis(v, top, -2))
    if np.iscomplexobj(v):
        return scaled - 1j * turn * v
    return scaled


def eig_bar(w_bar, v_bar, w, v):
    """Adjoint of eigenvalues and of eigenvectors of unit length whose largest entry is real."""
    scaled_bar = v_bar
    if np.iscomplexobj(v):
        top = np.expand_dims(np.argmax(np.abs(v), axis=-2), -2)
        rows = np.reshape(np.arange(v.shape[-1]), (-1, 1))
        turn_bar = np.sum(np.imag(v * v_bar), axis=-2, keepdims=True)
        turn_bar = turn_bar / np.real(np.take_along_axis(v, top, -2))
        scaled_bar = v_bar - 1j * np.where(rows == top, turn_bar, 0)
    free_bar = scaled_bar - np.conj(v) * np.sum(np.real(v * scaled_bar), axis=-2, keepdims=True)
    inner = over_gaps(_t(v) @ free_bar, w) + diagonal(w_bar)
    return np.linalg.solve(_t(v), inner @ _t(v))


# Singular values -------------------------------------------------------------------------------------


def leading_columns(u, s):
    """The columns of `u` that belong to singular values."""
    return u[..., : s.shape[-1]]


def leading_rows(vh, s):
    """The rows of `vh` that belong to singular values."""
    return vh[..., : s.shape[-1], :]


def svd_inner(a_dot, u, s, vh):
    """``u^H a_dot v`` for the leading vectors."""
    return _h(leading_columns(u, s)) @ a_dot @ _h(leading_rows(vh, s))


def svd_u_dot(a_dot, u, s, vh):
    """Tangent of the left vectors, those beyond the rank included."""
    u1, v1 = leading_columns(u, s), _h(leading_rows(vh, s))
    p = _h(u1) @ a_dot @ v1
    row = np.expand_dims(s, -2)
    turn = over_square_gaps(p * row + np.expand_dims(s, -1) * _h(p), s)
    if np.iscomplexobj(p):
        turn = turn + 1j * diagonal(quotient(np.imag(np.diagonal(p, 0, -2, -1)), s))
    u1_dot = u1 @ turn
    if u.shape[-2] > s.shape[-1]:
        u1_dot = u1_dot + over_values(a_dot @ v1 - u1 @ p, s)
    if u.shape[-1] == s.shape[-1]:
        return u1_dot
    u2 = u[..., s.shape[-1] :]
    return np.concatenate((u1_dot, -u1 @ (_h(u1_dot) @ u2)), axis=-1)


def svd_vh_dot(a_dot, u, s, vh):
    """Tangent of the right vectors, those beyond the rank included."""
    u1, v1 = leading_columns(u, s), _h(leading_rows(vh, s))
    p = _h(u1) @ a_dot @ v1
    row = np.expand_dims(s, -2)
    turn = over_square_gaps(np.expand_dims(s, -1) * p + _h(p) * row, s)
    v1_dot = v1 @ turn
    if vh.shape[-1] > s.shape[-1]:
        v1_dot = v1_dot + over_values(_h(a_dot) @ u1 - v1 @ _h(p), s)
    if vh.shape[-2] == s.shape[-1]:
        return _h(v1_dot)
    v2 = _h(vh[..., s.shape[-1] :, :])
    return _h(np.concatenate((v1_dot, -v1 @ (_h(v1_dot) @ v2)), axis=-1))


def svd_bar(u_bar, s_bar, vh_bar, u, s, vh):
    """Adjoint of the singular value decomposition (Townsend 2016, with the vectors beyond the rank)."""
    k = s.shape[-1]
    u1, v1 = u[..., :k], _h(vh[..., :k, :])
    u_hat, v_hat = np.conj(u_bar), _t(vh_bar)
    u1_hat, v1_hat = u_hat[..., :k], v_hat[..., :k]
    if u.shape[-1] > k:
        u1_hat = u1_hat - u[..., k:] @ (_h(u_hat[..., k:]) @ u1)
    if vh.shape[-2] > k:
        v1_hat = v1_hat - _h(vh[..., k:, :]) @ (_h(v_hat[..., k:]) @ v1)
    row, column = np.expand_dims(s, -2), np.expand_dims(s, -1)
    left, right = _h(u1) @ u1_hat, _h(v1) @ v1_hat
    asked = np.sum(np.abs(u1_hat), axis=-2) + np.sum(np.abs(v1_hat), axis=-2)  # for which vectors there is a cotangent
    between = np.expand_dims(asked, -2) + np.expand_dims(asked, -1) != 0
    inner = over_square_gaps((left - _h(left)) * row + column * (right - _h(right)), s)
    inner = np.where(between, inner, 0) + diagonal(s_bar)
    if np.iscomplexobj(left):
        inner = inner + 1j * diagonal(quotient(np.imag(np.diagonal(left, 0, -2, -1)), s))
    total = u1 @ (inner @ _h(v1))
    if u.shape[-2] > k:
        total = total + over_values(u1_hat - u1 @ left, s) @ _h(v1)
    if vh.shape[-1] > k:
        total = total + u1 @ _h(over_values(v1_hat - v1 @ right, s))
    return np.conj(total)


def svdvals_dot(a_dot, a):
    """Tangent of the singular values."""
    u, _, vh = np.linalg.svd(a, full_matrices=False)
    return np.real(np.sum(np.conj(u) * (a_dot @ _h(vh)), axis=-2))


def svdvals_bar(s_bar, a):
    """Adjoint of the singular values."""
    u, _, vh = np.linalg.svd(a, full_matrices=False)
    return np.conj((u * np.expand_dims(s_bar, -2)) @ vh)


def polar_factor(x):
    """Derivative of the sum of singular values; those that are 0 count for nothing."""
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    return np.conj((u * np.expand_dims(np.sign(s), -2)) @ vh)


def extreme_pair(x, k):
    """Derivative of singular value `k`; where several are equal, the mean of theirs."""
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    share = shares(_tied(s)[..., k, :], s, -1)
    return np.conj((u * np.expand_dims(share, -2)) @ vh)


def cond_slope(x):
    """Derivative of the quotient of the extreme singular values."""
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    top = np.expand_dims(u[..., :, 0], -1) * np.expand_dims(vh[..., 0, :], -2)
    low = np.expand_dims(u[..., :, -1], -1) * np.expand_dims(vh[..., -1, :], -2)
    last = np.expand_dims(s[..., -1], (-2, -1))
    return np.conj(top / last - np.expand_dims(s[..., 0], (-2, -1)) / (last * last) * low)


# Orthogonal factors ------------------------------------------------------------------------------------


def orthogonal_factor(a):
    """The factor q of ``a = q @ r``."""
    q, _ = np.linalg.qr(a)
    return q


def _qr_parts(a_dot, q, r):
    """``a_dot / r`` and the upper triangular ``t`` of ``r_dot = t r``, for the leading square part of r."""
    k = q.shape[-1]
    e = _t(np.linalg.solve(_t(r[..., :k]), _t(a_dot[..., :k])))
    c = _h(q) @ e
    strict = np.tril(c, -1)
    t = np.triu(c) + _h(strict)
    if np.iscomplexobj(c):
        t = t - 1j * diagonal(np.imag(np.diagonal(c, 0, -2, -1)))
    return e, t


def qr_q_dot(a_dot, q, r):
    """Tangent of q."""
    e, t = _qr_parts(a_dot, q, r)
    return e - q @ t


def qr_r_dot(a_dot, q, r):
    """Tangent of r; the columns beyond the square part are ``q^H a``."""
    k = q.shape[-1]
    e, t = _qr_parts(a_dot, q, r)
    if r.shape[-1] == k:
        return t @ r
    q_dot = e - q @ t
    rest = _h(q_dot) @ (q @ r[..., k:]) + _h(q) @ a_dot[..., k:]
    return np.concatenate((t @ r[..., :k], rest), axis=-1)


def qr_bar(q_bar, r_bar, a, q, r):
    """Adjoint of the reduced factorisation, wide matrices included."""
    k = q.shape[-1]
    square, square_bar = r[..., :k], r_bar[..., :k]
    if r.shape[-1] > k:
        q_bar = q_bar + np.conj(a[..., k:] @ _t(r_bar[..., k:]))
    t_bar = square_bar @ _t(square) - _t(q) @ q_bar
    upper = np.triu(t_bar, 1)
    c_bar = upper + _h(upper) + diagonal(np.real(np.diagonal(t_bar, 0, -2, -1)))
    e_bar = q_bar + np.conj(q) @ c_bar
    a_bar = _t(np.linalg.solve(square, _t(e_bar)))
    if r.shape[-1] > k:
        return np.concatenate((a_bar, np.conj(q) @ r_bar[..., k:]), axis=-1)
    return a_bar


# Pseudo-inverses, powers -------------------------------------------------------------------------------


def pinv_dot(a_dot, a, y):
    """Tangent of ``y = np.linalg.pinv(a)`` at constant rank."""
    h = _h(a_dot)
    right = h - h @ a @ y
    left = h - y @ a @ h
    return -y @ a_dot @ y + y @ _h(y) @ right + left @ _h(y) @ y


def pinv_bar(y_bar, a, y):
    """Adjoint of ``y = np.linalg.pinv(a)`` at constant rank."""
    h = _h(y_bar)
    yc = np.conj(y)
    right = h - np.conj(a @ y) @ h
    left = h - h @ np.conj(y @ a)
    return -_t(y) @ y_bar @ _t(y) + right @ yc @ _t(y) + _t(y) @ yc @ left


def left_inverse(a):
    """The pseudo-inverse of a matrix of full column rank; NaN where there are fewer rows than columns."""
    if a.shape[0] < a.shape[1]:
        return np.full((a.shape[1], a.shape[0]), np.nan, dtype=a.dtype)
    return np.linalg.pinv(a)


def lstsq_a_bar(x_bar, a, p, x, r):
    """Adjoint of the matrix in ``x = p @ b``, ``p = np.linalg.pinv(a)``, ``r = b - a @ x``."""
    h = _h(x_bar)
    fitted = -_t(p) @ x_bar @ _t(x)
    left_over = np.conj(r) @ (h @ np.conj(p)) @ _t(p)
    shortest = _t(p) @ (np.conj(x) @ (h - h @ np.conj(p @ a)))
    return fitted + left_over + shortest


def residual_weights(residuals_bar, b):
    """The adjoint of residuals of least squares; zeros if there are none (as of systems without full rank)."""
    none = np.zeros(b.size // b.shape[0], b.dtype)
    return residuals_bar if residuals_bar.size == none.size else none


def power_sum(z, a, n):
    """The sum of ``a**i @ z @ a**(n - 1 - i)`` for i from 0 to n - 1, by Horner's scheme."""
    total = z
    tail = z
    for _ in range(n - 1):
        tail = tail @ a
        total = a @ total + tail
    return total


def jordan(a, e):
    """The matrix ``[[a, e], [0, a]]``."""
    top = np.concatenate((a, e), axis=1)
    bottom = np.concatenate((np.zeros_like(a), a), axis=1)
    return np.concatenate((top, bottom), axis=0)


def row_order(pivots):
    """The order of rows after the exchanges ``i <-> pivots[i]``, one after the other."""
    order = np.arange(pivots.size)
    for i in range(pivots.size):
        k = pivots[i]
        order[i], order[k] = order[k], order[i]
    return order
