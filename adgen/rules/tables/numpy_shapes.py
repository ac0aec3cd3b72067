"""Making, reshaping, joining, splitting, repeating and padding arrays.  All of it is linear.

Sources: the adjoint of a linear map is its transpose (Griewank and Walther, *Evaluating Derivatives*, 2008, section 3.2).
"""

from adgen.rules.kinds import constant, general, linear, refused

# Making ---------------------------------------------------------------------------------------
constant("np.zeros", "np.ones", "np.empty", "np.zeros_like", "np.ones_like", "np.empty_like", "np.eye", "np.identity",
         "np.tri", "np.indices", "np.ix_")
linear("y = np.full(shape, value, dtype=None)", value_bar="np.sum(y_bar)", when="value.ndim == 0")
linear("y = np.full(shape, value, dtype=None)", value_bar="rt.sum_to(y_bar, value.shape)")
linear("y = np.full_like(x, value, dtype=None)", x_bar="0", value_bar="np.sum(y_bar)", when="value.ndim == 0")
linear("y = np.full_like(x, value, dtype=None)", x_bar="0", value_bar="rt.sum_to(y_bar, value.shape)")
linear("y = np.linspace(a, b, num=50, endpoint=True)", when="a.ndim == 0 and b.ndim == 0",
       let={"t": "np.linspace(0.0, 1.0, num, endpoint, dtype=y.dtype)"},
       a_bar="np.sum((1 - t) * y_bar)", b_bar="np.sum(t * y_bar)")
linear("y = np.linspace(a, b, num=50, endpoint=True)", when="a.ndim == b.ndim",
       let={"t": "np.linspace(0.0, 1.0, num, endpoint, dtype=y.dtype)"},
       a_bar="np.tensordot(1 - t, y_bar, 1)", b_bar="np.tensordot(t, y_bar, 1)")
general("y = np.logspace(a, b, num=50, endpoint=True, base=10.0)", when="a.ndim == 0 and b.ndim == 0",
        let={"t": "np.linspace(0.0, 1.0, num, endpoint, dtype=y.dtype)"},
        y_dot="y * (math.log(base) * ((1 - t) * a_dot + t * b_dot) + ((1 - t) * a + t * b) / base * base_dot)",
        a_bar="math.log(base) * np.sum((1 - t) * y * y_bar)", b_bar="math.log(base) * np.sum(t * y * y_bar)",
        base_bar="np.sum(((1 - t) * a + t * b) * y * y_bar) / base")
general("y = np.geomspace(a, b, num=50, endpoint=True)", when="a.ndim == 0 and b.ndim == 0",
        let={"t": "np.linspace(0.0, 1.0, num, endpoint, dtype=y.dtype)"},
        y_dot="y * ((1 - t) * (a_dot / a) + t * (b_dot / b))",
        a_bar="np.sum((1 - t) * y * y_bar) / a", b_bar="np.sum(t * y * y_bar) / b")
general("y = np.arange(start, stop)", y_dot="start_dot", start_bar="np.sum(y_bar)", stop_bar="0")
general("y = np.arange(start, stop, step)", y_dot="start_dot + step_dot * np.arange(y.size)",
        start_bar="np.sum(y_bar)", stop_bar="0", step_bar="np.sum(np.arange(y.size) * y_bar)")
constant("np.arange")

# The same values ------------------------------------------------------------------------------
linear("y = np.copy(x)", x_bar="y_bar")
linear("y = np.ascontiguousarray(x)", "y = np.asfortranarray(x)", "y = np.require(x)", view=True, x_bar="y_bar")
linear("y = np.astype(x, dtype)", x_bar="cast(y_bar, x)")
linear("y = np.array(x, dtype=None, copy=True)", when="isinstance(x, np.ndarray)", x_bar="cast(y_bar, x)")
linear("y = np.asarray(x, dtype=None)", "y = np.asanyarray(x, dtype=None)", "y = np.asarray_chkfinite(x, dtype=None)",
       when="isinstance(x, np.ndarray)", view=True, x_bar="cast(y_bar, x)")
linear("y = np.array(x, dtype=None, copy=True)", "y = np.asarray(x, dtype=None)", "y = np.float64(x)",
       "y = np.float32(x)", "y = np.float16(x)", "y = np.longdouble(x)", "y = np.clongdouble(x)", "y = np.complex128(x)", "y = np.complex64(x)",
       when="not isinstance(x, (list, tuple))", x_bar="cast(y_bar, x)")
