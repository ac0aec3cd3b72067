"""Sums, products, extremes, moments, order statistics, running sums and differences.

Sources: Speelpenning, "Compiling fast partial derivatives" (1980), for products without divisions; Clarke,
*Optimization and Nonsmooth Analysis* (1983), section 2.3, for extremes; Hyndman and Fan, "Sample quantiles in statistical
packages" (1996).  The rest is linear, or made of linear parts: Griewank and Walther, *Evaluating Derivatives* (2008).
"""

from adgen.rules.kinds import bilinear, constant, general, linear, refused

# Sums and means -------------------------------------------------------------------------------
linear("y = np.sum(x, axis=None, dtype=None, keepdims=False, initial=0, where=True)",
       x_bar="unreduce(y_bar, x, axis, keepdims) if where is True else "
             "np.where(where, unreduce(y_bar, x, axis, keepdims), 0)",
       initial_bar="np.sum(y_bar)")
linear("y = np.mean(x, axis=None, dtype=None, keepdims=False, where=True)",
       x_bar="unreduce(y_bar / count(x, axis, where), x, axis, keepdims) if where is True else "
             "np.where(where, unreduce(y_bar, x, axis, keepdims), 0) / count(x, axis, where)")
general("y = np.nansum(x, axis=None, keepdims=False)",
        y_dot="np.sum(np.where(np.isnan(x), 0, x_dot), axis=axis, keepdims=keepdims)",
        x_bar="np.where(np.isnan(x), 0, unreduce(y_bar, x, axis, keepdims))")
general("y = np.nanmean(x, axis=None, keepdims=False)",
        let={"number": "np.sum(~np.isnan(x), axis=axis, keepdims=keepdims, dtype=x.dtype)"},
        y_dot="np.sum(np.where(np.isnan(x), 0, x_dot), axis=axis, keepdims=keepdims) / number",
        x_bar="np.where(np.isnan(x), 0, unreduce(y_bar / number, x, axis, keepdims))")
AVERAGE = "y = np.average(x, axis=None, weights=None, keepdims=False)"
linear(AVERAGE, when="weights is None", x_bar="unreduce(y_bar / count(x, axis, True), x, axis, keepdims)")
general(AVERAGE, when="weights.ndim == x.ndim",
        let={"total": "np.sum(weights, axis=axis, keepdims=True)",
             "centred": "x - np.average(x, axis=axis, weights=weights, keepdims=True)"},
        y_dot="np.sum((weights * x_dot + centred * weights_dot) / total, axis=axis, keepdims=keepdims)",
        x_bar="weights / total * unreduce(y_bar, x, axis, keepdims)",
        weights_bar="centred / total * unreduce(y_bar, x, axis, keepdims)")
general(AVERAGE, when="weights.ndim == 1 and isinstance(axis, int)",
        let={"total": "np.sum(weights)", "centred": "x - unreduce(y, x, axis, keepdims)"},
        y_dot="np.sum(along(weights, x, axis) * x_dot + centred * along(weights_dot, x, axis), axis=axis, "
              "keepdims=keepdims) / total",
        x_bar="along(weights, x, axis) * unreduce(y_bar / total, x, axis, keepdims)",
        weights_bar="across(centred * unreduce(y_bar / total, x, axis, keepdims), x, axis)")

# Moments: the derivative of the mean drops out, because centred values sum to zero ----------------
VAR, STD = "y = np.var(x, axis=None, ddof=0, keepdims=False", "y = np.std(x, axis=None, ddof=0, keepdims=False"
CORRECTED = tuple(text.replace("ddof=0", "correction=0") for text in (VAR, STD))
PLAIN = "conj(x - np.mean(x, axis=axis, keepdims=True)) / (count(x, axis, True) - ddof)"
MASKED = ("np.where({0}, conj(x - np.mean(x, axis=axis, keepdims=True, where={0})) / "
          "(count(x, axis, {0}) - ddof), 0)")
