"""NumPy's ufuncs, and the functions of `math` and `cmath` of the same meaning.

Sources: NIST Digital Library of Mathematical Functions (dlmf.nist.gov), sections in brackets.  At kinks: Clarke,
*Optimization and Nonsmooth Analysis* (1983), section 2.1; a row says which subgradient it takes.  Of complex numbers:
Kreutz-Delgado, "The complex gradient operator and the CR-calculus" (2009).
"""

from adgen.rules.kinds import constant, elementwise, refused

# Exponentials and logarithms [4.7] ---------------------------------------------------------------
elementwise("y = np.exp(x)", "y = math.exp(x)", "y = cmath.exp(x)", dy_dx="y")
elementwise("y = np.exp2(x)", "y = math.exp2(x)", dy_dx="math.log(2) * y")
elementwise("y = np.expm1(x)", "y = math.expm1(x)", dy_dx="y + 1")
elementwise("y = np.log(x)", "y = math.log(x)", "y = cmath.log(x)", dy_dx="1 / x", singular="x")
elementwise("y = np.log2(x)", "y = math.log2(x)", dy_dx="1 / (math.log(2) * x)", singular="x")
elementwise("y = np.log10(x)", "y = math.log10(x)", "y = cmath.log10(x)", dy_dx="1 / (math.log(10) * x)", singular="x")
elementwise("y = np.log1p(x)", "y = math.log1p(x)", dy_dx="1 / (1 + x)", singular="x")
elementwise("y = math.log(x, base)", "y = cmath.log(x, base)",
            dy_dx="1 / (x * np.log(base))", dy_dbase="-y / (base * np.log(base))", singular="x base",
            numba="np.log(x) / np.log(base)")
LOGADDEXP_AT = "both -inf: 0, as for weights of zero; both inf: half each"
elementwise("y = np.logaddexp(a, b)", dy_da="rt.log_share(a, b)", dy_db="rt.log_share(b, a)", at=LOGADDEXP_AT)
elementwise("y = np.logaddexp2(a, b)", dy_da="rt.log_share(math.log(2) * a, math.log(2) * b)",
            dy_db="rt.log_share(math.log(2) * b, math.log(2) * a)", at=LOGADDEXP_AT)

# Powers and roots [4.7(ii)] ---------------------------------------------------------------------------
elementwise("y = np.sqrt(x)", "y = math.sqrt(x)", "y = cmath.sqrt(x)", dy_dx="0.5 / y", singular="x",
            at="x == 0: infinite; a zero seed gives 0")
elementwise("y = np.cbrt(x)", "y = math.cbrt(x)", dy_dx="1 / (3 * y * y)", singular="x", numba="np.cbrt(x)",
            at="x == 0: infinite; a zero seed gives 0")
elementwise("y = np.square(x)", dy_dx="2 * x")
elementwise("y = np.reciprocal(x)", dy_dx="-y * y", singular="x")
elementwise("y = np.hypot(a, b)", "y = math.hypot(a, b)", dy_da="rt.quotient(a, y)", dy_db="rt.quotient(b, y)",
            at="the origin: 0")
elementwise("y = math.hypot(a, b, c)", at="the origin: 0", numba="np.hypot(np.hypot(a, b), c)",
            dy_da="rt.quotient(a, y)", dy_db="rt.quotient(b, y)", dy_dc="rt.quotient(c, y)")

# Trigonometric [4.20, 4.24(ii)] ------------------------------------------------------------------------------
elementwise("y = np.sin(x)", "y = math.sin(x)", "y = cmath.sin(x)", dy_dx="np.cos(x)")
elementwise("y = np.cos(x)", "y = math.cos(x)", "y = cmath.cos(x)", dy_dx="-np.sin(x)")
elementwise("y = np.tan(x)", "y = math.tan(x)", "y = cmath.tan(x)", dy_dx="1 + y * y")
elementwise("y = np.arcsin(x)", "y = math.asin(x)", "y = cmath.asin(x)",
            dy_dx="1 / np.sqrt((1 - x) * (1 + x))", singular="x")
elementwise("y = np.arccos(x)", "y = math.acos(x)", "y = cmath.acos(x)",
            dy_dx="-1 / np.sqrt((1 - x) * (1 + x))", singular="x")
elementwise("y = np.arctan(x)", "y = math.atan(x)", "y = cmath.atan(x)", dy_dx="1 / (1 + x * x)")
elementwise("y = np.arctan2(a, b)", "y = math.atan2(a, b)",
            let={"r": "np.hypot(a, b)"}, dy_da="rt.quotient(rt.quotient(b, r), r)",
            dy_db="-rt.quotient(rt.quotient(a, r), r)", at="the origin: 0")
