"""scipy.special: error, gamma, beta, Bessel, exponential-integral, elliptic and statistical functions.

Orders and shape parameters whose derivative has no closed form have no entry, so they are held constant.
Sources: NIST Digital Library of Mathematical Functions (dlmf.nist.gov), chapters in brackets.
"""

from adgen.rules.kinds import constant, elementwise, general, refused

# Error functions and the normal distribution [7] -------------------------------------------------------
elementwise("y = sp.special.erf(x)", numba="math.erf(x)", dy_dx="2 / math.sqrt(math.pi) * np.exp(-x * x)")
elementwise("y = sp.special.erfc(x)", numba="math.erfc(x)", dy_dx="-2 / math.sqrt(math.pi) * np.exp(-x * x)")
elementwise("y = sp.special.erfcx(x)", dy_dx="2 * x * y - 2 / math.sqrt(math.pi)")
elementwise("y = sp.special.erfi(x)", dy_dx="2 / math.sqrt(math.pi) * np.exp(x * x)")
elementwise("y = sp.special.dawsn(x)", dy_dx="1 - 2 * x * y")
elementwise("y = sp.special.wofz(x)", dy_dx="2j / math.sqrt(math.pi) - 2 * x * y")
elementwise("y = sp.special.erfinv(x)", dy_dx="0.5 * math.sqrt(math.pi) * np.exp(y * y)", singular="x")
elementwise("y = sp.special.erfcinv(x)", dy_dx="-0.5 * math.sqrt(math.pi) * np.exp(y * y)", singular="x")
elementwise("y = sp.special.ndtr(x)", numba="0.5 * math.erfc(-x / math.sqrt(2))",
            dy_dx="np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)")
elementwise("y = sp.special.log_ndtr(x)", numba="rt.log_ndtr(x)",
            dy_dx="np.exp(-0.5 * x * x - y) / math.sqrt(2 * math.pi)")
elementwise("y = sp.special.ndtri(x)", dy_dx="math.sqrt(2 * math.pi) * np.exp(0.5 * y * y)", singular="x")
elementwise("y = sp.special.ndtri_exp(x)", dy_dx="math.sqrt(2 * math.pi) * np.exp(x + 0.5 * y * y)", singular="x")
elementwise("s, c = sp.special.fresnel(x)", s_dot="np.sin(0.5 * math.pi * x * x) * x_dot",
            c_dot="np.cos(0.5 * math.pi * x * x) * x_dot",
            x_bar="(0 if s_bar is None else np.sin(0.5 * math.pi * x * x) * s_bar)"
                  " + (0 if c_bar is None else np.cos(0.5 * math.pi * x * x) * c_bar)")

# Gamma and beta [5, 8] ----------------------------------------------------------------------------------
elementwise("y = sp.special.gamma(x)", numba="math.gamma(x)", dy_dx="y * sp.special.digamma(x)", singular="x")
elementwise("y = sp.special.gammaln(x)", numba="math.lgamma(x)", dy_dx="sp.special.digamma(x)", singular="x")
elementwise("y = sp.special.loggamma(x)", dy_dx="sp.special.digamma(x)", singular="x")
elementwise("y = sp.special.rgamma(x)", dy_dx="-y * sp.special.digamma(x)", singular="x")
elementwise("y = sp.special.digamma(x)", numba="rt.digamma(x)",
            when="x.dtype.kind != 'c'", dy_dx="sp.special.zeta(2, x)", singular="x")
elementwise("y = sp.special.polygamma(n, x)", dy_dx="sp.special.polygamma(n + 1, x)", singular="x")
elementwise("y = sp.special.multigammaln(x, d)", dy_dx="multidigamma(x, d)")
elementwise("y = sp.special.poch(x, m)", singular="x m",
            dy_dx="y * (sp.special.digamma(x + m) - sp.special.digamma(x))", dy_dm="y * sp.special.digamma(x + m)")
