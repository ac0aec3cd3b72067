"""Exceptions that are caught around active code: which path is taken, and what was done before it was left."""

import math

import numpy as np
from numpy.linalg import LinAlgError

from tests.programs import mat, positive_definite, program, signed, vec

INDEFINITE = np.array([[1.0, 2.0, 0.3], [2.0, 1.0, 0.1], [0.3, 0.1, -1.0]])
MIXED = np.array([0.5, -1.2, 2.1, 3.4])
BOTH_WAYS = [(-0.6,), (1.7,)]


class OutOfRange(ValueError):
    """An exception of the user's own."""


class Found(Exception):  # noqa: N818
    """An exception that carries a value."""

    def __init__(self, value, position):
        self.value = value
        self.position = position


def checked_root(x):
    if x < 0.0:
        raise OutOfRange("negative")
    return math.sqrt(x)


def twice_checked(x):
    return checked_root(x) + checked_root(x - 1.0)


# ---- one handler


@program(0.5, more=BOTH_WAYS, order2=True)
def raise_in_a_branch(x):
    try:
        if x < 0.0:
            raise ValueError("negative")
        y = x * x * x
    except ValueError:
        y = 2.0 * x * x
    return y * x


@program(0.5, more=BOTH_WAYS, order2=True)
def logarithm_with_fallback(x):
    try:
        y = math.log(x) * x
    except ValueError:
        y = x * x
    return y


@program(2.0, 0, more=[(2.0, 3)], order2=True)
def division_by_zero(x: float, n: int):
    try:
        z = x / n
    except ZeroDivisionError:
        z = x * x
    return z * x


@program(positive_definite(3), more=[(INDEFINITE,)], order2=True)
def cholesky_or_trace(a):
    try:
        factor = np.linalg.cholesky(a)
        return 2.0 * np.sum(np.log(np.diag(factor)))
    except LinAlgError:
        return np.trace(a @ a)


@program(positive_definite(3), vec(3), more=[(np.zeros((3, 3)), vec(3))], argnums=(1,))
def solve_or_keep(a, b):
    try:
        x = np.linalg.solve(a, b)
    except np.linalg.LinAlgError:
        x = b * b
    return np.sum(x**2)


@program(positive_definite(3), more=[(INDEFINITE,)])
def jitter_until_positive_definite(a):
    """The loop of every Gaussian process code."""
    jitter = 0.0
    while True:
        try:
            factor = np.linalg.cholesky(a + jitter * np.eye(3))
            break
        except np.linalg.LinAlgError:
            jitter = 10.0 * jitter + 0.01
    return np.sum(factor) + jitter


@program(INDEFINITE, more=[(positive_definite(3),)])
def jitter_in_a_counted_loop(a):
    for k in range(6):
        try:
            factor = np.linalg.cholesky(a + (10.0 ** (k - 3)) * np.eye(3))
        except np.linalg.LinAlgError:
            continue
        else:
            return np.sum(factor * factor) / (k + 1)
    return 0.0


@program(vec(4), 2, more=[(vec(4), 7), (vec(4), -9), (vec(4), -1)])
def index_out_of_bounds(x, i):
    try:
        y = x[i] ** 2
    except IndexError:
        y = np.sum(x)
    return y


@program(vec(4), 1, more=[(vec(4), 3)])
def store_out_of_bounds(x, i):
    a = x * x
    try:
        a[i] = 2.0 * a[0]
        a[i + 1] = 3.0 * a[0]
    except IndexError:
        a[0] = a[0] * a[1]
    return np.sum(a * x)


@program(vec(5))
def index_that_walks_off_the_end(x):
    """Loops that end by IndexError, as people write them."""
    total, i = 0.0, 0
    try:
        while True:
            total = total * 0.9 + x[i] ** 2
            i += 1
    except IndexError:
        pass
    return total * i


@program(800.0, more=[(0.3,)])
def overflow_of_the_exponential(x):
    try:
        y = math.exp(x)
    except OverflowError:
        y = 0.5 * x
    return y * x


