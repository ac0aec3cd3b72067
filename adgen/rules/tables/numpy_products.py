"""Products of vectors, matrices and tensors; convolutions, polynomials, interpolation.

Sources: Giles, "Collected matrix derivative results" (2008), section 2.2; Laue, Mitterreiter and Giesen, "Computing
higher order derivatives of matrix and tensor expressions" (2018), for einsum; Dumoulin and Visin, "A guide to convolution
arithmetic for deep learning" (2016), chapter 4; de Boor, *A Practical Guide to Splines* (2001), chapter 3.
"""

from adgen.rules.kinds import bilinear, constant, general, linear, refused

# Matrix products ------------------------------------------------------------------------------
MATMUL = "y = a @ b", "y = np.matmul(a, b)", "y = np.linalg.matmul(a, b)"
for heads in (MATMUL, ("y = np.dot(a, b)",)):
    bilinear(*heads, ranks=(2, 2), a_bar="y_bar @ b.T", b_bar="a.T @ y_bar")
    bilinear(*heads, ranks=(2, 1), a_bar="np.outer(y_bar, b)", b_bar="a.T @ y_bar")
    bilinear(*heads, ranks=(1, 2), a_bar="b @ y_bar", b_bar="np.outer(a, y_bar)")
    bilinear(*heads, ranks=(1, 1), a_bar="y_bar * b", b_bar="y_bar * a")
# A stack of matrices, with one vector or matrix for all, or broadcast against another stack.
bilinear(*MATMUL, when="b.ndim == 1", a_bar="np.expand_dims(y_bar, -1) * b", b_bar="np.tensordot(y_bar, a, y_bar.ndim)")
bilinear(*MATMUL, when="a.ndim == 1", a_bar="np.tensordot(y_bar, mT(b), y_bar.ndim)",
         b_bar="np.expand_dims(a, -1) * np.expand_dims(y_bar, -2)")
bilinear(*MATMUL, when="b.ndim == 2", a_bar="y_bar @ b.T",
         b_bar="np.reshape(a, (-1, a.shape[-1])).T @ np.reshape(y_bar, (-1, y_bar.shape[-1]))")
bilinear(*MATMUL, a_bar="sum_to(y_bar @ mT(b), a, b)", b_bar="sum_to(mT(a) @ y_bar, b, a)")
bilinear("y = np.matvec(a, b)", ranks=(2, 1), a_bar="np.outer(y_bar, b)", b_bar="a.T @ y_bar")
bilinear("y = np.matvec(a, b)", when="a.ndim == b.ndim + 1", a_bar="np.expand_dims(y_bar, -1) * np.expand_dims(b, -2)",
         b_bar="np.matvec(mT(a), y_bar)")
bilinear("y = np.vecmat(a, b)", ranks=(1, 2), a_bar="np.conj(b @ y_bar)", b_bar="np.outer(conj(a), y_bar)")

# np.dot and np.inner of higher rank ---------------------------------------------------------------
bilinear("y = np.dot(a, b)", "y = np.inner(a, b)", when="a.ndim == 0 and b.ndim == 0", a_bar="b * y_bar",
         b_bar="a * y_bar")
bilinear("y = np.dot(a, b)", "y = np.inner(a, b)", when="a.ndim == 0", a_bar="np.sum(b * y_bar)", b_bar="a * y_bar")
bilinear("y = np.dot(a, b)", "y = np.inner(a, b)", when="b.ndim == 0", a_bar="b * y_bar", b_bar="np.sum(a * y_bar)")
bilinear("y = np.dot(a, b)", a_bar="tensordot_a(y_bar, a, b, last_with_second_last(b))",
         b_bar="tensordot_b(y_bar, a, b, last_with_second_last(b))")