elementwise("y = sp.special.beta(a, b)", numba="math.exp(math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b))",
            singular="a b",
            dy_da="y * (sp.special.digamma(a) - sp.special.digamma(a + b))",
            dy_db="y * (sp.special.digamma(b) - sp.special.digamma(a + b))")
elementwise("y = sp.special.betaln(a, b)", numba="math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)",
            singular="a b",
            dy_da="sp.special.digamma(a) - sp.special.digamma(a + b)",
            dy_db="sp.special.digamma(b) - sp.special.digamma(a + b)")
elementwise("y = sp.special.binom(n, k)", singular="n k",
            dy_dn="y * (sp.special.digamma(n + 1) - sp.special.digamma(n - k + 1))",
            dy_dk="y * (sp.special.digamma(n - k + 1) - sp.special.digamma(k + 1))")
elementwise("y = sp.special.factorial(x)", dy_dx="y * sp.special.digamma(x + 1)")
elementwise("y = sp.special.gammainc(a, x)", singular="x",
            dy_dx="np.exp(sp.special.xlogy(a - 1, x) - x - (sp.special.gammaln(a) if np.ndim(a) else float(sp.special.gammaln(a))))")
elementwise("y = sp.special.gammaincc(a, x)", singular="x",
            dy_dx="-np.exp(sp.special.xlogy(a - 1, x) - x - (sp.special.gammaln(a) if np.ndim(a) else float(sp.special.gammaln(a))))")
elementwise("y = sp.special.gammaincinv(a, p)", singular="p",
            dy_dp="np.exp(y + (sp.special.gammaln(a) if np.ndim(a) else float(sp.special.gammaln(a))) - sp.special.xlogy(a - 1, y))")
elementwise("y = sp.special.gammainccinv(a, p)", singular="p",
            dy_dp="-np.exp(y + (sp.special.gammaln(a) if np.ndim(a) else float(sp.special.gammaln(a))) - sp.special.xlogy(a - 1, y))")
elementwise("y = sp.special.betainc(a, b, x)", singular="x",
            dy_dx="np.exp(sp.special.xlogy(a - 1, x) + sp.special.xlog1py(b - 1, -x) - sp.special.betaln(a, b))")
elementwise("y = sp.special.betaincc(a, b, x)", singular="x",
            dy_dx="-np.exp(sp.special.xlogy(a - 1, x) + sp.special.xlog1py(b - 1, -x) - sp.special.betaln(a, b))")
elementwise("y = sp.special.betaincinv(a, b, p)", singular="p",
            dy_dp="np.exp(sp.special.betaln(a, b) - sp.special.xlogy(a - 1, y) - sp.special.xlog1py(b - 1, -y))")
elementwise("y = sp.special.zeta(s, q)", dy_dq="-s * sp.special.zeta(s + 1, q)")

# Logistic functions, logarithms, entropies ------------------------------------------------------------------
elementwise("y = sp.special.expit(x)", numba="1 / (1 + np.exp(-x))", dy_dx="y * (1 - y)")
elementwise("y = sp.special.logit(x)", numba="np.log(x / (1 - x))", dy_dx="1 / (x * (1 - x))", singular="x")
elementwise("y = sp.special.log_expit(x)", numba="-np.logaddexp(0.0, -x)", dy_dx="sp.special.expit(-x)")
elementwise("y = sp.special.softplus(x)", numba="np.logaddexp(0.0, x)", dy_dx="sp.special.expit(x)")
elementwise("y = sp.special.xlogy(a, b)", numba="np.where(a == 0, 0.0, a * np.log(b))",
            dy_da="np.log(b)", dy_db="a / np.where((a == 0) & (b == 0), 1, b)", singular="a b")
elementwise("y = sp.special.xlog1py(a, b)", numba="np.where(a == 0, 0.0, a * np.log1p(b))",
            dy_da="np.log1p(b)", dy_db="a / np.where((a == 0) & (b == -1), 1, 1 + b)", singular="a b")
