"""Functions of `adgen.runtime` that have a short derivative of their own; the others are differentiated as they stand.

Sources: those of the rows whose right-hand sides call them.
"""

from adgen.rules.kinds import constant, elementwise, general, linear

elementwise("y = rt.quotient(a, b)", dy_da="rt.inverse(b)", dy_db="-rt.quotient(y, b)")
elementwise("y = rt.inverse(x)", dy_dx="-y * y")
elementwise("y = rt.log_or_zero(x)", dy_dx="rt.inverse(x)")
elementwise("y = rt.log_share(a, b)", dy_da="y * rt.log_share(b, a)", dy_db="-y * rt.log_share(b, a)")
elementwise("y = rt.digamma(x)", dy_dx="sp.special.zeta(2.0, x)")
elementwise("y = rt.log_ndtr(x)", dy_dx="np.exp(-0.5 * x * x - y) / math.sqrt(2 * math.pi)")
elementwise("y = rt.finite(x)", y_dot="np.where(np.isfinite(x), x_dot, 0)", x_bar="np.where(np.isfinite(x), y_bar, 0)")

linear("y = rt.sum_to(x, shape)", x_bar="repeated(y_bar, x)")
linear("y = rt.stretched_to(x, shape)", x_bar="rt.stretched_to(y_bar, x.shape)")
linear("y = rt.scatter_sum(x, index, shape)", x_bar="np.take(y_bar, index)")
linear("y = rt.reduceat_bar(z, x, i, axis)", z_bar="np.add.reduceat(y_bar, i, axis)", x_bar="0")
linear("y = rt.spread_diagonal(x, shape, offset, axis1, axis2)", x_bar="np.diagonal(y_bar, offset, axis1, axis2)")
linear("y = rt.fit(x, length, axis)", x_bar="rt.fit(y_bar, x.shape[axis], axis)")
linear("y = rt.diagonal(w)", w_bar="np.diagonal(y_bar, 0, -2, -1)")
linear("y = rt.lower_half(x)", x_bar="rt.lower_half(y_bar)")
linear("y = rt.hermitian(a, triangle)", a_bar="rt.hermitian_bar(y_bar, triangle)")
linear("y = rt.hermitian_bar(s, triangle)", s_bar="rt.hermitian(y_bar, triangle)")

# The gradient of the determinant; its own derivative, the Hessian of the determinant, is symmetric.
general("y = rt.cofactors(a)", y_dot="rt.cofactors_along(a, a_dot)", a_bar="rt.cofactors_along(a, y_bar)")

# y[i, j] = m[i, j] / (w[j] - w[i]), and the same for squares
general("y = rt.over_gaps(m, w)", let={"z": "rt.over_gaps(y_bar, w)"},
        y_dot="rt.over_gaps(m_dot - y * (np.expand_dims(w_dot, -2) - np.expand_dims(w_dot, -1)), w)",
        m_bar="z", w_bar="np.sum(y * z, axis=-1) - np.sum(y * z, axis=-2)")
general("y = rt.over_square_gaps(m, s)", let={"z": "rt.over_square_gaps(y_bar, s)", "p": "2 * s * s_dot"},
        y_dot="rt.over_square_gaps(m_dot - y * (np.expand_dims(p, -2) - np.expand_dims(p, -1)), s)",
        m_bar="z", s_bar="2 * s * (np.sum(y * z, axis=-1) - np.sum(y * z, axis=-2))")
general("y = rt.over_values(e, s)", y_dot="rt.over_values(e_dot - y * np.expand_dims(s_dot, -2), s)",
        e_bar="rt.over_values(y_bar, s)", s_bar="-np.sum(y * rt.over_values(y_bar, s), axis=-2)")

general("w = rt.quantile_weights(x, q, axis, method)", w_dot="rt.quantile_slopes(x, q, axis, method) * q_dot",
        x_bar="0", q_bar="np.sum(rt.quantile_slopes(x, q, axis, method) * w_bar)")
constant("rt.shares", "rt.quantile_slopes", "rt.bracket", "rt.interp_shown", "rt.trapezoid_weights", "rt.half_weights",
         "rt.diagonal_ones", "rt.last_writes", "rt.first_positions", "rt.running_extremes", "rt.turns")

# What is held constant.
constant("rt.stop_gradient")
