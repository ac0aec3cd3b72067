"""np.linalg, for single matrices and for stacks of them.

Sources: Giles, "Collected matrix derivative results", NA-08-01 (2008); Seeger et al., "Auto-differentiating linear
algebra" (2017); Walter, "Structured higher-order AD" (2012); Townsend, "Differentiating the SVD" (2016); Golub and
Pereyra, "The differentiation of pseudo-inverses" (1973); Murray, "Differentiation of the Cholesky decomposition" (2016).

cholesky, eigh and eigvalsh read one triangle of their argument, and so does the derivative: it is zero in the other.
Equal eigenvalues or singular values: functions of the values alone that treat equal ones alike have the right first
derivative.  Vectors of equal values have none, and what is made of them gets NaN rather than a wrong number (a function
like ``v @ diag(w**2) @ v.T`` has a derivative, but it does not follow from those of `v` and `w`).
"""

from adgen.rules.kinds import bilinear, constant, general, linear, refused

# a @ y = b, hence a_dot @ y + a @ y_dot = b_dot  (Giles 2.2.4) -------------------------------------
SOLVE = "y = np.linalg.solve(a, b)"
general(SOLVE, ranks=(2, 1), let={"w": "np.linalg.solve(a.T, y_bar)"},
        y_dot="np.linalg.solve(a, b_dot - a_dot @ y)", a_bar="-np.outer(w, y)", b_bar="w")
general(SOLVE, ranks=(2, 2), let={"w": "np.linalg.solve(a.T, y_bar)"},
        y_dot="np.linalg.solve(a, b_dot - a_dot @ y)", a_bar="-w @ y.T", b_bar="w")
general(SOLVE, when="b.ndim == 1", let={"w": "np.linalg.solve(mT(a), np.expand_dims(y_bar, -1))"},
        y_dot="np.linalg.solve(a, np.expand_dims(b_dot, -1) - a_dot @ np.expand_dims(y, -1))[..., 0]",
        a_bar="-w * np.expand_dims(y, -2)", b_bar="rt.sum_to(w[..., 0], b.shape)")
general(SOLVE, let={"w": "np.linalg.solve(mT(a), y_bar)"},
        y_dot="np.linalg.solve(a, b_dot - a_dot @ y)",
        a_bar="sum_to(-w @ mT(y), a, b)", b_bar="sum_to(w, b, a)")
general("y = np.linalg.inv(a)", y_dot="-y @ a_dot @ y", a_bar="-mT(y) @ y_bar @ mT(y)")
general("x = np.linalg.tensorsolve(a, b)", let={"square": "np.reshape(a, (b.size, b.size))",
                                               "w": "np.linalg.solve(square.T, np.ravel(x_bar))"},
        x_dot="np.reshape(np.linalg.solve(square, np.ravel(b_dot) - np.reshape(a_dot, square.shape) @ np.ravel(x)), x.shape)",
        a_bar="np.reshape(-np.outer(w, np.ravel(x)), a.shape)", b_bar="np.reshape(w, b.shape)")
general("y = np.linalg.tensorinv(a, ind=2)", let={"flat": "rt.flat_inverse(y, a, ind)"},
        y_dot="np.reshape(-flat @ np.reshape(a_dot, flat.shape) @ flat, y.shape)",
        a_bar="np.reshape(-flat.T @ np.reshape(y_bar, flat.shape) @ flat.T, a.shape)")

# Determinants: cofactors exist for singular matrices too (Giles 2.2.3) -----------------------------
general("y = np.linalg.det(a)", at="singular matrices: by cofactors", let={"cofactors": "rt.cofactors(a)"},
        y_dot="np.sum(cofactors * a_dot, axis=(-2, -1))", a_bar="np.expand_dims(y_bar, (-2, -1)) * cofactors")