elementwise("y = sp.special.entr(x)", numba="np.where(x == 0, 0.0, -x * np.log(x))",
            dy_dx="-np.log(x) - 1", singular="x")
elementwise("y = sp.special.rel_entr(a, b)", numba="np.where(a == 0, 0.0, a * np.log(a / b))",
            dy_da="np.log(a / b) + 1", dy_db="-a / np.where((a == 0) & (b == 0), 1, b)", singular="a b")
elementwise("y = sp.special.kl_div(a, b)", numba="np.where(a == 0, b, a * np.log(a / b) - a + b)",
            dy_da="np.log(a / b)", dy_db="1 - a / np.where((a == 0) & (b == 0), 1, b)", singular="a b")
elementwise("y = sp.special.huber(d, x)", numba="np.where(np.abs(x) <= d, 0.5 * x * x, d * (np.abs(x) - 0.5 * d))",
            at="x at a corner: both slopes agree",
            dy_dd="np.where(np.abs(x) > d, np.abs(x) - d, 0)", dy_dx="np.clip(x, -d, d)")
elementwise("y = sp.special.pseudo_huber(d, x)", numba="d * d * (np.sqrt(1 + (x / d) ** 2) - 1)",
            dy_dx="x / np.sqrt(1 + (x / d) ** 2)", dy_dd="2 * y / d - (x / d) ** 2 * d / np.sqrt(1 + (x / d) ** 2)")
elementwise("y = sp.special.boxcox(x, p)", dy_dx="x ** (p - 1)", singular="x")
elementwise("y = sp.special.boxcox1p(x, p)", dy_dx="(1 + x) ** (p - 1)", singular="x")
elementwise("y = sp.special.inv_boxcox(x, p)", dy_dx="y ** (1 - p)")
elementwise("y = sp.special.exprel(x)", dy_dx="rt.exprel_slope(x)", at="x == 0: 1/2, by its series")
elementwise("y = sp.special.cosm1(x)", numba="-2 * np.sin(0.5 * x) ** 2", dy_dx="-np.sin(x)")
elementwise("y = sp.special.exp10(x)", numba="10.0 ** x", dy_dx="math.log(10) * y")
elementwise("y = sp.special.exp2(x)", numba="2.0 ** x", dy_dx="math.log(2) * y")
elementwise("y = sp.special.expm1(x)", numba="np.expm1(x)", dy_dx="y + 1")
elementwise("y = sp.special.log1p(x)", numba="np.log1p(x)", dy_dx="1 / (1 + x)", singular="x")
elementwise("y = sp.special.cbrt(x)", numba="np.cbrt(x)", dy_dx="1 / (3 * y * y)", singular="x")
elementwise("y = sp.special.sindg(x)", dy_dx="math.pi / 180 * sp.special.cosdg(x)")
elementwise("y = sp.special.cosdg(x)", dy_dx="-math.pi / 180 * sp.special.sindg(x)")
elementwise("y = sp.special.tandg(x)", dy_dx="math.pi / 180 * (1 + y * y)")

# Sums of exponentials: the softmax is the slope -----------------------------------------------------------
LOGSUMEXP = "y = sp.special.logsumexp(x, axis=None, b=None, keepdims=False)"
general(LOGSUMEXP, when="b is None",
        let={"p": "np.exp(x - rt.finite(unreduce(y, x, axis, keepdims)))"},
        y_dot="np.sum(p * x_dot, axis=axis, keepdims=keepdims)", x_bar="p * unreduce(y_bar, x, axis, keepdims)")
general(LOGSUMEXP, when="b.ndim == x.ndim",
        let={"p": "np.exp(x - rt.finite(unreduce(y, x, axis, keepdims)))"},
        y_dot="np.sum(b * p * x_dot + p * b_dot, axis=axis, keepdims=keepdims)",
        x_bar="b * p * unreduce(y_bar, x, axis, keepdims)", b_bar="p * unreduce(y_bar, x, axis, keepdims)")
