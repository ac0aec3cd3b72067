"""Arithmetic: Python's operators, the builtins on numbers, and the ufuncs of the same meaning.

Sources: Griewank and Walther, *Evaluating Derivatives* (2008), chapter 2; dlmf.nist.gov, section 4.7(ii), for powers;
Clarke, *Optimization and Nonsmooth Analysis* (1983), section 2.1, for kinks.
"""

from adgen.rules.kinds import constant, elementwise, linear, refused

elementwise("y = a + b", "y = np.add(a, b)", dy_da="1", dy_db="1")
elementwise("y = a - b", "y = np.subtract(a, b)", dy_da="1", dy_db="-1")
elementwise("y = a * b", "y = np.multiply(a, b)", dy_da="b", dy_db="a")
elementwise("y = a / b", "y = np.divide(a, b)", dy_da="1 / b", dy_db="-y / b", singular="a b")
elementwise("y = a ** b", "y = np.power(a, b)", "y = pow(a, b)", "y = math.pow(a, b)", "y = np.float_power(a, b)",
            dy_da="power_slope(y, a, b)", dy_db="y * rt.log_or_zero(a)", singular="a b",
            at="b == 0: da is 0; a == 0: db is 0")
elementwise("y = -x", "y = np.negative(x)", dy_dx="-1")
elementwise("y = +x", "y = np.positive(x)", dy_dx="1")

# a = b * floor(a / b) + y
elementwise("y = a % b", "y = np.mod(a, b)", dy_da="1", dy_db="-(a // b)", singular="b", at="multiples of b: from above")
elementwise("y = np.fmod(a, b)", "y = math.fmod(a, b)", dy_da="1", dy_db="-np.trunc(a / b)", singular="b",
            numba="np.fmod(a, b)")
elementwise("y = math.remainder(a, b)", dy_da="1", dy_db="-np.rint(a / b)", singular="b",
            numba="a - b * np.rint(a / b)")
elementwise("q, r = divmod(a, b)", "q, r = np.divmod(a, b)",
            r_dot="a_dot - q * b_dot", a_bar="0 if r_bar is None else r_bar", b_bar="0 if r_bar is None else -q * r_bar")

# The kink of abs: the sign of 0 is 0.
ABS = "y = abs(x)", "y = np.abs(x)", "y = operator.abs(x)"
elementwise(*ABS, when="x.dtype.kind != 'c'", dy_dx="np.sign(x)", at="x == 0: 0, the mean of the one-sided slopes")
elementwise(*ABS, let={"unit": "rt.quotient(np.conj(x), y)"}, y_dot="np.real(unit * x_dot)", x_bar="unit * y_bar",
            at="x == 0: 0")

# Two numbers; longer calls are reduced to pairs before.
elementwise("y = max(a, b)", dy_da="0.5 * (a >= b) + 0.5 * (a > b)", dy_db="0.5 * (b >= a) + 0.5 * (b > a)",
            at="a == b: half each")
elementwise("y = min(a, b)", dy_da="0.5 * (a <= b) + 0.5 * (a < b)", dy_db="0.5 * (b <= a) + 0.5 * (b < a)",
            at="a == b: half each")
linear("y = sum(xs, start=0)", xs_bar="y_bar", start_bar="y_bar")
linear("y = float(x)", x_bar="y_bar")
linear("y = complex(real, imag=0)", real_bar="y_bar", imag_bar="1j * y_bar")

constant("operator.floordiv", "operator.not_", "operator.invert", "operator.lshift", "operator.rshift",
         "operator.and_", "operator.or_", "operator.xor", "operator.eq", "operator.ne", "operator.lt", "operator.le",
         "operator.gt", "operator.ge", "operator.is_", "operator.is_not")
constant("int", "bool", "round", "len", "range", "isinstance", "all", "any", "type", "id", "hash", "repr", "str",
         "format", "bin", "hex", "oct", "chr", "ord", "callable", "hasattr", "print")
refused("eval", "exec", "setattr", "delattr", "vars", "locals", "globals", "input", "open", "iter", "next",
        reason="what it does is not seen when the derivative is written.")
