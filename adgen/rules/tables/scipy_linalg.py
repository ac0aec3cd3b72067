"""scipy.linalg: what NumPy has too, triangular and positive definite systems, matrix functions, structured matrices.

Sources: those of `numpy_linalg`; Higham, *Functions of Matrices* (2008); Kao and Hennequin, "Automatic differentiation of
Sylvester, Lyapunov, and algebraic Riccati equations" (2020); de Hoog, Anderssen and Lukas, "Differentiation of matrix
functionals using triangular factorization" (2011).
"""

from adgen.rules.kinds import SCIPY, bilinear, constant, general, linear, refused

# Systems ----------------------------------------------------------------------------------------------
SOLVE = "y = sp.linalg.solve(a, b, lower=False, check_finite=True, assume_a=None, transposed=False)"
GENERAL = "not transposed and assume_a in (None, 'gen', 'general')"
POSITIVE = "not transposed and assume_a in ('pos', 'positive definite', 'sym', 'symmetric')"
general(SOLVE, ranks=(2, 1), when=GENERAL, let={"w": "sp.linalg.solve(a.T, y_bar)"},
        y_dot="sp.linalg.solve(a, b_dot - a_dot @ y)", a_bar="-np.outer(w, y)", b_bar="w")
general(SOLVE, ranks=(2, 2), when=GENERAL, let={"w": "sp.linalg.solve(a.T, y_bar)"},
        y_dot="sp.linalg.solve(a, b_dot - a_dot @ y)", a_bar="-w @ y.T", b_bar="w")
for ranks, product in (((2, 1), "np.outer(w, y)"), ((2, 2), "w @ y.T")):     # these read one triangle of a
    general(SOLVE, ranks=ranks, when=f"a.dtype.kind != 'c' and {POSITIVE}",
            let={"w": "sp.linalg.solve(a, y_bar, lower=lower, assume_a=assume_a)"},
            y_dot="sp.linalg.solve(a, b_dot - rt.hermitian(a_dot, 'L' if lower else 'U') @ y, lower=lower, assume_a=assume_a)",
            a_bar=f"rt.hermitian_bar(-{product}, 'L' if lower else 'U')", b_bar="w")
TRIANGULAR = "y = sp.linalg.solve_triangular(a, b, trans=0, lower=False, unit_diagonal=False, check_finite=True)"
for ranks, product, turned in (((2, 1), "np.outer(w, y)", "np.outer(y, w)"), ((2, 2), "w @ y.T", "y @ w.T")):
    general(TRIANGULAR, ranks=ranks, when="trans in (0, 'N')",
            let={"w": "sp.linalg.solve_triangular(a, y_bar, 1, lower, unit_diagonal)"},
            y_dot="sp.linalg.solve_triangular(a, b_dot - triangle(a_dot, lower, unit_diagonal) @ y, 0, lower, unit_diagonal)",
            a_bar=f"-triangle({product}, lower, unit_diagonal)", b_bar="w")
    general(TRIANGULAR, ranks=ranks, when="trans in (1, 'T')",
            let={"w": "sp.linalg.solve_triangular(a, y_bar, 0, lower, unit_diagonal)"},
            y_dot="sp.linalg.solve_triangular(a, b_dot - triangle(a_dot, lower, unit_diagonal).T @ y, 1, lower, unit_diagonal)",
            a_bar=f"-triangle({turned}, lower, unit_diagonal)", b_bar="w")
# a = c @ c.T: with w the solution for y_bar, a_bar = -w y.T; then as for a product.
for ranks, product in (((2, None, 1), "np.outer(w, y)"), ((2, None, 2), "w @ y.T")):
    CHO_SOLVE = "y = sp.linalg.cho_solve((c, lower), b)"
    general(CHO_SOLVE, when=f"c.dtype.kind != 'c' and b.ndim == {ranks[2]}",
            let={"w": "sp.linalg.cho_solve((c, lower), y_bar)", "factor": "triangle(c, lower, False)",
                 "factor_dot": "triangle(c_dot, lower, False)", "s": f"-{product}",
                 "a_dot": "factor_dot @ factor.T + factor @ factor_dot.T if lower else "
                          "factor_dot.T @ factor + factor.T @ factor_dot"},
            y_dot="sp.linalg.cho_solve((c, lower), b_dot - a_dot @ y)",
            c_bar="np.tril((s + s.T) @ factor) if lower else np.triu(factor @ (s + s.T))", b_bar="w")