general("y = sp.special.softmax(x, axis=None)",
        y_dot="y * (x_dot - np.sum(y * x_dot, axis=axis, keepdims=True))",
        x_bar="y * (y_bar - np.sum(y * y_bar, axis=axis, keepdims=True))")
general("y = sp.special.log_softmax(x, axis=None)",
        y_dot="x_dot - np.sum(np.exp(y) * x_dot, axis=axis, keepdims=True)",
        x_bar="y_bar - np.exp(y) * np.sum(y_bar, axis=axis, keepdims=True)")

# Bessel and related functions [10, 11] --------------------------------------------------------------------
for name, sign in (("j", "-"), ("y", "-"), ("i", "")):
    elementwise(f"y = sp.special.{name}0(x)", dy_dx=f"{sign}sp.special.{name}1(x)", singular="x" if name == "y" else "")
elementwise("y = sp.special.k0(x)", dy_dx="-sp.special.k1(x)", singular="x")
elementwise("y = sp.special.j1(x)", dy_dx="0.5 * (sp.special.j0(x) - sp.special.jv(2, x))")
elementwise("y = sp.special.y1(x)", dy_dx="0.5 * (sp.special.y0(x) - sp.special.yv(2, x))", singular="x")
elementwise("y = sp.special.i1(x)", dy_dx="0.5 * (sp.special.i0(x) + sp.special.iv(2, x))")
elementwise("y = sp.special.k1(x)", dy_dx="-0.5 * (sp.special.k0(x) + sp.special.kv(2, x))", singular="x")
elementwise("y = sp.special.i0e(x)", dy_dx="sp.special.i1e(x) - np.sign(x) * y", at="x == 0: 0")
elementwise("y = sp.special.i1e(x)", dy_dx="0.5 * (sp.special.i0e(x) + sp.special.ive(2, x)) - np.sign(x) * y")
elementwise("y = sp.special.k0e(x)", dy_dx="y - sp.special.k1e(x)", singular="x")
elementwise("y = sp.special.k1e(x)", dy_dx="y - 0.5 * (sp.special.k0e(x) + sp.special.kve(2, x))", singular="x")
for name in ("jv", "yv", "hankel1", "hankel2"):
    elementwise(f"y = sp.special.{name}(n, x)", singular="x",
                dy_dx=f"0.5 * (sp.special.{name}(n - 1, x) - sp.special.{name}(n + 1, x))")
elementwise("y = sp.special.yn(n, x)", dy_dx="0.5 * (sp.special.yv(n - 1, x) - sp.special.yv(n + 1, x))", singular="x")
elementwise("y = sp.special.iv(n, x)", dy_dx="0.5 * (sp.special.iv(n - 1, x) + sp.special.iv(n + 1, x))", singular="x")
elementwise("y = sp.special.kv(n, x)", dy_dx="-0.5 * (sp.special.kv(n - 1, x) + sp.special.kv(n + 1, x))", singular="x")
elementwise("y = sp.special.kn(n, x)", dy_dx="-0.5 * (sp.special.kv(n - 1, x) + sp.special.kv(n + 1, x))", singular="x")
elementwise("y = sp.special.ive(n, x)", when="x.dtype.kind != 'c'", singular="x",
            dy_dx="0.5 * (sp.special.ive(n - 1, x) + sp.special.ive(n + 1, x)) - np.sign(x) * y")
elementwise("y = sp.special.kve(n, x)", singular="x",
            dy_dx="y - 0.5 * (sp.special.kve(n - 1, x) + sp.special.kve(n + 1, x))")
for name in ("spherical_jn", "spherical_yn", "spherical_in", "spherical_kn"):
    elementwise(f"y = sp.special.{name}(n, x, derivative=False)", when="not derivative",
                dy_dx=f"sp.special.{name}(n, x, derivative=True)", singular="x")