bilinear("y = np.inner(a, b)", ranks=(1, 1), a_bar="y_bar * b", b_bar="y_bar * a")
bilinear("y = np.inner(a, b)", ranks=(2, 2), a_bar="y_bar @ b", b_bar="y_bar.T @ a")
bilinear("y = np.inner(a, b)", a_bar="tensordot_a(y_bar, a, b, (-1, -1))", b_bar="tensordot_b(y_bar, a, b, (-1, -1))")
bilinear("y = np.tensordot(a, b, axes=2)", "y = np.linalg.tensordot(a, b, axes=2)",
         a_bar="tensordot_a(y_bar, a, b, axes)", b_bar="tensordot_b(y_bar, a, b, axes)")
# vdot and vecdot conjugate their first factor.
bilinear("y = np.vdot(a, b)", a_bar="flat_like(conj(y_bar * b), a)", b_bar="flat_like(y_bar * conj(a), b)")
bilinear("y = np.vecdot(a, b)", "y = np.linalg.vecdot(a, b)", when="a.ndim == b.ndim",
         a_bar="conj(np.expand_dims(y_bar, -1) * b)", b_bar="np.expand_dims(y_bar, -1) * conj(a)")
bilinear("y = np.outer(a, b)", a_bar="flat_to(y_bar @ np.ravel(b), a)", b_bar="flat_to(np.ravel(a) @ y_bar, b)")
bilinear("y = np.linalg.outer(a, b)", a_bar="y_bar @ b", b_bar="a @ y_bar")
bilinear("y = np.multiply.outer(a, b)", a_bar="tensordot_a(y_bar, a, b, 0)", b_bar="tensordot_b(y_bar, a, b, 0)")
linear("y = np.add.outer(a, b)", when="a.ndim == 1 and b.ndim == 1", a_bar="np.sum(y_bar, axis=1)",
       b_bar="np.sum(y_bar, axis=0)")
linear("y = np.subtract.outer(a, b)", when="a.ndim == 1 and b.ndim == 1", a_bar="np.sum(y_bar, axis=1)",
       b_bar="-np.sum(y_bar, axis=0)")
bilinear("y = np.kron(a, b)", a_bar="kron_bar(y_bar, a, b, True)", b_bar="kron_bar(y_bar, a, b, False)")
bilinear("y = np.einsum(s, *xs, optimize=False)", when="isinstance(s, str)", xs_bar="einsum_bar(s, y_bar, xs, k)")
CROSS = "y = np.cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None)"
bilinear(CROSS, when="a.ndim == b.ndim and axis is None and axisa == axisb == axisc",
         a_bar="fitted(np.cross(b, y_bar, axis=axisa), a, b)", b_bar="fitted(np.cross(y_bar, a, axis=axisa), b, a)")
bilinear(CROSS, when="a.ndim == b.ndim and axis is not None",
         a_bar="fitted(np.cross(b, y_bar, axis=axis), a, b)", b_bar="fitted(np.cross(y_bar, a, axis=axis), b, a)")
bilinear("y = np.cross(a, b)", a_bar="rt.sum_to(np.cross(b, y_bar), a.shape)",
         b_bar="rt.sum_to(np.cross(y_bar, a), b.shape)")
bilinear("y = np.linalg.cross(a, b, axis=-1)", a_bar="rt.sum_to(np.linalg.cross(b, y_bar, axis=axis), a.shape)",
         b_bar="rt.sum_to(np.linalg.cross(y_bar, a, axis=axis), b.shape)")

# Convolutions: the adjoint is placed in the full convolution, whose transpose is a 'valid' one -----------
bilinear("y = np.convolve(a, v, mode='full')",
         let={"full": "y_bar if mode == 'full' else rt.to_full(y_bar, a.size, v.size, mode)"},
         a_bar="flat_to(np.convolve(full, flipped(v), 'valid'), a)",
         v_bar="flat_to(np.convolve(full, flipped(a), 'valid'), v)")
bilinear("y = np.correlate(a, v, mode='valid')",
         let={"full": "y_bar if mode == 'full' else rt.to_full_correlation(y_bar, a.size, v.size, mode)"},
         a_bar="np.convolve(full, conj(v), 'valid')", v_bar="conj(np.flip(np.convolve(full, np.flip(a), 'valid')))")