@program(0.5, more=[(30.0,)], jit=False)
def overflow_of_a_power(x: float):
    try:
        y = (10.0 + x) ** 250
    except OverflowError:
        y = x * x
    return math.log(y)


@program(0.0, 1.5, more=[(1.3, 2.0)], argnums=(1,))
def zero_to_a_negative_power(x: float, y: float):
    try:
        z = x**-2.0 * y
    except ZeroDivisionError:
        z = y * y
    return z


# ---- several handlers


@program(0.5, 2, more=[(-0.5, 2), (0.5, 0), (-0.5, 0)], order2=True)
def two_handlers(x: float, n: int):
    try:
        z = math.sqrt(x) / n
    except ValueError:
        z = x * x
    except ZeroDivisionError:
        z = x**3
    return z * 2.0


@program(0.5, 2.0, more=[(-0.5, 2.0), (0.5, 0.0)], argnums=(0,))
def one_handler_for_several(x: float, y: float):
    try:
        z = math.log(x) / y
    except (ValueError, ZeroDivisionError):
        z = x * x
    return z + x


@program(0.5, 2.0, more=[(-0.5, 2.0), (0.5, 0.0)], argnums=(0,))
def bare_except(x: float, y: float):
    z = 1.0
    try:
        z = z * x
        z = z * math.log(x)
        z = z / y
    except:  # noqa: E722
        z = z * x
    return z


@program(0.5, 2.0, more=[(-0.5, 2.0), (0.5, 0.0)], argnums=(0,))
def except_by_base_class(x: float, y: float):
    try:
        z = math.sqrt(x) + x / y
    except ArithmeticError:
        z = x * 4.0
    except Exception:  # noqa: BLE001
        z = x * x
    return z


@program(MIXED)
def first_handler_that_fits(x):
    total = 0.0
    for v in x:
        try:
            total += checked_root(v)
        except OutOfRange:
            total += v
        except ValueError:
            total += 100.0 * v
    return total


@program(0.5, 1, more=[(0.5, 2), (0.5, 3), (0.5, 0)])
def dispatch_on_what_was_raised(x, k):
    errors = [ValueError, KeyError, IndexError]
    try:
        y = x * 2.0
        if k == 1:
            raise errors[0]("a")
        if k == 2:
            raise errors[1]("b")
        if k == 3:
            raise errors[2]
        y = y * y
    except ValueError:
        y = y + x**2
    except LookupError:
        y = y - x**3
    return y


# ---- else and finally


@program(0.5, more=BOTH_WAYS, order2=True)
def else_clause(x):
    try:
        y = math.sqrt(x)
    except ValueError:
        y = x * x
    else:
        y = y * y * y
    return y


@program(0.5, more=BOTH_WAYS)
def else_is_not_guarded_by_its_own_handlers(x):
    y = x
    try:
        try:
            y = y * 3.0
        except ValueError:
            y = 0.0
        else:
            y = math.log(x) * y
    except ValueError:
        y = y * x
    return y


@program(0.5, more=BOTH_WAYS, order2=True)
def finally_on_both_paths(x):
    y = x
    try:
        y = math.log(x)
    except ValueError:
        y = x * x
    finally:
        y = y * x
    return y


@program(0.5, more=BOTH_WAYS)
def finally_around_returns(x):
    a = np.array([1.0, 2.0]) * x
    try:
        if x > 1.0:
            return np.sum(a) * x
        y = math.sqrt(x)
    except ValueError:
        return a[0] * a[1]
    finally:
        a[0] = 0.0
    return y * a[1] + a[0]


@program(vec(6), 4, more=[(-vec(6), 4), (vec(6), 0)])
def finally_around_break_and_continue(x, n):
    total, count = 0.0, 1.0
    for i in range(6):
        try:
            if i == n:
                break
            if i % 2:
                continue
            total += math.sqrt(x[i])
        except ValueError:
            total += x[i] * x[i - 1]
        finally:
            count = count * 1.1 + 0.1 * x[i]
    return total * count


@program(0.5, more=BOTH_WAYS)
def finally_of_an_inner_try_runs_before_the_outer_handler(x):
    y = x
    try:
        try:
            y = math.log(x)
        finally:
            y = y * 3.0
        y = y + 1.0
    except ValueError:
        y = y * y
    return y