SPHERICAL = "((n * (n + 1) {0} x * x) * sp.special.{1}(n, x) - 2 * x * y) / (x * x)"
for name, sign in (("spherical_jn", "-"), ("spherical_yn", "-"), ("spherical_in", "+"), ("spherical_kn", "+")):
    elementwise(f"y = sp.special.{name}(n, x, derivative=False)", dy_dx=SPHERICAL.format(sign, name), singular="x")
elementwise("y = sp.special.struve(n, x)", singular="x",
            dy_dx="sp.special.struve(n - 1, x) - n / x * y")
elementwise("ai, aip, bi, bip = sp.special.airy(x)",
            ai_dot="aip * x_dot", aip_dot="x * ai * x_dot", bi_dot="bip * x_dot", bip_dot="x * bi * x_dot",
            x_bar="(0 if ai_bar is None else aip * ai_bar) + (0 if aip_bar is None else x * ai * aip_bar)"
                  " + (0 if bi_bar is None else bip * bi_bar) + (0 if bip_bar is None else x * bi * bip_bar)")

# Integrals of exponentials and trigonometric functions [6] ---------------------------------------------------
elementwise("y = sp.special.exp1(x)", dy_dx="-np.exp(-x) / x", singular="x")
elementwise("y = sp.special.expi(x)", dy_dx="np.exp(x) / x", singular="x")
elementwise("y = sp.special.expn(n, x)", dy_dx="-sp.special.expn(n - 1, x)", singular="x")
elementwise("si, ci = sp.special.sici(x)", si_dot="np.sinc(x / math.pi) * x_dot", ci_dot="np.cos(x) / x * x_dot",
            x_bar="(0 if si_bar is None else np.sinc(x / math.pi) * si_bar)"
                  " + (0 if ci_bar is None else np.cos(x) / x * ci_bar)")
elementwise("shi, chi = sp.special.shichi(x)", shi_dot="np.sinh(x) / x * x_dot", chi_dot="np.cosh(x) / x * x_dot",
            x_bar="(0 if shi_bar is None else np.sinh(x) / x * shi_bar)"
                  " + (0 if chi_bar is None else np.cosh(x) / x * chi_bar)")
elementwise("y = sp.special.spence(x)", dy_dx="rt.log_ratio(x)", at="x == 1: -1, by its series")
elementwise("y = sp.special.lambertw(x, k=0, tol=1e-8)", dy_dx="1 / (x + np.exp(y))", singular="x")
elementwise("y = sp.special.wrightomega(x)", dy_dx="y / (1 + y)", singular="x")

# Elliptic integrals [19] --------------------------------------------------------------------------------------
elementwise("y = sp.special.ellipk(m)", dy_dm="math.pi / 8 * sp.special.hyp2f1(1.5, 1.5, 2.0, m)", singular="m")
elementwise("y = sp.special.ellipkm1(p)", dy_dp="-(sp.special.ellipe(1 - p) - p * y) / (2 * (1 - p) * p)", singular="p")
elementwise("y = sp.special.ellipe(m)", dy_dm="-math.pi / 8 * sp.special.hyp2f1(0.5, 1.5, 2.0, m)", singular="m")
elementwise("y = sp.special.ellipkinc(phi, m)", singular="phi m",
            dy_dphi="1 / np.sqrt(1 - m * np.sin(phi) ** 2)",
            dy_dm="sp.special.ellipeinc(phi, m) / (2 * m * (1 - m)) - y / (2 * m)"
                  " - np.sin(2 * phi) / (4 * (1 - m) * np.sqrt(1 - m * np.sin(phi) ** 2))")
elementwise("y = sp.special.ellipeinc(phi, m)", singular="phi m", dy_dphi="np.sqrt(1 - m * np.sin(phi) ** 2)",
            dy_dm="(y - sp.special.ellipkinc(phi, m)) / (2 * m)")