# Polynomials --------------------------------------------------------------------------------------
general("y = np.polyval(p, x)", when="isinstance(p, np.ndarray) and p.ndim == 1",
        let={"slope": "rt.polynomial_slope(p, x)", "powers": "np.vander(np.ravel(x), p.size)"},
        y_dot="np.polyval(p_dot, x) + slope * x_dot",
        p_bar="np.ravel(y_bar) @ powers", x_bar="slope * y_bar")
linear("y = np.polyder(p, m=1)", when="m == 1",
       p_bar="np.append(y_bar * np.arange(p.size - 1, 0, -1), 0.0)")
linear("y = np.polyint(p, m=1)", when="m == 1", p_bar="y_bar[:-1] / np.arange(p.size, 0, -1)")
linear("y = np.polyadd(a, b)", a_bar="y_bar[y_bar.size - a.size:]", b_bar="y_bar[y_bar.size - b.size:]")
linear("y = np.polysub(a, b)", a_bar="y_bar[y_bar.size - a.size:]", b_bar="-y_bar[y_bar.size - b.size:]")
bilinear("y = np.polymul(a, b)", a_bar="flat_to(np.convolve(y_bar, flipped(b), 'valid'), a)",
         b_bar="flat_to(np.convolve(y_bar, flipped(a), 'valid'), b)")
general("y = np.vander(x, N=None, increasing=False)",
        let={"slope": "rt.vander_slope(x, y.shape[1], increasing)"},
        y_dot="slope * np.expand_dims(x_dot, 1)", x_bar="np.sum(slope * y_bar, axis=1)")
# Least squares through the normal equations of the Vandermonde matrix v: v.T (y - v p) = 0.
general("p = np.polyfit(x, y, degree)", when="y.ndim == 1", at="fewer points than coefficients: NaN",
        let={"v": "np.vander(x, degree + 1)", "slope": "rt.vander_slope(x, degree + 1, False)",
             "inverse": "rt.left_inverse(v)", "r": "y - v @ p", "w": "p_bar @ inverse", "gram": "inverse @ inverse.T"},
        p_dot="inverse @ (y_dot - slope @ p * x_dot) + gram @ (slope.T @ (r * x_dot))",
        y_bar="w", x_bar="slope @ (gram @ p_bar) * r - w * (slope @ p)")

# Series of polynomials: what is linear in the coefficients has the matrix that it makes of the identity.
for family, short in (("polynomial", "poly"), ("chebyshev", "cheb"), ("legendre", "leg"), ("hermite", "herm"),
                      ("hermite_e", "herme"), ("laguerre", "lag")):
    for head in (f"{short}der(c, m=1, scl=1)", f"{short}int(c, m=1)"):
        NAME, OPTIONS = head.split("(")[0], "m, scl" if "scl" in head else "m"
        linear(f"y = np.polynomial.{family}.{head}", when="c.ndim == 1",
               c_bar=f"np.polynomial.{family}.{NAME}(np.eye(c.size, dtype=c.dtype), {OPTIONS}).T @ y_bar")

EMATH = "np.emath.{0}"
refused(*[EMATH.format(n) for n in ("sqrt", "log", "log2", "logn", "log10", "power", "arcsin", "arccos", "arctanh")],
        reason="whether its result is complex depends on the values: write the function of np, on x or on x + 0j")
for name in ("Polynomial", "Chebyshev", "Legendre", "Hermite", "HermiteE", "Laguerre"):
    refused(f"np.polynomial.{name}", reason="its coefficients are those of an object: write np.polynomial.polynomial.polyval"
                                            " and its kin, on an array")