# ---- what was done before


@program(0.5, more=BOTH_WAYS, order2=True)
def assigned_before_the_exception(x):
    y, z = 1.0, x
    try:
        y = x * 3.0
        z = y * y
        z = z + math.log(x)
        y = y * z
    except ValueError:
        y = y * z * x
    return y + z


@program(MIXED)
def stored_before_the_exception(x):
    a = np.zeros(4)
    try:
        for i in range(4):
            a[i] = x[i] ** 2
            a[i] += math.log(x[i])
    except ValueError:
        a[3] = np.sum(a) * x[0]
    return np.sum(a * x)


@program(MIXED)
def partial_effects_of_a_callee(x):
    def fill(out, values):
        for k in range(4):
            out[k] = values[k] * 2.0
            if values[k] < 0.0:
                raise ValueError(k)
        out[:] = out * values

    a = np.ones(4)
    try:
        fill(a, x)
    except ValueError:
        a *= 3.0
    return np.sum(a * a)


@program(MIXED, more=[(vec(4),)])
def a_list_grows_until_the_exception(x):
    roots = []
    try:
        for v in x:
            roots.append(math.sqrt(v))
    except ValueError:
        roots.append(x[3])
    return sum(roots) * len(roots)


@program(0.5, more=BOTH_WAYS)
def a_list_with_items_on_one_path(x):
    items = [x, 2.0 * x]
    try:
        items.append(math.log(x))
    except ValueError:
        items[0] = items[0] * items[1]
    return items[0] * items[1]


@program(0.5, more=BOTH_WAYS)
def attributes_and_dicts_on_both_paths(x):
    state = {"value": x, "scale": 1.0}
    try:
        state["scale"] = 3.0 * x
        state["value"] = math.log(state["value"])
        state["scale"] = state["scale"] * 2.0
    except ValueError:
        state["value"] = state["value"] ** 2
    return state["value"] * state["scale"]


@program(positive_definite(3), more=[(INDEFINITE,)])
def values_kept_for_the_handler(a):
    b = a @ a
    try:
        b = b * 0.5
        factor = np.linalg.cholesky(a)
        b = b + factor
    except np.linalg.LinAlgError:
        b = b * b
    return np.sum(b)


# ---- loops


@program(MIXED, more=[(vec(4),)])
def continue_in_a_handler(x):
    total = 1.0
    for v in x:
        try:
            r = math.sqrt(v)
        except ValueError:
            continue
        total = total * r + v
    return total


@program(MIXED, more=[(vec(4),)])
def break_in_a_handler(x):
    total = 1.0
    for v in x:
        try:
            total = total * math.sqrt(v)
        except ValueError:
            total = total * v
            break
    else:
        total = total * 7.0
    return total


@program(MIXED, more=[(vec(4),), (np.array([-1.0, -2.0, 0.5, 1.0]),)])
def an_exception_leaves_the_loop(x):
    total = 1.0
    try:
        for i in range(x.size):
            total = total * math.sqrt(x[i])
    except ValueError:
        total = total + x[i] * i
    return total * total


@program(MIXED, more=[(vec(4),)])
def an_exception_leaves_two_loops(x):
    total = 0.0
    try:
        for i in range(4):
            for k in range(i):
                total = total * 1.1 + math.log(x[i]) * x[k]
            total += 1.0
    except ValueError:
        total = total * x[0]
    return total


@program(mat(3, 4) - 0.6)
def a_try_in_each_iteration_of_two_loops(x):
    total = 0.0
    for i in range(3):
        row = 1.0
        for k in range(4):
            try:
                row = row * math.log(x[i, k])
            except ValueError:
                row = row * x[i, k]
        total = total + row
    return total


@program(vec(3), 0.5, more=[(vec(3), -0.5)])
def stop_iteration_by_hand(x, y):
    k = 0
    while True:
        try:
            if k >= 3:
                raise StopIteration
            y = math.sin(y) * x[k]
            k += 1
        except StopIteration:
            break
    return y