elementwise("sn, cn, dn, ph = sp.special.ellipj(u, m)",           # held constant: m
            sn_dot="cn * dn * u_dot", cn_dot="-sn * dn * u_dot", dn_dot="-m * sn * cn * u_dot", ph_dot="dn * u_dot",
            u_bar="(0 if sn_bar is None else cn * dn * sn_bar) - (0 if cn_bar is None else sn * dn * cn_bar)"
                  " - (0 if dn_bar is None else m * sn * cn * dn_bar) + (0 if ph_bar is None else dn * ph_bar)")

# Hypergeometric functions [13, 15] and orthogonal polynomials [18] ------------------------------------------------
elementwise("y = sp.special.hyp0f1(v, z)", dy_dz="sp.special.hyp0f1(v + 1, z) / v")
elementwise("y = sp.special.hyp1f1(a, b, z)", dy_dz="a / b * sp.special.hyp1f1(a + 1, b + 1, z)")
elementwise("y = sp.special.hyp2f1(a, b, c, z)", dy_dz="a * b / c * sp.special.hyp2f1(a + 1, b + 1, c + 1, z)")
elementwise("y = sp.special.hyperu(a, b, x)", dy_dx="-a * sp.special.hyperu(a + 1, b + 1, x)", singular="x")
elementwise("y = sp.special.eval_legendre(n, x)", dy_dx="0.5 * (n + 1) * sp.special.eval_jacobi(n - 1, 1, 1, x)")
elementwise("y = sp.special.eval_chebyt(n, x)", dy_dx="n * sp.special.eval_chebyu(n - 1, x)")
elementwise("y = sp.special.eval_chebyu(n, x)", dy_dx="2 * sp.special.eval_gegenbauer(n - 1, 2, x)")
elementwise("y = sp.special.eval_hermite(n, x)", dy_dx="2 * n * sp.special.eval_hermite(np.maximum(n - 1, 0), x)")
elementwise("y = sp.special.eval_hermitenorm(n, x)", dy_dx="n * sp.special.eval_hermitenorm(np.maximum(n - 1, 0), x)")
elementwise("y = sp.special.eval_laguerre(n, x)", dy_dx="-sp.special.eval_genlaguerre(n - 1, 1, x)")
elementwise("y = sp.special.eval_genlaguerre(n, alpha, x)", dy_dx="-sp.special.eval_genlaguerre(n - 1, alpha + 1, x)")
elementwise("y = sp.special.eval_gegenbauer(n, alpha, x)",
            dy_dx="2 * alpha * sp.special.eval_gegenbauer(n - 1, alpha + 1, x)")
elementwise("y = sp.special.eval_jacobi(n, alpha, beta, x)",
            dy_dx="0.5 * (n + alpha + beta + 1) * sp.special.eval_jacobi(n - 1, alpha + 1, beta + 1, x)")

# Cumulative distributions in their main argument ------------------------------------------------------------------
elementwise("y = sp.special.stdtr(df, t)",
            dy_dt="np.exp(-0.5 * (df + 1) * np.log1p(t * t / df) - sp.special.betaln(0.5 * df, 0.5)) / np.sqrt(df)")
elementwise("y = sp.special.chdtr(v, x)", singular="x",
            dy_dx="0.5 * np.exp(sp.special.xlogy(0.5 * v - 1, 0.5 * x) - 0.5 * x - sp.special.gammaln(0.5 * v))")
elementwise("y = sp.special.chdtrc(v, x)", singular="x",
            dy_dx="-0.5 * np.exp(sp.special.xlogy(0.5 * v - 1, 0.5 * x) - 0.5 * x - sp.special.gammaln(0.5 * v))")
elementwise("y = sp.special.pdtr(k, m)", dy_dm="-np.exp(sp.special.xlogy(np.floor(k), m) - m - sp.special.gammaln(np.floor(k) + 1))")