# Factorisations -----------------------------------------------------------------------------------------
LOWER_DOT = "y @ rt.lower_half(np.linalg.solve(y, mH(np.linalg.solve(y, rt.hermitian(a_dot, 'L')))))"
UPPER_DOT = "mH(mH(y) @ rt.lower_half(np.linalg.solve(mH(y), mH(np.linalg.solve(mH(y), rt.hermitian(a_dot, 'U'))))))"
LOWER_S = "np.linalg.solve(mT(y), mH(np.linalg.solve(mT(y), mH(rt.lower_half(mT(y) @ y_bar)))))"
UPPER_S = "np.linalg.solve(conj(y), mH(np.linalg.solve(conj(y), mH(rt.lower_half(conj(y) @ mH(y_bar))))))"
CHOLESKY = "y = sp.linalg.cholesky(a, lower=False, check_finite=True)"
general(CHOLESKY, when="lower", y_dot=LOWER_DOT, let={"s": LOWER_S}, a_bar="rt.hermitian_bar(s, 'L')")
general(CHOLESKY, y_dot=UPPER_DOT, let={"s": UPPER_S}, a_bar="rt.hermitian_bar(s, 'U')")
# Until SciPy 1.18 the other triangle of c holds what was there in a; since then it is zero.
OLD = SCIPY < (1, 18)
CHO_FACTOR = "c, low = sp.linalg.cho_factor(a, lower=False, check_finite=True)"
general(CHO_FACTOR, when="lower",
        let={"y": "np.tril(c)", "y_bar": "np.tril(c_bar)", "s": LOWER_S},
        c_dot=LOWER_DOT + " + np.triu(a_dot, 1)" * OLD, a_bar="rt.hermitian_bar(s, 'L')" + " + np.triu(c_bar, 1)" * OLD)
general(CHO_FACTOR, let={"y": "np.triu(c)", "y_bar": "np.triu(c_bar)", "s": UPPER_S},
        c_dot=UPPER_DOT + " + np.tril(a_dot, -1)" * OLD, a_bar="rt.hermitian_bar(s, 'U')" + " + np.tril(c_bar, -1)" * OLD)
EIGH = "sp.linalg.eigh(a, lower=True, eigvals_only=False)"
general(f"w, v = {EIGH}", when="not eigvals_only",
        let={"m": "mH(v) @ rt.hermitian(a_dot, 'L' if lower else 'U') @ v",
             "s": "(conj(v) * np.expand_dims(w_bar, -2)) @ mT(v) if v_bar is None else "
                  "conj(v) @ rt.over_gaps(mT(v) @ v_bar, w) @ mT(v) if w_bar is None else "
                  "conj(v) @ (rt.diagonal(w_bar) + rt.over_gaps(mT(v) @ v_bar, w)) @ mT(v)"},
        w_dot="real(np.diagonal(m, 0, -2, -1), a)", v_dot="v @ rt.over_gaps(m, w)",
        a_bar="rt.hermitian_bar(s, 'L' if lower else 'U')")
for head, when in ((f"w = {EIGH}", "eigvals_only"), ("w = sp.linalg.eigvalsh(a, lower=True)", "True")):
    general(head, when=when, let={"v": "rt.eigenvectors(a, 'L' if lower else 'U')"},
            w_dot="real(np.sum(conj(v) * (rt.hermitian(a_dot, 'L' if lower else 'U') @ v), axis=-2), a)",
            a_bar="rt.hermitian_bar((conj(v) * np.expand_dims(w_bar, -2)) @ mT(v), 'L' if lower else 'U')")