@program(signed(6), more=[(signed(6, 1),)])
def positive_definite_blocks(x):
    total = 1.0
    for i in range(6):
        try:
            factor = np.linalg.cholesky(np.array([[x[i], 0.1], [0.1, 1.0]]))
            total = total * np.sum(factor)
        except np.linalg.LinAlgError:
            total = total * (x[i] - 1.0)
    return total


@program(MIXED)
def while_test_that_raises(x):
    i, total = 0, 1.0
    try:
        while math.sqrt(x[i]) > 0.1:
            total = total * x[i] * 1.5
            i += 1
    except ValueError:
        total = total * x[i]
    return total


@program(MIXED)
def a_loop_over_a_known_list_is_unrolled(x):
    total = 1.0
    for scale in [0.5, 2.0, 3.0]:
        try:
            total = total * math.log(x[1] + scale)
        except ValueError:
            total = total * scale * x[0]
    return total


# ---- calls


@program(MIXED)
def raised_in_a_callee(x):
    total = 0.0
    for v in x:
        try:
            total += checked_root(v) * v
        except ValueError:
            total -= v * v
    return total


@program(0.5, more=[(-0.5,), (1.5,)])
def raised_two_calls_down(x):
    try:
        return twice_checked(x) * x
    except ValueError:
        return x**3


@program(0.5, more=[(-0.5,), (1.5,)])
def caught_in_a_callee(x):
    def safe(v):
        try:
            return checked_root(v)
        except OutOfRange:
            return v * v

    return safe(x) * safe(x - 1.0) + safe(-x)


@program(0.7, more=[(-0.7,)])
def raised_in_a_lambda(x):
    f = lambda v: math.log(v) if v < 10.0 else v  # noqa: E731
    try:
        return f(x) * f(x * x)
    except ValueError:
        return x * x


@program(0.7, more=[(-0.7,)])
def raised_in_a_conditional_expression(x):
    try:
        y = math.sqrt(x) if x < 1.0 else x
        z = y * 2.0 if y > 0.1 else math.log(x)
    except ValueError:
        z = x * 3.0
    return z * z


@program(0.7, more=[(-0.7,)])
def raised_in_a_short_circuit(x):
    try:
        big = x > 2.0 or math.sqrt(x) > 0.5
        y = x * x if big else x
    except ValueError:
        y = x**3
    return y


@program(vec(4), more=[(MIXED,)])
def raised_in_a_comprehension(x):
    try:
        return sum(math.sqrt(v) for v in x)
    except ValueError:
        return np.sum(x * x)


# ---- nested tries, raising again


@program(0.5, 2, more=[(-0.5, 2), (0.5, -1)])
def raised_in_a_handler(x, k):
    y = x
    try:
        try:
            y = y * 2.0
            if k < 0:
                raise KeyError("k")
            y = math.log(y)
        except KeyError:
            y = y + 1.0
            raise ValueError("again") from None
        finally:
            y = y * 3.0
        y = y - 1.0
    except ValueError:
        y = y * y
    return y


@program(0.5, more=BOTH_WAYS)
def raised_again(x):
    y = x
    try:
        try:
            y = math.log(x)
        except ValueError:
            y = y * 5.0
            raise
    except ValueError:
        y = y * x
    return y


@program(0.5, more=[(-0.5,)])
def raised_again_by_name(x):
    y = x
    try:
        try:
            if x < 0.0:
                raise OutOfRange("low")
            y = x * x
        except OutOfRange as error:
            y = y * 5.0
            raise error
    except ValueError:
        y = y * x
    return y


@program(0.5, more=[(2.5,), (0.9,)])
def three_deep(x):
    y = 1.0
    try:
        try:
            try:
                y = y * math.asin(x)
            except ZeroDivisionError:
                y = 0.0
            if x > 0.8:
                raise KeyError("large")
        except IndexError:
            y = 0.0
        y = y * 2.0
    except KeyError:
        y = y * x
    except ValueError:
        y = x * x
    return y