general("sign, y = np.linalg.slogdet(a)", when="a.dtype.kind != 'c'",
        y_dot="np.sum(mT(np.linalg.inv(a)) * a_dot, axis=(-2, -1))",
        a_bar="0 if y_bar is None else np.expand_dims(y_bar, (-2, -1)) * mT(np.linalg.inv(a))")
general("sign, y = np.linalg.slogdet(a)", let={"t": "np.sum(mT(np.linalg.inv(a)) * a_dot, axis=(-2, -1))"},
        y_dot="np.real(t)", sign_dot="1j * sign * np.imag(t)",
        a_bar="np.expand_dims((0 if y_bar is None else y_bar) - (0 if sign_bar is None else "
              "1j * np.real(1j * sign * sign_bar)), (-2, -1)) * mT(np.linalg.inv(a))")

# a = y @ y.T (Murray 2016, equations 8 and 10) --------------------------------------------------------
CHOLESKY = "y = np.linalg.cholesky(a, upper=False)"
general(CHOLESKY, when="not upper",
        y_dot="y @ rt.lower_half(np.linalg.solve(y, mH(np.linalg.solve(y, rt.hermitian(a_dot, 'L')))))",
        let={"s": "np.linalg.solve(mT(y), mH(np.linalg.solve(mT(y), mH(rt.lower_half(mT(y) @ y_bar)))))"},
        a_bar="rt.hermitian_bar(s, 'L')")
general(CHOLESKY,
        y_dot="mH(mH(y) @ rt.lower_half(np.linalg.solve(mH(y), mH(np.linalg.solve(mH(y), rt.hermitian(a_dot, 'U'))))))",
        let={"s": "np.linalg.solve(conj(y), mH(np.linalg.solve(conj(y), mH(rt.lower_half(conj(y) @ mH(y_bar))))))"},
        a_bar="rt.hermitian_bar(s, 'U')")

# a @ v = v * w  (Giles 3.1; Walter for vectors) ----------------------------------------------------------
EQUAL = "equal values: NaN for their vectors, and one of the possible slopes for each value (their sum is right)"
general("w, v = np.linalg.eigh(a, UPLO='L')", at=EQUAL,
        let={"m": "mH(v) @ rt.hermitian(a_dot, UPLO) @ v",
             "s": "(conj(v) * np.expand_dims(w_bar, -2)) @ mT(v) if v_bar is None else "
                  "conj(v) @ rt.over_gaps(mT(v) @ v_bar, w) @ mT(v) if w_bar is None else "
                  "conj(v) @ (rt.diagonal(w_bar) + rt.over_gaps(mT(v) @ v_bar, w)) @ mT(v)"},
        w_dot="real(np.diagonal(m, 0, -2, -1), a)", v_dot="v @ rt.over_gaps(m, w)",
        a_bar="rt.hermitian_bar(s, UPLO)")
general("w = np.linalg.eigvalsh(a, UPLO='L')", at=EQUAL, let={"v": "rt.eigenvectors(a, UPLO)"},
        w_dot="real(np.sum(conj(v) * (rt.hermitian(a_dot, UPLO) @ v), axis=-2), a)",
        a_bar="rt.hermitian_bar((conj(v) * np.expand_dims(w_bar, -2)) @ mT(v), UPLO)")
general("w, v = np.linalg.eig(a)", at=EQUAL, let={"m": "np.linalg.solve(v, a_dot @ v)"},
        w_dot="np.diagonal(m, 0, -2, -1)", v_dot="rt.eig_dot(m, w, v)",
        a_bar="rt.eigvals_bar(w_bar, v) if v_bar is None else "
              "rt.eig_bar(np.zeros_like(w) if w_bar is None else w_bar, v_bar, w, v)")
# (NumPy's values are real where all are; compiled code has one type for each name, and they are complex.)
general("w = np.linalg.eigvals(a)", at=EQUAL, let={"v": "rt.right_vectors(a)"},
        w_dot="np.diagonal(np.linalg.solve(v, a_dot @ v), 0, -2, -1)", a_bar="rt.eigvals_bar(w_bar, v)")

