"""Macros of right-hand sides: spellings that depend on what is known when the code is generated.

A macro is called with one `Operand` for each argument and returns a right-hand side over its own
parameter names, which is expanded in turn.  It sees text, type and static value, never run-time values.
"""

from adgen.rules.macros import elementwise, fourier, linalg, products, reductions, shapes  # noqa: F401  (they register)
from adgen.rules.macros.operands import MACROS, MISSING, Missing, Operand, macro

__all__ = ["MACROS", "MISSING", "Missing", "Operand", "macro"]