for var, std, slope in (
    (f"{VAR})", f"{STD})", PLAIN),
    (f"{VAR}, where=True)", f"{STD}, where=True)", MASKED.format("where")),
    (f"{CORRECTED[0]})", f"{CORRECTED[1]})", PLAIN.replace("ddof", "correction")),
    (f"{CORRECTED[0]}, where=True)", f"{CORRECTED[1]}, where=True)", MASKED.format("where").replace("ddof", "correction")),
    (f"{VAR})".replace("var", "nanvar"), f"{STD})".replace("std", "nanstd"), MASKED.format("~np.isnan(x)")),
):
    general(var, let={"slope": slope},
            y_dot="2 * np.sum(real(slope * x_dot, x), axis=axis, keepdims=keepdims)",
            x_bar="2 * slope * unreduce(y_bar, x, axis, keepdims)")
    general(std, let={"slope": slope}, at="all equal: 0",
            y_dot="rt.quotient(np.sum(real(slope * x_dot, x), axis=axis, keepdims=keepdims), y)",
            x_bar="slope * unreduce(rt.quotient(y_bar, y), x, axis, keepdims)")

# With the mean given, which need not be the mean of `x`.
AWAY = {"slope": "conj(x - mean) / (count(x, axis, True) - ddof)"}
general(f"{VAR}, mean=None)", let=AWAY,
        y_dot="2 * np.sum(real(slope * (x_dot - mean_dot), x), axis=axis, keepdims=keepdims)",
        x_bar="2 * slope * unreduce(y_bar, x, axis, keepdims)",
        mean_bar="rt.sum_to(-2 * slope * unreduce(y_bar, x, axis, keepdims), mean.shape)")
general(f"{STD}, mean=None)", let=AWAY, at="all equal to the mean: 0",
        y_dot="rt.quotient(np.sum(real(slope * (x_dot - mean_dot), x), axis=axis, keepdims=keepdims), y)",
        x_bar="slope * unreduce(rt.quotient(y_bar, y), x, axis, keepdims)",
        mean_bar="rt.sum_to(-slope * unreduce(rt.quotient(y_bar, y), x, axis, keepdims), mean.shape)")

# Products ---------------------------------------------------------------------------------------
# Each partial is the product of the other elements, which is right where elements are zero.
general("y = np.prod(x, axis=None, keepdims=False)", at="zeros: the product of the others", let={"others": "product_of_others(x, axis)"},
        y_dot="np.sum(others * x_dot, axis=axis, keepdims=keepdims)",
        x_bar="others * unreduce(y_bar, x, axis, keepdims)")
general("y = np.prod(x, axis=None, keepdims=False, initial=1, where=True)",
        let={"masked": "x if where is True else np.where(where, x, 1)",
             "others": "initial * product_of_others(masked, axis) if where is True else "
                       "np.where(where, initial * product_of_others(masked, axis), 0)"},
        y_dot="np.sum(others * x_dot, axis=axis, keepdims=keepdims)"
              " + np.prod(masked, axis=axis, keepdims=keepdims) * initial_dot",
        x_bar="others * unreduce(y_bar, x, axis, keepdims)",
        initial_bar="np.sum(np.prod(masked, axis=axis, keepdims=keepdims) * y_bar)")
general("y = np.nanprod(x, axis=None, keepdims=False)",
        let={"filled": "np.where(np.isnan(x), 1, x)",
             "others": "np.where(np.isnan(x), 0, product_of_others(filled, axis))"},
        y_dot="np.sum(others * x_dot, axis=axis, keepdims=keepdims)",
        x_bar="others * unreduce(y_bar, x, axis, keepdims)")

# Extremes ---------------------------------------------------------------------------------------
for name in ("max", "min", "amax", "amin", "nanmax", "nanmin"):
    general(f"y = np.{name}(x, axis=None, keepdims=False)", at="ties: equal shares",
            let={"share": "rt.shares(x == unreduce(y, x, axis, keepdims), x, axis)"},
            y_dot="np.sum(share * x_dot, axis=axis, keepdims=keepdims)",
            x_bar="share * unreduce(y_bar, x, axis, keepdims)")
    # With `initial` or `where`: an element that is masked out has no share, `initial` has that of the bound.
    general(f"y = np.{name}(x, axis=None, keepdims=False, initial=None, where=True)", at="ties: equal shares",
            let={"share": "rt.shares((x == unreduce(y, x, axis, keepdims)) & where, x, axis)",
                 "reached": "y_bar if initial is None else np.where(y == initial, 0, y_bar)",
                 "moved": "np.sum(share * x_dot, axis=axis, keepdims=keepdims)"},
            y_dot="moved if initial is None else np.where(y == initial, initial_dot, moved)",
            x_bar="share * unreduce(reached, x, axis, keepdims)",
            initial_bar="0 if initial is None else np.sum(np.where(y == initial, y_bar, 0))")