@program(0.5, more=[(-0.5,)])
def handlers_of_a_try_do_not_catch_each_other(x):
    y = x
    try:
        try:
            y = math.log(x)
        except ValueError:
            y = math.sqrt(x * x) * y / 1.0
            raise ZeroDivisionError from None
        except ZeroDivisionError:
            y = 100.0 * x
    except ZeroDivisionError:
        y = y * 7.0
    return y


@program(0.5, more=[(2.5,)])
def an_exception_that_carries_values(x):
    try:
        if x > 1.0:
            raise Found(x * x, 3)
        y = x
    except Found as found:
        y = found.value * found.position
    return y


@program(0.5, more=[(-0.5,)])
def arguments_of_an_exception(x):
    try:
        if x < 0.0:
            raise ValueError("negative", x * x)
        y = math.sqrt(x)
    except ValueError as error:
        y = error.args[1] * 3.0
    return y


# ---- decided when generating


@program(0.5)
def missing_key(x):
    d = {"a": x}
    try:
        v = d["b"]
    except KeyError:
        v = d["a"] * 2.0
    try:
        w = d["a"] * x
    except KeyError:
        w = 0.0
    return v * w


@program(0.5)
def missing_module(x):
    try:
        import a_module_that_nobody_has as fast
    except ImportError:
        import math as fast
    return fast.sin(x)


@program(0.5)
def duck_typing(x):
    try:
        n = len(x)
    except TypeError:
        n = 3
    try:
        scale = x.scale
    except AttributeError:
        scale = x * x
    try:
        width = float("wide")
    except ValueError:
        width = 2.0
    return n * scale * width


@program(0.5)
def items_that_are_not_there(x):
    values = [x, 2.0 * x]
    try:
        y = values[2]
    except IndexError:
        y = values[-1] * x
    try:
        y = y + undefined_name  # noqa: F821
    except NameError:
        y = y * y
    return y


@program(0.5)
def wrong_arguments(x):
    def f(a, b):
        return a * b

    try:
        return f(x)
    except TypeError:
        return f(x, x * x)


@program(0.5, more=[(-0.5,)])
def assertion_caught(x):
    try:
        assert x > 0.0, "positive"
        y = x * x
    except AssertionError:
        y = -3.0 * x
    return y


@program(0.5)
def unpacking_that_fails(x):
    values = (x, 2.0 * x, 3.0 * x)
    try:
        a, b = values
    except ValueError:
        a, b, _ = values
    return a * b


# ---- as real code has it


@program(vec(3), 0.9, more=[(vec(3), -0.9)])
def uncaught_exceptions_go_on(x, y):
    try:
        if np.sum(x) > 100.0:
            raise KeyError("far")
        z = math.log(y)
    except ValueError:
        z = y * y
    return z * np.sum(x)


@program(2.0, more=[(5.0,)])
def newton_that_may_divide_by_zero(a: float):
    x = 1.0
    for k in range(12):
        try:
            x = x - (x * x - a) / (2.0 * x) / (1.0 if k < 8 else float(k - 8))
        except ZeroDivisionError:
            x = x * 1.0
            break
    return x


@program(vec(4), more=[(MIXED,)])
def geometric_mean(x):
    """As in the statistics module."""
    try:
        return math.exp(sum(math.log(v) for v in x) / len(x))
    except ValueError:
        return 0.5 * np.sum(x)


@program(np.array([0.5, 0.7, 1.3]), 2, more=[(np.array([0.5, 0.7, 1.3]), 0)])
def weighted_with_default(x, n):
    total, weight = 0.0, 0.0
    for i in range(n):
        total += x[i] * x[i]
        weight += x[i]
    try:
        mean = float(total) / float(weight)
    except ZeroDivisionError:
        mean = x[0] * 2.0
    return mean


class Unconverged(Exception):
    def __init__(self, message, point=None):
        super().__init__(message)
        self.point = point


@program(2.0, more=[(0.5,)])
def exception_of_a_class_that_calls_its_base(x):
    try:
        if x > 1.0:
            raise Unconverged("too large", point=x * x)
        return x
    except Unconverged as error:
        return 3.0 * error.point