elementwise("y = np.sinc(x)", dy_dx="rt.sinc_slope(x)", at="x == 0: 0, by its series")
elementwise("y = np.deg2rad(x)", "y = np.radians(x)", "y = math.radians(x)", dy_dx="math.pi / 180")
elementwise("y = np.rad2deg(x)", "y = np.degrees(x)", "y = math.degrees(x)", dy_dx="180 / math.pi")
elementwise("y = np.unwrap(x, axis=-1)", dy_dx="1", at="jumps: ignored")

# Hyperbolic [4.34, 4.38(ii)] ---------------------------------------------------------------------------------
elementwise("y = np.sinh(x)", "y = math.sinh(x)", "y = cmath.sinh(x)", dy_dx="np.cosh(x)")
elementwise("y = np.cosh(x)", "y = math.cosh(x)", "y = cmath.cosh(x)", dy_dx="np.sinh(x)")
elementwise("y = np.tanh(x)", "y = math.tanh(x)", "y = cmath.tanh(x)", dy_dx="1 - y * y")
elementwise("y = np.arcsinh(x)", "y = math.asinh(x)", "y = cmath.asinh(x)", dy_dx="1 / np.sqrt(1 + x * x)",
            singular="x")
elementwise("y = np.arccosh(x)", "y = math.acosh(x)", "y = cmath.acosh(x)",
            dy_dx="1 / (np.sqrt(x - 1) * np.sqrt(x + 1))", singular="x")
elementwise("y = np.arctanh(x)", "y = math.atanh(x)", "y = cmath.atanh(x)",
            dy_dx="1 / ((1 - x) * (1 + x))", singular="x")

# Kinks (Clarke) --------------------------------------------------------------------------------------
elementwise("y = np.fabs(x)", "y = math.fabs(x)", dy_dx="np.sign(x)", at="x == 0: 0, the mean of the one-sided slopes")
elementwise("y = np.copysign(a, b)", "y = math.copysign(a, b)", dy_da="np.sign(a) * np.copysign(1, b)", dy_db="0",
            at="a == 0: 0")
TIES_AT = "a == b: half each; a NaN counts for nothing"
for name, sign, other in (("maximum", ">", "<"), ("minimum", "<", ">")):
    elementwise(f"y = np.{name}(a, b)", at=TIES_AT,
                y_dot=f"np.where(a == b, 0.5 * (a_dot + b_dot), np.where(a {sign} b, a_dot, b_dot))",
                a_bar=f"np.where(a {sign} b, y_bar, np.where(a == b, 0.5 * y_bar, 0))",
                b_bar=f"np.where(a {other} b, y_bar, np.where(a == b, 0.5 * y_bar, 0))")
for name in ("fmax", "fmin"):
    elementwise(f"y = np.{name}(a, b)", at=TIES_AT,
                y_dot="np.where(a == b, 0.5 * (a_dot + b_dot), np.where(y == a, a_dot, b_dot))",
                a_bar="np.where(a == b, 0.5 * y_bar, np.where(y == a, y_bar, 0))",
                b_bar="np.where(a == b, 0.5 * y_bar, np.where(y == a, 0, y_bar))")
CLIP_AT = "x at a bound: half to x, half to the bound"
elementwise("y = np.clip(x, low, high)", at=CLIP_AT, numba="clipped(x, low, high)",
            y_dot="clip_dot(x, low, high, x_dot, low_dot, high_dot)", x_bar="clip_x(x, low, high, y_bar)",
            low_bar="0 if low is None else np.where(x == low, 0.5 * y_bar, np.where(x < low, y_bar, 0))",
            high_bar="0 if high is None else np.where(x == high, 0.5 * y_bar, np.where(x > high, y_bar, 0))")
elementwise("y = np.clip(x, min=None, max=None)", at=CLIP_AT, numba="clipped(x, min, max)",
            y_dot="clip_dot(x, min, max, x_dot, min_dot, max_dot)", x_bar="clip_x(x, min, max, y_bar)",
            min_bar="0 if min is None else np.where(x == min, 0.5 * y_bar, np.where(x < min, y_bar, 0))",
            max_bar="0 if max is None else np.where(x == max, 0.5 * y_bar, np.where(x > max, y_bar, 0))")
elementwise("y = np.heaviside(a, b)", dy_da="0", dy_db="a == 0", at="a == 0: the jump counts for nothing",
            numba="np.where(a == 0, b, np.where(a > 0, 1.0, 0.0))")