# a = u * s @ vh  (Townsend 2016) ------------------------------------------------------------------------
SVD = "u, s, vh = np.linalg.svd(a, full_matrices=True, compute_uv=True, hermitian=False)"
general(SVD, when="compute_uv and not hermitian",
        at=EQUAL + "; vectors beyond the rank turn no more than they must",
        let={"p": "rt.svd_inner(a_dot, u, s, vh)"},
        s_dot="real(np.diagonal(p, 0, -2, -1), a)",
        u_dot="rt.svd_u_dot(a_dot, u, s, vh)", vh_dot="rt.svd_vh_dot(a_dot, u, s, vh)",
        a_bar="conj((rt.leading_columns(u, s) * np.expand_dims(s_bar, -2)) @ rt.leading_rows(vh, s))"
              " if u_bar is None and vh_bar is None else "
              "rt.svd_bar(np.zeros_like(u) if u_bar is None else u_bar, np.zeros_like(s) if s_bar is None else s_bar,"
              " np.zeros_like(vh) if vh_bar is None else vh_bar, u, s, vh)")
general("s = np.linalg.svd(a, full_matrices=True, compute_uv=True)", when="not compute_uv", at=EQUAL,
        s_dot="rt.svdvals_dot(a_dot, a)", a_bar="rt.svdvals_bar(s_bar, a)")
general("s = np.linalg.svdvals(a)", at=EQUAL, s_dot="rt.svdvals_dot(a_dot, a)", a_bar="rt.svdvals_bar(s_bar, a)")

# a = q @ r: q_dot = a_dot / r - q t, r_dot = t r with t upper triangular (Walter 2012; Seeger et al. 2017) -----
general("q, r = np.linalg.qr(a, mode='reduced')", when="mode == 'reduced'",
        q_dot="rt.qr_q_dot(a_dot, q, r)", r_dot="rt.qr_r_dot(a_dot, q, r)",
        a_bar="rt.qr_bar(np.zeros_like(q) if q_bar is None else q_bar, np.zeros_like(r) if r_bar is None else r_bar, a, q, r)")
general("r = np.linalg.qr(a, mode='reduced')", when="mode == 'r'", let={"q": "rt.orthogonal_factor(a)"},
        r_dot="rt.qr_r_dot(a_dot, q, r)", a_bar="rt.qr_bar(np.zeros_like(q), r_bar, a, q, r)")

# Pseudo-inverses and least squares (Golub and Pereyra 1973, equation 4.12) --------------------------------
general("y = np.linalg.pinv(a, rcond=None, hermitian=False)", when="not hermitian", at="lower rank: as if it stayed so",
        y_dot="rt.pinv_dot(a_dot, a, y)", a_bar="rt.pinv_bar(y_bar, a, y)")
general("x, residuals, rank, s = np.linalg.lstsq(a, b, rcond=None)", let={"p": "np.linalg.pinv(a)", "r": "b - a @ x", "weights": "rt.residual_weights(residuals_bar, b)"},
        x_dot="p @ (b_dot - a_dot @ x) + p @ mH(p) @ (mH(a_dot) @ r) + (mH(a_dot) - p @ (a @ mH(a_dot))) @ (mH(p) @ x)",
        residuals_dot="2 * np.sum(real(conj(r) * (b_dot - a_dot @ x), a), axis=0, keepdims=b.ndim == 1)",
        s_dot="rt.svdvals_dot(a_dot, a)",
        a_bar="(0 if x_bar is None else rt.lstsq_a_bar(as_column(x_bar, b), a, p, as_column(x, b), as_column(r, b)))"
              " - (0 if residuals_bar is None else (2 * weights * as_column(conj(r), b)) @ mT(as_column(x, b)))"
              " + (0 if s_bar is None else rt.svdvals_bar(s_bar, a))",
        b_bar="(0.0 if x_bar is None else mT(p) @ x_bar) + (0.0 if residuals_bar is None else 2 * weights * conj(r))")