general("u, s, vh = sp.linalg.svd(a, full_matrices=True, compute_uv=True)", when="compute_uv",
        s_dot="real(np.diagonal(rt.svd_inner(a_dot, u, s, vh), 0, -2, -1), a)",
        u_dot="rt.svd_u_dot(a_dot, u, s, vh)", vh_dot="rt.svd_vh_dot(a_dot, u, s, vh)",
        a_bar="conj((rt.leading_columns(u, s) * np.expand_dims(s_bar, -2)) @ rt.leading_rows(vh, s))"
              " if u_bar is None and vh_bar is None else "
              "rt.svd_bar(np.zeros_like(u) if u_bar is None else u_bar, np.zeros_like(s) if s_bar is None else s_bar,"
              " np.zeros_like(vh) if vh_bar is None else vh_bar, u, s, vh)")
general("s = sp.linalg.svd(a, full_matrices=True, compute_uv=True)", when="not compute_uv",
        s_dot="rt.svdvals_dot(a_dot, a)", a_bar="rt.svdvals_bar(s_bar, a)")
general("s = sp.linalg.svdvals(a)", s_dot="rt.svdvals_dot(a_dot, a)", a_bar="rt.svdvals_bar(s_bar, a)")
general("q, r = sp.linalg.qr(a, mode='full', pivoting=False)", when="mode == 'economic' and not pivoting",
        q_dot="rt.qr_q_dot(a_dot, q, r)", r_dot="rt.qr_r_dot(a_dot, q, r)",
        a_bar="rt.qr_bar(np.zeros_like(q) if q_bar is None else q_bar, np.zeros_like(r) if r_bar is None else r_bar, a, q, r)")

# a = p @ l @ u: what l and u change by are the triangles of inv(l) @ p.T @ a_dot @ inv(u) (de Hoog, Anderssen and Lukas
# 2011); for square matrices.
general("p, l, u = sp.linalg.lu(a)", ranks=(2,), when="a.dtype.kind != 'c'",
        let={"f": "np.linalg.solve(u.T, np.linalg.solve(l, p.T @ a_dot).T).T",
             "s": "np.tril(l.T @ (np.zeros_like(l) if l_bar is None else l_bar), -1)"
                  " + np.triu((np.zeros_like(u) if u_bar is None else u_bar) @ u.T)"},
        l_dot="l @ np.tril(f, -1)", u_dot="np.triu(f) @ u", a_bar="p @ np.linalg.solve(l.T, np.linalg.solve(u, s.T).T)")
# The same with both factors in one matrix, and the exchanges of rows.
general("lu, pivots = sp.linalg.lu_factor(a)", ranks=(2,), when="a.dtype.kind != 'c'",
        let={"order": "rt.row_order(pivots)", "l": "np.tril(lu, -1) + np.eye(a.shape[0], dtype=a.dtype)", "u": "np.triu(lu)",
             "f": "np.linalg.solve(u.T, np.linalg.solve(l, a_dot[order]).T).T",
             "s": "np.tril(l.T @ lu_bar, -1) + np.triu(lu_bar @ u.T)"},
        lu_dot="l @ np.tril(f, -1) + np.triu(f) @ u",
        a_bar="np.linalg.solve(l.T, np.linalg.solve(u, s.T).T)[np.argsort(order)]")
for rank, trans, product in ((1, 0, "np.outer(w, y)"), (2, 0, "w @ y.T"), (1, 1, "np.outer(y, w)"), (2, 1, "y @ w.T")):
    general("y = sp.linalg.lu_solve((lu, pivots), b, trans=0)",
            when=f"lu.dtype.kind != 'c' and b.ndim == {rank} and trans == {trans}",
            let={"w": f"sp.linalg.lu_solve((lu, pivots), y_bar, {1 - trans})", "order": "rt.row_order(pivots)",
                 "l": "np.tril(lu, -1) + np.eye(lu.shape[0], dtype=lu.dtype)", "u": "np.triu(lu)",
                 "s": f"({product})[order]",
                 "a_dot": "(np.tril(lu_dot, -1) @ u + l @ np.triu(lu_dot))[np.argsort(order)]"},
            y_dot=f"sp.linalg.lu_solve((lu, pivots), b_dot - a_dot{'.T' * trans} @ y, {trans})",
            lu_bar="-np.tril(s @ u.T, -1) - np.triu(l.T @ s)", b_bar="w")