constant("sp.special.round", "sp.special.roots_legendre",
         "sp.special.roots_hermite", "sp.special.roots_laguerre", "sp.special.roots_chebyt")
refused("sp.special.comb", "sp.special.perm", reason="write sp.special.binom or sp.special.poch")
refused("sp.special.agm", "sp.special.owens_t", "sp.special.voigt_profile", "sp.special.elliprc", "sp.special.elliprd",
        "sp.special.elliprf", "sp.special.elliprg", "sp.special.elliprj",
        reason="no rule is written for it yet: give one with adgen.rule")

constant("sp.special.SpecialFunctionError", "sp.special.SpecialFunctionWarning", "sp.special.ai_zeros",
        "sp.special.bei_zeros", "sp.special.beip_zeros", "sp.special.ber_zeros", "sp.special.bernoulli",
        "sp.special.berp_zeros", "sp.special.bi_zeros", "sp.special.c_roots", "sp.special.cg_roots", "sp.special.erf_zeros",
        "sp.special.errstate", "sp.special.euler", "sp.special.fresnel_zeros", "sp.special.fresnelc_zeros",
        "sp.special.fresnels_zeros", "sp.special.gammasgn", "sp.special.geterr", "sp.special.he_roots",
        "sp.special.j_roots", "sp.special.jn_zeros", "sp.special.jnjnp_zeros", "sp.special.jnp_zeros",
        "sp.special.jnyn_zeros", "sp.special.js_roots", "sp.special.kei_zeros", "sp.special.keip_zeros",
        "sp.special.kelvin_zeros", "sp.special.ker_zeros", "sp.special.kerp_zeros", "sp.special.la_roots",
        "sp.special.ps_roots", "sp.special.s_roots", "sp.special.seterr", "sp.special.stirling2", "sp.special.test",
        "sp.special.ts_roots", "sp.special.u_roots", "sp.special.us_roots", "sp.special.y0_zeros", "sp.special.y1_zeros",
        "sp.special.y1p_zeros", "sp.special.yn_zeros", "sp.special.ynp_zeros")
