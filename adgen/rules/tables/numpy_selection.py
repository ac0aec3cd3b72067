"""Choosing elements by condition, index or order; diagonals and triangles.

Between kinks each of these is a linear map that moves elements, and its adjoint moves them back: Griewank and Walther,
*Evaluating Derivatives* (2008), sections 3.2 and 14.  Sources at ties: Clarke, *Optimization and Nonsmooth Analysis* (1983).
"""

from adgen.rules.kinds import constant, elementwise, general, linear, refused

# By condition ---------------------------------------------------------------------------------
elementwise("y = np.where(c, a, b)", y_dot="np.where(c, a_dot, b_dot)",
            a_bar="np.where(c, y_bar, 0)", b_bar="np.where(c, 0, y_bar)")
linear("y = np.select(conditions, xs, default=0)",
       xs_bar="selected(y_bar, conditions, xs[k], k)", default_bar="unselected(y_bar, conditions, default)")
linear("y = np.choose(i, xs, mode='raise')", when="not isinstance(i, (list, tuple)) and isinstance(xs, (list, tuple))",
       xs_bar="rt.sum_to(np.where(chosen_index(i, xs, mode) == k, y_bar, 0), xs[k].shape)")
linear("y = np.compress(c, x, axis=None)",
       x_bar="rt.scatter_sum(y_bar, np.compress(c, positions(x), axis), x.shape)")
linear("y = np.extract(c, x)", x_bar="rt.scatter_sum(y_bar, np.extract(c, positions(x)), x.shape)")

# By index -------------------------------------------------------------------------------------
linear("y = np.take(x, i, axis=None, mode='raise')", when="axis is None",
       x_bar="rt.scatter_sum(y_bar, i if mode == 'raise' else np.take(np.arange(x.size), i, mode=mode), x.shape)")
linear("y = np.take(x, i, axis=None, mode='raise')",
       x_bar="rt.scatter_sum(y_bar, np.take(positions(x), i, axis, mode=mode), x.shape)")
linear("y = np.take_along_axis(x, i, axis=-1)",
       x_bar="rt.scatter_sum(y_bar, np.take_along_axis(positions(x), i, axis), x.shape)")

# By order: each element goes where the sort sent it ------------------------------------------------
SORTED = "ties: as a stable sort orders them"
general("y = np.sort(x, axis=-1, kind=None, stable=None)", when="axis is None", at=SORTED,
        let={"order": "np.argsort(x, axis=None, kind='stable')"},
        y_dot="np.take(x_dot, order)", x_bar="rt.scatter_sum(y_bar, order, x.shape)")
general("y = np.sort(x, axis=-1, kind=None, stable=None)", at=SORTED, let={"order": "np.argsort(x, axis=axis, kind='stable')"},
        y_dot="np.take_along_axis(x_dot, order, axis)",
        x_bar="np.take_along_axis(y_bar, np.argsort(order, axis=axis), axis)")
general("y = np.partition(x, kth, axis=-1)", when="axis is None", let={"order": "np.argpartition(x, kth, axis=None)"},
        y_dot="np.take(x_dot, order)", x_bar="rt.scatter_sum(y_bar, order, x.shape)")
general("y = np.partition(x, kth, axis=-1)", let={"order": "np.argpartition(x, kth, axis=axis)"},
        y_dot="np.take_along_axis(x_dot, order, axis)",
        x_bar="np.take_along_axis(y_bar, np.argsort(order, axis=axis), axis)")
general("y = np.sort_complex(x)", at=SORTED, when="x.dtype.kind == 'c'",
        let={"order": "np.argsort(x, axis=-1, kind='stable')"},
        y_dot="np.take_along_axis(x_dot, order, -1)",
        x_bar="np.take_along_axis(y_bar, np.argsort(order, axis=-1), -1)")

# Diagonals and triangles ------------------------------------------------------------------------
linear("y = np.diag(x, k=0)", ranks=(1,), x_bar="np.diag(y_bar, k)")
linear("y = np.diag(x, k=0)", ranks=(2,), view=True, x_bar="rt.spread_diagonal(y_bar, x.shape, k, 0, 1)")
linear("y = np.diagflat(x, k=0)", x_bar="flat_to(np.diag(y_bar, k), x)")
linear("y = np.diagonal(x, offset=0, axis1=0, axis2=1)", view=True,
       x_bar="rt.spread_diagonal(y_bar, x.shape, offset, axis1, axis2)")