# Functions of matrices ------------------------------------------------------------------------------------
general("y = sp.linalg.inv(a)", y_dot="-y @ a_dot @ y", a_bar="-mT(y) @ y_bar @ mT(y)")
general("y = sp.linalg.det(a)", let={"cofactors": "rt.cofactors(a)"},
        y_dot="np.sum(cofactors * a_dot, axis=(-2, -1))", a_bar="np.expand_dims(y_bar, (-2, -1)) * cofactors")
general("y = sp.linalg.pinv(a)", y_dot="rt.pinv_dot(a_dot, a, y)", a_bar="rt.pinv_bar(y_bar, a, y)")
# The exponential of [[a, e], [0, a]] holds the derivative along e (Najfeld and Havel 1995; Higham 2008, section 3.2).
general("y = sp.linalg.expm(a)", when="a.ndim == 2",
        y_dot="sp.linalg.expm(rt.jordan(a, a_dot))[:a.shape[0], a.shape[0]:]",
        a_bar="sp.linalg.expm(rt.jordan(a.T, y_bar))[:a.shape[0], a.shape[0]:]")
general("y = sp.linalg.logm(a)", when="a.ndim == 2",
        y_dot="sp.linalg.logm(rt.jordan(a, a_dot))[:a.shape[0], a.shape[0]:]",
        a_bar="sp.linalg.logm(rt.jordan(a.T, y_bar))[:a.shape[0], a.shape[0]:]")
general("y = sp.linalg.sqrtm(a)", when="a.ndim == 2",                      # y @ y = a (Higham 2008, section 6.1)
        y_dot="sp.linalg.solve_sylvester(y, y, a_dot)", a_bar="sp.linalg.solve_sylvester(y.T, y.T, y_bar)")
# a @ x + x @ b = q, and its special cases.
general("x = sp.linalg.solve_sylvester(a, b, q)", let={"w": "sp.linalg.solve_sylvester(a.T, b.T, x_bar)"},
        x_dot="sp.linalg.solve_sylvester(a, b, q_dot - a_dot @ x - x @ b_dot)",
        a_bar="-w @ x.T", b_bar="-x.T @ w", q_bar="w")
general("x = sp.linalg.solve_continuous_lyapunov(a, q)", when="a.dtype.kind != 'c'",
        let={"w": "sp.linalg.solve_continuous_lyapunov(a.T, x_bar)"},
        x_dot="sp.linalg.solve_continuous_lyapunov(a, q_dot - a_dot @ x - x @ a_dot.T)",
        a_bar="-w @ x.T - w.T @ x", q_bar="w")
general("x = sp.linalg.solve_discrete_lyapunov(a, q)", when="a.dtype.kind != 'c'",      # a @ x @ a.T + q = x
        let={"w": "sp.linalg.solve_discrete_lyapunov(a.T, x_bar)"},
        x_dot="sp.linalg.solve_discrete_lyapunov(a, q_dot + a_dot @ x @ a.T + a @ x @ a_dot.T)",
        a_bar="w @ a @ x.T + w.T @ a @ x", q_bar="w")
general("y = sp.linalg.norm(x, ord=None, axis=None, keepdims=False)", at="x == 0: 0; ties: equal shares",
        let={"slope": "norm_slope(y, x, ord, axis, keepdims)"},
        y_dot="np.sum(real(slope * x_dot, x), axis=axis, keepdims=keepdims)",
        x_bar="slope * unreduce(y_bar, x, axis, keepdims)")

# Structured matrices -------------------------------------------------------------------------------------
linear("y = sp.linalg.block_diag(*xs)", xs_bar="diagonal_block(y_bar, xs, k)")
linear("y = sp.linalg.circulant(x)", ranks=(1,),
       x_bar="rt.scatter_sum(y_bar, sp.linalg.circulant(np.arange(x.size)), x.shape)")