refused("sp.special.airye", "sp.special.assoc_laguerre", "sp.special.assoc_legendre_p", "sp.special.assoc_legendre_p_all",
        "sp.special.bdtr", "sp.special.bdtrc", "sp.special.bdtri", "sp.special.bdtrik", "sp.special.bdtrin",
        "sp.special.bei", "sp.special.beip", "sp.special.ber", "sp.special.berp", "sp.special.besselpoly",
        "sp.special.betainccinv", "sp.special.btdtria", "sp.special.btdtrib", "sp.special.chdtri", "sp.special.chdtriv",
        "sp.special.chebyc", "sp.special.chebys", "sp.special.chebyt", "sp.special.chebyu", "sp.special.chndtr",
        "sp.special.chndtridf", "sp.special.chndtrinc", "sp.special.chndtrix", "sp.special.cotdg", "sp.special.diric",
        "sp.special.ellip_harm", "sp.special.ellip_harm_2", "sp.special.ellip_normal", "sp.special.eval_chebyc",
        "sp.special.eval_chebys", "sp.special.eval_sh_chebyt", "sp.special.eval_sh_chebyu", "sp.special.eval_sh_jacobi",
        "sp.special.eval_sh_legendre", "sp.special.factorial2", "sp.special.factorialk", "sp.special.fdtr",
        "sp.special.fdtrc", "sp.special.fdtri", "sp.special.fdtridfd", "sp.special.gdtr", "sp.special.gdtrc",
        "sp.special.gdtria", "sp.special.gdtrib", "sp.special.gdtrix", "sp.special.gegenbauer", "sp.special.genlaguerre",
        "sp.special.h1vp", "sp.special.h2vp", "sp.special.hankel1e", "sp.special.hankel2e", "sp.special.hermite",
        "sp.special.hermitenorm", "sp.special.inv_boxcox1p", "sp.special.it2i0k0", "sp.special.it2j0y0",
        "sp.special.it2struve0", "sp.special.itairy", "sp.special.iti0k0", "sp.special.itj0y0", "sp.special.itmodstruve0",
        "sp.special.itstruve0", "sp.special.ivp", "sp.special.jacobi", "sp.special.jve", "sp.special.jvp", "sp.special.kei",
        "sp.special.keip", "sp.special.kelvin", "sp.special.ker", "sp.special.kerp", "sp.special.kolmogi",
        "sp.special.kolmogorov", "sp.special.kvp", "sp.special.laguerre", "sp.special.legendre", "sp.special.legendre_p",
        "sp.special.legendre_p_all", "sp.special.lmbda", "sp.special.log_wright_bessel", "sp.special.lpmv",
        "sp.special.lqmn", "sp.special.lqn", "sp.special.mathieu_a", "sp.special.mathieu_b", "sp.special.mathieu_cem",
        "sp.special.mathieu_even_coef", "sp.special.mathieu_modcem1", "sp.special.mathieu_modcem2",
        "sp.special.mathieu_modsem1", "sp.special.mathieu_modsem2", "sp.special.mathieu_odd_coef", "sp.special.mathieu_sem",
        "sp.special.modfresnelm", "sp.special.modfresnelp", "sp.special.modstruve", "sp.special.nbdtr", "sp.special.nbdtrc",
        "sp.special.nbdtri", "sp.special.nbdtrik", "sp.special.nbdtrin", "sp.special.ncfdtr", "sp.special.ncfdtri",
        "sp.special.ncfdtridfd", "sp.special.ncfdtridfn", "sp.special.ncfdtrinc", "sp.special.nctdtr",
        "sp.special.nctdtridf", "sp.special.nctdtrinc", "sp.special.nctdtrit", "sp.special.nrdtrimn", "sp.special.nrdtrisd",
        "sp.special.obl_ang1", "sp.special.obl_ang1_cv", "sp.special.obl_cv", "sp.special.obl_cv_seq",
        "sp.special.obl_rad1", "sp.special.obl_rad1_cv", "sp.special.obl_rad2", "sp.special.obl_rad2_cv",
        "sp.special.pbdn_seq", "sp.special.pbdv", "sp.special.pbdv_seq", "sp.special.pbvv", "sp.special.pbvv_seq",
        "sp.special.pbwa", "sp.special.pdtrc", "sp.special.pdtri", "sp.special.pdtrik", "sp.special.powm1",
        "sp.special.pro_ang1", "sp.special.pro_ang1_cv", "sp.special.pro_cv", "sp.special.pro_cv_seq",
        "sp.special.pro_rad1", "sp.special.pro_rad1_cv", "sp.special.pro_rad2", "sp.special.pro_rad2_cv",
        "sp.special.radian", "sp.special.riccati_jn", "sp.special.riccati_yn", "sp.special.roots_chebyc",
        "sp.special.roots_chebys", "sp.special.roots_chebyu", "sp.special.roots_gegenbauer", "sp.special.roots_genlaguerre",
        "sp.special.roots_hermitenorm", "sp.special.roots_jacobi", "sp.special.roots_sh_chebyt",
        "sp.special.roots_sh_chebyu", "sp.special.roots_sh_jacobi", "sp.special.roots_sh_legendre", "sp.special.sh_chebyt",
        "sp.special.sh_chebyu", "sp.special.sh_jacobi", "sp.special.sh_legendre", "sp.special.smirnov",
        "sp.special.smirnovi", "sp.special.sph_harm_y", "sp.special.sph_harm_y_all", "sp.special.sph_legendre_p",
        "sp.special.sph_legendre_p_all", "sp.special.stdtridf", "sp.special.stdtrit", "sp.special.tklmbda",
        "sp.special.wright_bessel", "sp.special.yve", "sp.special.yvp", "sp.special.zetac",
        reason="no rule is written for it yet: give one with adgen.rule")