linear("y = np.linalg.diagonal(x, offset=0)", view=True, x_bar="rt.spread_diagonal(y_bar, x.shape, offset, -2, -1)")
linear("y = np.trace(x, offset=0, axis1=0, axis2=1)",
       x_bar="rt.diagonal_ones(x, offset, axis1, axis2) * unreduce(y_bar, x, (axis1, axis2), False)")
linear("y = np.linalg.trace(x, offset=0)",
       x_bar="rt.diagonal_ones(x, offset, -2, -1) * unreduce(y_bar, x, (-2, -1), False)")
linear("y = np.tril(x, k=0)", x_bar="rt.sum_to(np.tril(y_bar, k), x.shape) if x.ndim == 1 else np.tril(y_bar, k)")
linear("y = np.triu(x, k=0)", x_bar="rt.sum_to(np.triu(y_bar, k), x.shape) if x.ndim == 1 else np.triu(y_bar, k)")

# Sums by index ----------------------------------------------------------------------------------
linear("y = np.bincount(i, weights=None, minlength=0)", weights_bar="np.take(y_bar, i)")
linear("y = np.add.reduceat(x, i, axis=0)", x_bar="rt.reduceat_bar(y_bar, x, i, axis)")
linear("y = np.add.reduce(x, axis=0, keepdims=False)", x_bar="unreduce(y_bar, x, axis, keepdims)")
general("y = np.logaddexp.reduce(x, axis=0, keepdims=False)", let={"p": "np.exp(x - rt.finite(unreduce(y, x, axis, keepdims)))"},
        y_dot="np.sum(p * x_dot, axis=axis, keepdims=keepdims)", x_bar="p * unreduce(y_bar, x, axis, keepdims)")
refused("np.power.reduce", "np.pow.reduce", "np.arctan2.reduce", "np.atan2.reduce",
        reason="its value depends on how many numbers the machine takes at once: write a loop")
linear("y = np.add.accumulate(x, axis=0)", x_bar="np.flip(np.cumsum(np.flip(y_bar, axis), axis=axis), axis)")

constant("np.argsort", "np.argpartition", "np.lexsort", "np.searchsorted", "np.digitize", "np.nonzero",
         "np.flatnonzero", "np.argwhere", "np.isin", "np.tril_indices", "np.triu_indices", "np.tril_indices_from",
         "np.triu_indices_from", "np.diag_indices", "np.diag_indices_from", "np.mask_indices", "np.unravel_index",
         "np.ravel_multi_index")

# Of equal elements the first is taken.
UNIQUE = "np.unique(x, return_index=False, return_inverse=False, return_counts=False, axis=None)"
for number, heads in enumerate(("y", "y, i", "y, i, j", "y, i, j, n")):
    general(f"{heads} = {UNIQUE}", at="equal elements: the first",
            when=f"axis is None and return_index + return_inverse + return_counts == {number}",
            let={"index": "rt.first_positions(x)"},
            y_dot="np.take(x_dot, index)", x_bar="0 if y_bar is None else rt.scatter_sum(y_bar, index, x.shape)")
for heads, name in (("y, n", "counts"), ("y, j", "inverse"), ("y, i, j, n", "all")):
    general(f"{heads} = np.unique_{name}(x)", at="equal elements: the first", let={"index": "rt.first_positions(x)"},
            y_dot="np.take(x_dot, index)", x_bar="0 if y_bar is None else rt.scatter_sum(y_bar, index, x.shape)")
general("y = np.unique_values(x)", when="x.dtype.kind == 'c'", at="equal elements: the first",   # in no order
        let={"first": "rt.first_positions(x)", "index": "np.take(first, np.searchsorted(np.take(x, first), y))"},
        y_dot="np.take(x_dot, index)", x_bar="rt.scatter_sum(y_bar, index, x.shape)")
general("y = np.unique_values(x)", let={"index": "rt.first_positions(x)"}, at="equal elements: the first",
        y_dot="np.take(x_dot, index)", x_bar="rt.scatter_sum(y_bar, index, x.shape)")
refused("np.unique", reason="along an axis it compares whole rows: take the rows by np.unique(..., return_index=True)[1]")