linear("y = np.array(xs, dtype=None)", "y = np.asarray(xs, dtype=None)", "y = np.asanyarray(xs, dtype=None)",
       xs_bar="y_bar[k]")

# New shapes -----------------------------------------------------------------------------------
BACK = "np.reshape(y_bar, x.shape) if order == 'C' else np.reshape(y_bar, x.shape, order=order)"
linear("y = np.reshape(x, shape, order='C')", when="order in ('C', 'F')", view=True, x_bar=BACK)
linear("y = np.ravel(x, order='C')", when="order in ('C', 'F')", view=True, x_bar=BACK)
refused("np.reshape", "np.ravel", reason="the orders 'A' and 'K' are those of the memory, which is not followed: write 'C' or 'F'")
linear("y = np.transpose(x, axes=None)", view=True,
       x_bar="y_bar.T if axes is None else np.transpose(y_bar, inverse_permutation(axes))")
linear("y = np.matrix_transpose(x)", "y = np.linalg.matrix_transpose(x)", view=True, x_bar="mT(y_bar)")
linear("y = np.swapaxes(x, i, j)", view=True, x_bar="np.swapaxes(y_bar, i, j)")
linear("y = np.moveaxis(x, source, destination)", view=True, x_bar="np.moveaxis(y_bar, destination, source)")
linear("y = np.rollaxis(x, axis, start=0)", view=True,
       x_bar="np.moveaxis(y_bar, rolled_to(x, axis, start), axis)")
linear("y = np.expand_dims(x, axis)", view=True,
       x_bar="np.sum(y_bar) if x.ndim == 0 else np.squeeze(y_bar, axis)")
linear("y = np.squeeze(x, axis=None)", view=True,
       x_bar="np.reshape(y_bar, x.shape) if axis is None else np.expand_dims(y_bar, axis)")
linear("y = np.atleast_1d(x)", "y = np.atleast_2d(x)", "y = np.atleast_3d(x)", view=True,
       x_bar="y_bar if x.ndim == y_bar.ndim else np.reshape(y_bar, x.shape)")
linear("y = np.broadcast_to(x, shape)", view=True, x_bar="rt.sum_to(y_bar, x.shape)")
linear("y, z = np.broadcast_arrays(a, b)", view=True,
       a_bar="0 if y_bar is None else rt.sum_to(y_bar, a.shape)",
       b_bar="0 if z_bar is None else rt.sum_to(z_bar, b.shape)")
linear("p, q = np.meshgrid(a, b, indexing='xy')",
       a_bar="0 if p_bar is None else flat_to(np.sum(p_bar, axis=0 if indexing == 'xy' else 1), a)",
       b_bar="0 if q_bar is None else flat_to(np.sum(q_bar, axis=1 if indexing == 'xy' else 0), b)")
linear("p, q, r = np.meshgrid(a, b, c, indexing='xy')",
       a_bar="0 if p_bar is None else flat_to(np.sum(p_bar, axis=(0, 2) if indexing == 'xy' else (1, 2)), a)",
       b_bar="0 if q_bar is None else flat_to(np.sum(q_bar, axis=(1, 2) if indexing == 'xy' else (0, 2)), b)",
       c_bar="0 if r_bar is None else flat_to(np.sum(r_bar, axis=(0, 1)), c)")

# Order along axes -----------------------------------------------------------------------------
linear("y = np.flip(x, axis=None)", view=True, x_bar="np.flip(y_bar, axis)")
linear("y = np.fliplr(x)", view=True, x_bar="np.fliplr(y_bar)")
linear("y = np.flipud(x)", view=True, x_bar="np.flipud(y_bar)")
linear("y = np.rot90(x, k=1, axes=(0, 1))", view=True, x_bar="np.rot90(y_bar, -k, axes)")
linear("y = np.roll(x, shift, axis=None)", x_bar="np.roll(y_bar, negated(shift), axis)")
linear("y = np.fft.fftshift(x, axes=None)", x_bar="np.fft.ifftshift(y_bar, axes)")
linear("y = np.fft.ifftshift(x, axes=None)", x_bar="np.fft.fftshift(y_bar, axes)")