# Powers and chains -----------------------------------------------------------------------------------
POWER = "y = np.linalg.matrix_power(a, n)"
general(POWER, when="n == 0", y_dot="0 * a_dot", a_bar="0")
general(POWER, when="n == 1", y_dot="a_dot", a_bar="y_bar")
general(POWER, when="n == 2", y_dot="a_dot @ a + a @ a_dot", a_bar="y_bar @ mT(a) + mT(a) @ y_bar")
general(POWER, when="n > 0", y_dot="rt.power_sum(a_dot, a, n)", a_bar="rt.power_sum(y_bar, mT(a), n)")
general(POWER, let={"inverse": "np.linalg.inv(a)"},
        y_dot="rt.power_sum(-inverse @ a_dot @ inverse, inverse, -n)",
        a_bar="-mT(inverse) @ rt.power_sum(y_bar, mT(inverse), -n) @ mT(inverse)")
bilinear("y = np.linalg.multi_dot(xs)", xs_bar="chain_bar(y_bar, xs, k)")

# Norms: the slope is the subgradient; at the origin it is 0 ------------------------------------------------
SLOPE_DOT = "np.sum(real(slope * x_dot, x), axis=axis, keepdims=keepdims)"
general("y = np.linalg.norm(x, ord=None, axis=None, keepdims=False)", at="x == 0: 0; ties: equal shares",
        let={"slope": "norm_slope(y, x, ord, axis, keepdims)"},
        y_dot=SLOPE_DOT, x_bar="slope * unreduce(y_bar, x, axis, keepdims)")
general("y = np.linalg.vector_norm(x, axis=None, keepdims=False, ord=2)", at="x == 0: 0; ties: equal shares",
        let={"slope": "vector_slope(y, x, ord, axis, keepdims)"},
        y_dot=SLOPE_DOT, x_bar="slope * unreduce(y_bar, x, axis, keepdims)")
general("y = np.linalg.matrix_norm(x, keepdims=False, ord='fro')", at="x == 0: 0; ties: equal shares",
        let={"slope": "matrix_slope(y, x, ord, (-2, -1), keepdims)"},
        y_dot="np.sum(real(slope * x_dot, x), axis=(-2, -1), keepdims=keepdims)",
        x_bar="slope * unreduce(y_bar, x, (-2, -1), keepdims)")
general("y = np.linalg.cond(x, p=None)", when="p is None or p == 2", let={"slope": "rt.cond_slope(x)"},
        y_dot="np.sum(real(slope * x_dot, x), axis=(-2, -1))", x_bar="np.expand_dims(y_bar, (-2, -1)) * slope")
general("y = np.linalg.cond(x, p=None)", when="p == -2", let={"slope": "-rt.cond_slope(x) * np.expand_dims(y * y, (-2, -1))"},
        y_dot="np.sum(real(slope * x_dot, x), axis=(-2, -1))", x_bar="np.expand_dims(y_bar, (-2, -1)) * slope")
general("y = np.linalg.cond(x, p=None)", when="x.ndim == 2 and p in ('fro', 'nuc', 1, -1, float('inf'), -float('inf'))",
        let={"inverse": "np.linalg.inv(x)", "n": "np.linalg.norm(x, p)", "m": "np.linalg.norm(inverse, p)",
             "slope": "m * matrix_slope(n, x, p, (-2, -1), False)"
                      " - n * mT(inverse) @ matrix_slope(m, inverse, p, (-2, -1), False) @ mT(inverse)"},
        y_dot="np.sum(real(slope * x_dot, x))", x_bar="y_bar * slope")

constant("np.linalg.matrix_rank")
refused("np.linalg.qr", reason="mode='complete' is followed for one real matrix, and 'raw' is not: write mode='reduced'")