linear("y = sp.linalg.toeplitz(x)", when="x.dtype.kind != 'c'", ranks=(1,),
       x_bar="rt.scatter_sum(y_bar, sp.linalg.toeplitz(np.arange(x.size)), x.shape)")
linear("y = sp.linalg.toeplitz(x, r)", ranks=(1, 1),
       let={"both": "rt.scatter_sum(y_bar, sp.linalg.toeplitz(np.arange(x.size), np.arange(x.size, x.size + r.size)),"
                    " (x.size + r.size,))"},
       x_bar="both[:x.size]", r_bar="both[x.size:]")
linear("y = sp.linalg.hankel(x, r)", ranks=(1, 1),
       let={"both": "rt.scatter_sum(y_bar, sp.linalg.hankel(np.arange(x.size), np.arange(x.size, x.size + r.size)),"
                    " (x.size + r.size,))"},
       x_bar="both[:x.size]", r_bar="both[x.size:]")
bilinear("y = sp.linalg.khatri_rao(a, b)",
         a_bar="np.einsum('ijk,jk->ik', np.reshape(y_bar, (a.shape[0], b.shape[0], a.shape[1])), b)",
         b_bar="np.einsum('ijk,ik->jk', np.reshape(y_bar, (a.shape[0], b.shape[0], a.shape[1])), a)")

constant("sp.linalg.hilbert", "sp.linalg.invhilbert", "sp.linalg.hadamard", "sp.linalg.pascal", "sp.linalg.invpascal",
         "sp.linalg.dft", "sp.linalg.helmert", "sp.linalg.issymmetric", "sp.linalg.ishermitian", "sp.linalg.bandwidth")
refused("sp.linalg.lu", "sp.linalg.lu_factor", "sp.linalg.lu_solve", "sp.linalg.lstsq", "sp.linalg.eig",
        "sp.linalg.eigvals", "sp.linalg.solve", "sp.linalg.solve_triangular", "sp.linalg.cho_solve", "sp.linalg.eigh",
        "sp.linalg.svd", "sp.linalg.qr", "sp.linalg.expm", "sp.linalg.logm", "sp.linalg.sqrtm",
        reason="no rule for these arguments: write it with np.linalg, or with the plain form of this function")
refused("sp.linalg.schur", "sp.linalg.hessenberg", "sp.linalg.polar", "sp.linalg.qz", "sp.linalg.ldl", "sp.linalg.rq",
        "sp.linalg.funm", "sp.linalg.signm", "sp.linalg.fractional_matrix_power", "sp.linalg.orth",
        "sp.linalg.null_space", "sp.linalg.expm_cond", "sp.linalg.cho_solve_banded",
        "sp.linalg.cholesky_banded", "sp.linalg.eig_banded", "sp.linalg.eigvals_banded", "sp.linalg.subspace_angles",
        "sp.linalg.solve_continuous_are", "sp.linalg.solve_discrete_are", "sp.linalg.matrix_balance",
        reason="no rule is written for it yet: give one with adgen.rule")

constant("sp.linalg.LinAlgWarning", "sp.linalg.clarkson_woodruff_transform", "sp.linalg.find_best_blas_type",
        "sp.linalg.get_blas_funcs", "sp.linalg.get_lapack_funcs", "sp.linalg.test")
refused("sp.linalg.cdf2rdf", "sp.linalg.convolution_matrix", "sp.linalg.cossin", "sp.linalg.diagsvd",
        "sp.linalg.eigh_tridiagonal", "sp.linalg.eigvalsh_tridiagonal", "sp.linalg.fiedler", "sp.linalg.fiedler_companion",
        "sp.linalg.leslie", "sp.linalg.ordqz", "sp.linalg.qr_delete", "sp.linalg.qr_insert", "sp.linalg.qr_multiply", "sp.linalg.qr_update",
        "sp.linalg.rsf2csf",
        reason="no rule is written for it yet: give one with adgen.rule")
