"""What `math` has and NumPy lacks; the rest of `math` stands beside the ufuncs.

Sources: Speelpenning, "Compiling fast partial derivatives" (1980), for products; Clarke, *Optimization and Nonsmooth
Analysis* (1983), for kinks.
"""

from adgen.rules.kinds import bilinear, constant, elementwise, general, linear

linear("y = math.fsum(xs)", xs_bar="y_bar")
general("y = math.prod(x, start=1)", when="isinstance(x, np.ndarray)", let={"others": "start * rt.product_of_others(x, 0)"},
        y_dot="np.sum(others * x_dot) + np.prod(x) * start_dot",
        x_bar="others * y_bar", start_bar="np.prod(x) * y_bar")
bilinear("y = math.sumprod(a, b)", a_bar="y_bar * b", b_bar="y_bar * a")
elementwise("y = math.fma(a, b, c)", dy_da="b", dy_db="a", dy_dc="1")

constant("math.floor", "math.ceil", "math.trunc", "math.isnan", "math.isinf", "math.isfinite", "math.isclose",
         "math.gcd", "math.lcm", "math.comb", "math.perm", "math.factorial", "math.isqrt", "math.ulp",
         "cmath.isnan", "cmath.isinf", "cmath.isfinite", "cmath.isclose")
