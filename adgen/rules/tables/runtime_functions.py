"""Functions of `adgen.runtime` that have a short derivative of their own; the others are differentiated as they stand."""

from adgen.rules.kinds import constant, elementwise, general, linear

elementwise("y = rt.quotient(a, b)", dy_da="rt.inverse(b)", dy_db="-rt.quotient(y, b)")
elementwise("y = rt.inverse(x)", dy_dx="-y * y")
elementwise("y = rt.log_or_zero(x)", dy_dx="rt.inverse(x)")
elementwise("y = rt.digamma(x)", dy_dx="sp.special.zeta(2.0, x)")
elementwise("y = rt.log_ndtr(x)", dy_dx="np.exp(-0.5 * x * x - y) / math.sqrt(2 * math.pi)")
elementwise("y = rt.finite(x)", y_dot="np.where(np.isfinite(x), x_dot, 0)", x_bar="np.where(np.isfinite(x), y_bar, 0)")

linear("y = rt.sum_to(x, shape)", x_bar="y_bar")
linear("y = rt.scatter_sum(x, index, shape)", x_bar="np.take(y_bar, index)")
linear("y = rt.spread_diagonal(x, shape, offset, axis1, axis2)", x_bar="np.diagonal(y_bar, offset, axis1, axis2)")
linear("y = rt.fit(x, length, axis)", x_bar="rt.fit(y_bar, x.shape[axis], axis)")
linear("y = rt.diagonal(w)", w_bar="np.diagonal(y_bar, 0, -2, -1)")
linear("y = rt.lower_half(x)", x_bar="rt.lower_half(y_bar)")
linear("y = rt.hermitian(a, triangle)", a_bar="rt.hermitian_bar(y_bar, triangle)")
linear("y = rt.hermitian_bar(s, triangle)", s_bar="rt.hermitian(y_bar, triangle)")

# The gradient of the determinant; its own derivative, the Hessian of the determinant, is symmetric.
general("y = rt.cofactors(a)", y_dot="rt.cofactors_along(a, a_dot)", a_bar="rt.cofactors_along(a, y_bar)")

general("w = rt.quantile_weights(x, q, axis, method)", w_dot="rt.quantile_slopes(x, q, axis, method) * q_dot",
        x_bar="0", q_bar="np.sum(rt.quantile_slopes(x, q, axis, method) * w_bar)")
constant("rt.shares", "rt.quantile_slopes", "rt.bracket", "rt.interp_shown", "rt.trapezoid_weights", "rt.half_weights",
         "rt.diagonal_ones", "rt.last_writes")

# What is held constant.
constant("rt.stop_gradient")