# Joining --------------------------------------------------------------------------------------
linear("y = np.concatenate(xs, axis=0, dtype=None)", when="not isinstance(xs, np.ndarray)", xs_bar="piece(y_bar, xs, k, axis)")
linear("y = np.stack(xs, axis=0, dtype=None)", when="not isinstance(xs, np.ndarray)", xs_bar="item(y_bar, k, axis)")
linear("y = np.unstack(x, axis=0)", x_bar="np.stack(y_bar) if axis == 0 else np.moveaxis(np.stack(y_bar), 0, axis)")
RANKED = "isinstance(xs, (list, tuple)) and all(x.ndim for x in xs)"
linear("y = np.hstack(xs)", when=RANKED, xs_bar="piece(y_bar, xs, k, 0 if y_bar.ndim == 1 else 1)")
linear("y = np.vstack(xs)", "y = np.row_stack(xs)", when=RANKED, xs_bar="stacked_piece(y_bar, xs, k, 0)")
linear("y = np.dstack(xs)", when=RANKED, xs_bar="stacked_piece(y_bar, xs, k, 2)")
linear("y = np.column_stack(xs)", when=RANKED, xs_bar="stacked_piece(y_bar, xs, k, 1)")
linear("y = np.append(x, v, axis=None)", when="axis is None",
       x_bar="flat_to(y_bar[:x.size], x)", v_bar="np.reshape(y_bar[x.size:], v.shape)")
linear("y = np.append(x, v, axis=None)", x_bar="part(y_bar, 0, x.shape[axis], axis)",
       v_bar="part(y_bar, x.shape[axis], None, axis)")

# Splitting: the outputs are adjacent slices ---------------------------------------------------------
for name, axis in (("split", ", axis=0"), ("array_split", ", axis=0"), ("hsplit", ""), ("vsplit", ""), ("dsplit", "")):
    AXIS = {"hsplit": "0 if x.ndim == 1 else 1", "vsplit": "0", "dsplit": "2"}.get(name, "axis")
    linear(f"y = np.{name}(x, sections{axis})", when="not isinstance(sections, (list, tuple))", view=True,
           x_bar=f"np.concatenate(y_bar, axis={AXIS})")

# Repeating, padding, inserting, deleting --------------------------------------------------------------
# Where the moves are intricate they are applied to the positions of `x`; the adjoint is then summed by position.
linear("y = np.tile(x, reps)", x_bar="tile_bar(y_bar, x, reps)")
linear("y = np.repeat(x, repeats, axis=None)", when="not isinstance(repeats, (list, tuple)) and repeats.ndim == 0",
       x_bar="repeat_bar(y_bar, x, repeats, axis)")
linear("y = np.repeat(x, repeats, axis=None)",
       x_bar="rt.scatter_sum(y_bar, np.repeat(positions(x), repeats, axis), x.shape)")
linear("y = np.resize(x, shape)", x_bar="rt.scatter_sum(y_bar, np.resize(positions(x), shape), x.shape)")
linear("y = np.delete(x, i, axis=None)",
       x_bar="rt.scatter_sum(y_bar, np.delete(positions(x), i, axis), x.shape)")
linear("y = np.insert(x, i, v, axis=None)",
       let={"source": "np.insert(positions(x), i, x.size + positions(v), axis)",
            "both": "rt.scatter_sum(y_bar, source, (x.size + v.size,))"},
       x_bar="flat_to(both[:x.size], x)", v_bar="np.reshape(both[x.size:], v.shape)")
linear("y = np.pad(x, pad_width, mode='constant', constant_values=0)",
       when="mode == 'constant' and constant_values.ndim == 0",
       x_bar="unpad(y_bar, x, pad_width)", constant_values_bar="np.sum(y_bar) - np.sum(unpad(y_bar, x, pad_width))")
linear("y = np.pad(x, pad_width, mode='constant', reflect_type='even')",
       when="mode in ('edge', 'wrap', 'reflect', 'symmetric') and reflect_type == 'even'",
       x_bar="rt.scatter_sum(y_bar, np.pad(positions(x), pad_width, mode), x.shape)")
linear("y = np.pad(x, pad_width, mode='constant')", when="mode in ('mean', 'linear_ramp')",
       x_bar="rt.pad_bar(y_bar, pairs(pad_width, x), mode)")