# Piecewise linear interpolation -------------------------------------------------------------------
INTERP = "y = np.interp(x, xp, fp, left=None, right=None)"
general(INTERP, at="nodes: the slope to the right; outside: 0",
        let={"i": "rt.bracket(x, xp)", "t": "rt.interp_weight(x, xp, i)",
             "slope": "rt.interp_slope(x, xp, fp, i)",
             "shown": "rt.interp_shown(x, xp, left, right)"},
        y_dot="slope * (x_dot - (1 - t) * np.take(xp_dot, i) - t * np.take(xp_dot, i + 1))"
              " + shown * ((1 - t) * np.take(fp_dot, i) + t * np.take(fp_dot, i + 1))"
              " + (0 if left is None else np.where(x < xp[0], left_dot, 0))"
              " + (0 if right is None else np.where(x > xp[-1], right_dot, 0))",
        left_bar="0 if left is None else np.sum(np.where(x < xp[0], y_bar, 0))",
        right_bar="0 if right is None else np.sum(np.where(x > xp[-1], y_bar, 0))",
        x_bar="slope * y_bar",
        xp_bar="-rt.interp_bar(slope * y_bar, t, i, xp.shape)",
        fp_bar="rt.interp_bar(shown * y_bar, t, i, fp.shape)")

constant("np.shape", "np.size", "np.ndim", "np.result_type", "np.promote_types", "np.einsum_path")

# The rest of np.polynomial
constant("np.polynomial.polynomial.ABCPolyBase", "np.polynomial.chebyshev.ABCPolyBase", "np.polynomial.chebyshev.chebgauss",
        "np.polynomial.chebyshev.chebpts1", "np.polynomial.chebyshev.chebpts2", "np.polynomial.chebyshev.chebweight",
        "np.polynomial.legendre.ABCPolyBase", "np.polynomial.legendre.leggauss", "np.polynomial.legendre.legweight",
        "np.polynomial.hermite.ABCPolyBase", "np.polynomial.hermite.hermgauss", "np.polynomial.hermite.hermweight",
        "np.polynomial.hermite_e.ABCPolyBase", "np.polynomial.hermite_e.hermegauss", "np.polynomial.hermite_e.hermeweight",
        "np.polynomial.laguerre.ABCPolyBase", "np.polynomial.laguerre.laggauss", "np.polynomial.laguerre.lagweight",
        "np.polynomial.set_default_printstyle", "np.polynomial.test")