elementwise("y = np.nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None)", when="x.dtype.kind == 'c'",
            y_dot="np.where(np.isfinite(np.real(x)), np.real(x_dot), 0)"
                  " + 1j * np.where(np.isfinite(np.imag(x)), np.imag(x_dot), 0)",
            x_bar="np.where(np.isfinite(np.real(x)), np.real(y_bar), 0)"
                  " + 1j * np.where(np.isfinite(np.imag(x)), np.imag(y_bar), 0)")
elementwise("y = np.nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None)",
            y_dot="np.where(np.isfinite(x), x_dot, 0)", x_bar="np.where(np.isfinite(x), y_bar, 0)")
elementwise("y = np.nextafter(a, b)", "y = math.nextafter(a, b)", dy_da="1", dy_db="0")

# Parts of floats ----------------------------------------------------------------------------
elementwise("f, whole = np.modf(x)", "f, whole = math.modf(x)", numba="(x - np.trunc(x), np.trunc(x))",
            f_dot="x_dot", x_bar="0 if f_bar is None else f_bar")
elementwise("m, e = np.frexp(x)", "m, e = math.frexp(x)", m_dot="np.ldexp(x_dot, -e)",
            x_bar="0 if m_bar is None else np.ldexp(m_bar, -e)")
elementwise("y = np.ldexp(x, e)", "y = math.ldexp(x, e)", y_dot="np.ldexp(x_dot, e)", x_bar="np.ldexp(y_bar, e)")

# Complex numbers (Kreutz-Delgado) ----------------------------------------------------------------------------
# Adjoints are df/dRe - i df/dIm (JAX's convention): transposes without conjugation.
elementwise("y = np.conjugate(x)", y_dot="conj(x_dot)", x_bar="conj(y_bar)")
elementwise("y = np.real(x)", view=True, y_dot="real(x_dot, x)", x_bar="y_bar")
elementwise("y = np.imag(x)", when="x.dtype.kind == 'c'", view=True, y_dot="np.imag(x_dot)", x_bar="-1j * y_bar")
elementwise("y = np.imag(x)", dy_dx="0")
elementwise("y = np.angle(x, deg=False)", when="x.dtype.kind == 'c'", at="the origin: 0",
            let={"unit": "180 / math.pi if deg else 1"},
            y_dot="unit * np.imag(rt.quotient(x_dot, x))", x_bar="rt.quotient(-1j * unit * y_bar, x)")
elementwise("y = np.angle(x, deg=False)", dy_dx="0")
elementwise("y = cmath.phase(x)", when="x.dtype.kind == 'c'", at="the origin: 0",
            y_dot="np.imag(rt.quotient(x_dot, x))", x_bar="rt.quotient(-1j * y_bar, x)")
elementwise("y = cmath.rect(r, phi)", dy_dr="np.exp(1j * phi)", dy_dphi="1j * y")
# sign(z) = z / abs(z) turns with z, its length stays 1.
elementwise("y = np.sign(x)", when="x.dtype.kind == 'c'", at="the origin: 0", let={"r": "np.abs(x)"},
            y_dot="rt.quotient(x_dot - y * np.real(np.conj(y) * x_dot), r)",
            x_bar="rt.quotient(y_bar - np.conj(y) * np.real(y * y_bar), r)")
constant("np.sign")

# Special functions of numpy and math [5.2, 7.10, 10.29] ----------------------------------------------------------
elementwise("y = np.i0(x)", dy_dx="sp.special.i1(x)")
elementwise("y = math.erf(x)", dy_dx="2 / math.sqrt(math.pi) * np.exp(-x * x)")
elementwise("y = math.erfc(x)", dy_dx="-2 / math.sqrt(math.pi) * np.exp(-x * x)")
elementwise("y = math.gamma(x)", dy_dx="y * sp.special.digamma(x)")
elementwise("y = math.lgamma(x)", dy_dx="sp.special.digamma(x)")

constant("np.floor", "np.ceil", "np.trunc", "np.rint", "np.round", "np.around", "np.fix", "np.floor_divide",
         "np.spacing", "np.signbit", "np.isnan", "np.isinf", "np.isfinite", "np.isneginf", "np.isposinf", "np.isreal",
         "np.iscomplex", "np.equal", "np.not_equal", "np.less", "np.less_equal", "np.greater", "np.greater_equal",
         "np.logical_and", "np.logical_or", "np.logical_xor", "np.logical_not", "np.isclose", "np.allclose")
refused("np.real_if_close", reason="the type of its result depends on the values: write np.real(x)")