general("y = np.ptp(x, axis=None, keepdims=False)", at="ties: equal shares",
        let={"share": "rt.shares(x == np.max(x, axis=axis, keepdims=True), x, axis)"
                      " - rt.shares(x == np.min(x, axis=axis, keepdims=True), x, axis)"},
        y_dot="np.sum(share * x_dot, axis=axis, keepdims=keepdims)",
        x_bar="share * unreduce(y_bar, x, axis, keepdims)")

# Order statistics: what sorting chooses, with its weight ------------------------------------------
CHOSEN = "ties: the elements that a stable sort chooses"
for nan in ("", "nan"):
    general(f"y = np.{nan}median(x, axis=None, overwrite_input=False, keepdims=False)", at=CHOSEN,
            let={"weight": "quantile_weights(x, 0.5, axis, 'linear')"},
            y_dot="np.sum(weight * x_dot, axis=axis, keepdims=keepdims)",
            x_bar="weight * unreduce(y_bar, x, axis, keepdims)")
    for name, scale in (("quantile", ""), ("percentile", " / 100")):
        QUANTILE = f"y = np.{nan}{name}(x, q, axis=None, method='linear', keepdims=False)"
        KNOWN = "method in ('linear', 'lower', 'higher', 'midpoint', 'nearest')"
        general(QUANTILE, when=f"q.ndim == 0 and {KNOWN}", at=CHOSEN,
                let={"weight": f"quantile_weights(x, q{scale}, axis, method)",
                     "slope": f"np.sum(quantile_slopes(x, q{scale}, axis, method) * np.where(np.isnan(x), 0, x), "
                              f"axis=axis, keepdims=keepdims){scale}"},
                y_dot="np.sum(weight * x_dot, axis=axis, keepdims=keepdims) + slope * q_dot",
                x_bar="weight * unreduce(y_bar, x, axis, keepdims)", q_bar="np.sum(slope * y_bar)")

# Running sums and products -----------------------------------------------------------------------
linear("y = np.cumsum(x, axis=None, dtype=None)",
       x_bar="flat_to(np.flip(np.cumsum(np.flip(y_bar))), x) if axis is None else "
             "np.flip(np.cumsum(np.flip(y_bar, axis), axis=axis), axis)")
linear("y = np.cumulative_sum(x, axis=None, include_initial=False)",
       let={"line": "0 if axis is None else axis", "later": "tail(y_bar, line) if include_initial else y_bar"},
       x_bar="np.flip(np.cumsum(np.flip(later, line), axis=line), line)")
general("y = np.cumprod(x, axis=None)", "y = np.cumulative_prod(x, axis=None)", when="axis is None",
        at="zeros: the product of the others",
        y_dot="rt.cumprod_dot(np.ravel(x_dot), np.ravel(x), y, 0)",
        x_bar="flat_to(rt.cumprod_bar(y_bar, np.ravel(x), y, 0), x)")
general("y = np.cumprod(x, axis=None)", "y = np.cumulative_prod(x, axis=None)",
        y_dot="rt.cumprod_dot(x_dot, x, y, axis)", x_bar="rt.cumprod_bar(y_bar, x, y, axis)")
general("y = np.nancumsum(x, axis=None)", y_dot="np.cumsum(np.where(np.isnan(x), 0, x_dot), axis=axis)",
        x_bar="np.where(np.isnan(x), 0, flat_to(np.flip(np.cumsum(np.flip(y_bar))), x) if axis is None else "
              "np.flip(np.cumsum(np.flip(y_bar, axis), axis=axis), axis))")