refused("np.polynomial.polynomial.polycompanion", "np.polynomial.polynomial.polygrid2d",
        "np.polynomial.polynomial.polygrid3d", "np.polynomial.polynomial.polyline", "np.polynomial.polynomial.polymulx",
        "np.polynomial.polynomial.polytrim", "np.polynomial.polynomial.polyval2d", "np.polynomial.polynomial.polyval3d",
        "np.polynomial.polynomial.polyvalfromroots", "np.polynomial.polynomial.polyvander2d",
        "np.polynomial.polynomial.polyvander3d", "np.polynomial.chebyshev.cheb2poly", "np.polynomial.chebyshev.chebadd",
        "np.polynomial.chebyshev.chebcompanion", "np.polynomial.chebyshev.chebdiv", "np.polynomial.chebyshev.chebfromroots",
        "np.polynomial.chebyshev.chebgrid2d", "np.polynomial.chebyshev.chebgrid3d",
        "np.polynomial.chebyshev.chebinterpolate", "np.polynomial.chebyshev.chebline", "np.polynomial.chebyshev.chebmul",
        "np.polynomial.chebyshev.chebmulx", "np.polynomial.chebyshev.chebpow", "np.polynomial.chebyshev.chebroots",
        "np.polynomial.chebyshev.chebsub", "np.polynomial.chebyshev.chebtrim", "np.polynomial.chebyshev.chebval2d",
        "np.polynomial.chebyshev.chebval3d", "np.polynomial.chebyshev.chebvander2d", "np.polynomial.chebyshev.chebvander3d",
        "np.polynomial.chebyshev.poly2cheb", "np.polynomial.legendre.leg2poly", "np.polynomial.legendre.legadd",
        "np.polynomial.legendre.legcompanion", "np.polynomial.legendre.legdiv", "np.polynomial.legendre.legfromroots",
        "np.polynomial.legendre.leggrid2d", "np.polynomial.legendre.leggrid3d", "np.polynomial.legendre.legline",
        "np.polynomial.legendre.legmul", "np.polynomial.legendre.legmulx", "np.polynomial.legendre.legpow",
        "np.polynomial.legendre.legroots", "np.polynomial.legendre.legsub", "np.polynomial.legendre.legtrim",
        "np.polynomial.legendre.legval2d", "np.polynomial.legendre.legval3d", "np.polynomial.legendre.legvander2d",
        "np.polynomial.legendre.legvander3d", "np.polynomial.legendre.poly2leg", "np.polynomial.hermite.herm2poly",
        "np.polynomial.hermite.hermadd", "np.polynomial.hermite.hermcompanion", "np.polynomial.hermite.hermdiv",
        "np.polynomial.hermite.hermfromroots", "np.polynomial.hermite.hermgrid2d", "np.polynomial.hermite.hermgrid3d",
        "np.polynomial.hermite.hermline", "np.polynomial.hermite.hermmul", "np.polynomial.hermite.hermmulx",
        "np.polynomial.hermite.hermpow", "np.polynomial.hermite.hermroots", "np.polynomial.hermite.hermsub",
        "np.polynomial.hermite.hermtrim", "np.polynomial.hermite.hermval2d", "np.polynomial.hermite.hermval3d",
        "np.polynomial.hermite.hermvander2d", "np.polynomial.hermite.hermvander3d", "np.polynomial.hermite.poly2herm",
        "np.polynomial.hermite_e.herme2poly", "np.polynomial.hermite_e.hermeadd", "np.polynomial.hermite_e.hermecompanion",
        "np.polynomial.hermite_e.hermediv", "np.polynomial.hermite_e.hermefromroots", "np.polynomial.hermite_e.hermegrid2d",
        "np.polynomial.hermite_e.hermegrid3d", "np.polynomial.hermite_e.hermeline", "np.polynomial.hermite_e.hermemul",
        "np.polynomial.hermite_e.hermemulx", "np.polynomial.hermite_e.hermepow", "np.polynomial.hermite_e.hermeroots",
        "np.polynomial.hermite_e.hermesub", "np.polynomial.hermite_e.hermetrim", "np.polynomial.hermite_e.hermeval2d",
        "np.polynomial.hermite_e.hermeval3d", "np.polynomial.hermite_e.hermevander2d",
        "np.polynomial.hermite_e.hermevander3d", "np.polynomial.hermite_e.poly2herme", "np.polynomial.laguerre.lag2poly",
        "np.polynomial.laguerre.lagadd", "np.polynomial.laguerre.lagcompanion", "np.polynomial.laguerre.lagdiv",
        "np.polynomial.laguerre.lagfromroots", "np.polynomial.laguerre.laggrid2d", "np.polynomial.laguerre.laggrid3d",
        "np.polynomial.laguerre.lagline", "np.polynomial.laguerre.lagmul", "np.polynomial.laguerre.lagmulx",
        "np.polynomial.laguerre.lagpow", "np.polynomial.laguerre.lagroots", "np.polynomial.laguerre.lagsub",
        "np.polynomial.laguerre.lagtrim", "np.polynomial.laguerre.lagval2d", "np.polynomial.laguerre.lagval3d",
        "np.polynomial.laguerre.lagvander2d", "np.polynomial.laguerre.lagvander3d", "np.polynomial.laguerre.poly2lag",
        # since NumPy 2.5
        "np.polynomial.polynomial.polyvalnd", "np.polynomial.chebyshev.chebvalnd", "np.polynomial.legendre.legvalnd",
        "np.polynomial.hermite.hermvalnd", "np.polynomial.hermite_e.hermevalnd", "np.polynomial.laguerre.lagvalnd",
        reason="no rule is written for it yet: write it with its kind's val, vander, der and int, or with np.convolve")