general("y = np.nancumprod(x, axis=None)", when="axis is None",
        let={"filled": "np.ravel(np.where(np.isnan(x), 1, x))"},
        y_dot="rt.cumprod_dot(np.ravel(np.where(np.isnan(x), 0, x_dot)), filled, y, 0)",
        x_bar="np.where(np.isnan(x), 0, flat_to(rt.cumprod_bar(y_bar, filled, y, 0), x))")
general("y = np.nancumprod(x, axis=None)", let={"filled": "np.where(np.isnan(x), 1, x)"},
        y_dot="rt.cumprod_dot(np.where(np.isnan(x), 0, x_dot), filled, y, axis)",
        x_bar="np.where(np.isnan(x), 0, rt.cumprod_bar(y_bar, filled, y, axis))")

# Differences and integrals ---------------------------------------------------------------------
linear("y = np.diff(x, n=1, axis=-1)",
       x_bar="y_bar if n == 0 else diff_bar(y_bar, x, n, axis)")
linear("y = np.diff(x, n=1, axis=-1, prepend=None, append=None)",
       let={"joined": "y_bar if n == 0 else (-1) ** n * np.diff(pad_axis(y_bar, n, axis), n, axis)"},
       x_bar="diff_piece(joined, x, prepend, append, axis, 0)",
       prepend_bar="0 if prepend is None else diff_piece(joined, x, prepend, append, axis, -1)",
       append_bar="0 if append is None else diff_piece(joined, x, prepend, append, axis, 1)")
linear("y = np.ediff1d(x)", x_bar="flat_to(-np.diff(np.pad(y_bar, 1)), x)")
bilinear("y = np.trapezoid(f, dx=1.0, axis=-1)",
         f_bar="dx * np.expand_dims(y_bar, axis) * along(rt.trapezoid_weights(f, axis), f, axis)",
         dx_bar="np.sum(np.trapezoid(f, axis=axis) * y_bar)")
bilinear("y = np.trapezoid(f, x=None, axis=-1)", when="x.ndim == 1 and f.ndim > 1",
         f_bar="np.expand_dims(y_bar, axis) * along(rt.trapezoid_spans(x, 0), f, axis)",
         x_bar="across(np.expand_dims(y_bar, axis) * rt.trapezoid_heights(f, axis), f, axis)")
bilinear("y = np.trapezoid(f, x=None, axis=-1)", when="x.ndim == f.ndim",
         f_bar="np.expand_dims(y_bar, axis) * rt.trapezoid_spans(x, axis)",
         x_bar="np.expand_dims(y_bar, axis) * rt.trapezoid_heights(f, axis)")
linear("y = np.gradient(f, axis=None, edge_order=1)", when="f.ndim == 1 or isinstance(axis, int)",
       f_bar="rt.gradient_bar(y_bar, 0 if axis is None else axis, edge_order)")
general("y = np.gradient(f, h, axis=None, edge_order=1)", when="h.ndim == 0 and h.dtype.kind != 'c' and (f.ndim == 1 or isinstance(axis, int))",
        y_dot="np.gradient(f_dot, axis=axis, edge_order=edge_order) / h - y / h * h_dot",
        f_bar="rt.gradient_bar(y_bar, 0 if axis is None else axis, edge_order) / h", h_bar="-np.sum(y * y_bar) / h")
linear("p, q = np.gradient(f, edge_order=1)", ranks=(2,),
       f_bar="(0 if p_bar is None else rt.gradient_bar(p_bar, 0, edge_order))"
             " + (0 if q_bar is None else rt.gradient_bar(q_bar, 1, edge_order))")
linear("p, q, r = np.gradient(f, edge_order=1)", ranks=(3,),
       f_bar="(0 if p_bar is None else rt.gradient_bar(p_bar, 0, edge_order))"
             " + (0 if q_bar is None else rt.gradient_bar(q_bar, 1, edge_order))"
             " + (0 if r_bar is None else rt.gradient_bar(r_bar, 2, edge_order))")

constant("np.argmax", "np.argmin", "np.nanargmax", "np.nanargmin", "np.count_nonzero", "np.all", "np.any")
refused("np.histogram", "np.histogram2d", "np.histogram_bin_edges",
        reason="how many bins there are depends on the values: write their number, or their edges as an array")
refused("np.histogramdd", reason="write np.histogram2d, or np.bincount(np.ravel_multi_index(...), weights)")
