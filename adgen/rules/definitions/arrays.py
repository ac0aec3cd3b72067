# ruff: noqa: ANN001, ANN002, ANN003, ANN201  (specialised from their source, for any types)
"""Functions that call a function, that choose or write elements, and forms of linear algebra that rows leave out."""

import numpy as np

import adgen.runtime as rt
from adgen.rules.definitions import defines

# ---- functions that call a function


@defines("np.apply_along_axis")
def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    axis = axis % arr.ndim
    lines = np.moveaxis(arr, axis, -1)
    outside = lines.shape[:-1]
    flat = np.reshape(lines, (-1, arr.shape[axis]))
    first = func1d(flat[0], *args, **kwargs)
    results = np.empty((flat.shape[0], *np.shape(first)), np.asarray(first).dtype)
    for k in range(flat.shape[0]):
        results[k] = func1d(flat[k], *args, **kwargs)
    shaped = np.reshape(results, (*outside, *np.shape(first)))
    inner = np.ndim(first)
    return np.moveaxis(shaped, tuple(range(-inner, 0)), tuple(range(axis, axis + inner))) if inner else shaped


@defines("np.apply_over_axes")
def apply_over_axes(func, a, axes):
    for axis in axes if isinstance(axes, tuple | list) else (axes,):
        result = func(a, axis)
        a = np.expand_dims(result, axis) if result.ndim < a.ndim else result
    return a


@defines("np.fromfunction")
def fromfunction(function, shape, dtype=float, like=None, **kwargs):
    return function(*[np.indices(shape)[k].astype(dtype) for k in range(len(shape))], **kwargs)


@defines("np.fromiter")
def fromiter(iterable, dtype, count=-1):
    return np.array(list(iterable), dtype=dtype)


@defines("np.piecewise")
def piecewise(x, condlist, funclist, *args, **kw):
    """Every function is applied to all of `x`, and the last condition that holds chooses, in the dtype of `x`."""
    conditions = condlist if isinstance(condlist, list | tuple) else [condlist]
    default = 0.0
    if len(funclist) > len(conditions):
        last = funclist[len(conditions)]
        default = last(x, *args, **kw) if callable(last) else last
    y = np.zeros_like(x) + default
    for k in range(len(conditions)):
        value = funclist[k](x, *args, **kw) if callable(funclist[k]) else funclist[k]
        y = np.where(conditions[k], value, y)
    dtype = np.asarray(x).dtype
    return y if y.dtype == dtype else y.astype(dtype)


def vectorized(pyfunc, excluded, signature, *args, **kwargs):
    """``np.vectorize(f)(...)``: a loop over the elements, or over the core arrays of a signature."""
    if signature is not None:
        return over_core(pyfunc, signature, *args)
    fixed = [k for k in range(len(args)) if k in excluded]
    moving = [k for k in range(len(args)) if k not in excluded]
    arrays = np.broadcast_arrays(*[args[k] for k in moving])
    if np.ndim(arrays[0]) == 0:
        return pyfunc(*args, **kwargs)
    flat = [np.ravel(a) for a in arrays]
    first = pyfunc(*[args[k] if k in fixed else flat[moving.index(k)][0] for k in range(len(args))], **kwargs)
    if isinstance(first, tuple):
        columns = tuple([np.empty(flat[0].size, np.asarray(f).dtype) for f in first])
        for i in range(flat[0].size):
            row = pyfunc(*[args[k] if k in fixed else flat[moving.index(k)][i] for k in range(len(args))], **kwargs)
            for column, value in zip(columns, row):
                column[i] = value
        return tuple([np.reshape(c, arrays[0].shape) for c in columns])
    results = np.empty(flat[0].size, np.asarray(first).dtype)
    for i in range(flat[0].size):
        results[i] = pyfunc(*[args[k] if k in fixed else flat[moving.index(k)][i] for k in range(len(args))], **kwargs)
    return np.reshape(results, arrays[0].shape)


def over_core(pyfunc, signature, *args):
    ranks = [term.count(",") + 1 if term.strip("()") else 0 for term in signature.split("->")[0].split("),")]
    outside = [np.shape(a)[: np.ndim(a) - r] for a, r in zip(args, ranks)]
    loop = np.shape(np.broadcast_arrays(*[np.empty(s) for s in outside])[0])
    if len(loop) == 0:
        return pyfunc(*args)
    flat = [
        np.reshape(np.broadcast_to(a, (*loop, *np.shape(a)[np.ndim(a) - r :])), (-1, *np.shape(a)[np.ndim(a) - r :]))
        for a, r in zip(args, ranks)
    ]
    first = pyfunc(*[f[0] for f in flat])
    results = np.empty((flat[0].shape[0], *np.shape(first)), np.asarray(first).dtype)
    for i in range(flat[0].shape[0]):
        results[i] = pyfunc(*[f[i] for f in flat])
    return np.reshape(results, (*loop, *np.shape(first)))


# ---- writing elements


@defines("np.place")
def place(arr, mask, vals):
    """The values in turn, in the order of the elements that the mask chooses."""
    values = np.ravel(np.asarray(vals))
    turn = np.reshape(np.cumsum(mask) - 1, arr.shape) % values.size
    arr[...] = np.where(mask, np.take(values, turn), arr)


@defines("np.putmask")
def putmask(a, mask, values):
    """The values by position, repeated if they are fewer."""
    if np.ndim(values) == 0:
        a[...] = np.where(mask, values, a)
        return
    flat = np.ravel(np.asarray(values))
    a[...] = np.where(mask, np.take(flat, np.reshape(np.arange(a.size) % flat.size, a.shape)), a)


@defines("np.put_along_axis")
def put_along_axis(arr, indices, values, axis):
    if axis is None:
        arr[np.unravel_index(indices, arr.shape)] = values
    else:
        axis = axis % arr.ndim
        index = [
            np.reshape(np.arange(arr.shape[k]), (1,) * k + (-1,) + (1,) * (arr.ndim - k - 1)) for k in range(arr.ndim)
        ]
        arr[tuple([indices if k == axis else index[k] for k in range(arr.ndim)])] = values


# ---- choosing elements


@defines("np.union1d")
def union1d(ar1, ar2):
    return np.unique(np.concatenate([np.ravel(ar1), np.ravel(ar2)]))


@defines("np.intersect1d")
def intersect1d(ar1, ar2):
    values = np.unique(ar1)
    return values[np.isin(values, ar2)]


@defines("np.setdiff1d")
def setdiff1d(ar1, ar2):
    values = np.unique(ar1)
    return values[np.isin(values, ar2, invert=True)]


@defines("np.setxor1d")
def setxor1d(ar1, ar2):
    values = np.unique(np.concatenate([np.ravel(ar1), np.ravel(ar2)]))
    return values[np.isin(values, ar1) != np.isin(values, ar2)]


@defines("np.trim_zeros")
def trim_zeros(filt, trim="fb"):
    kept = np.flatnonzero(filt)
    start = kept[0] if "f" in trim else 0
    stop = kept[-1] + 1 if "b" in trim else filt.size
    return filt[start:stop]


@defines("np.take")
def take(a, indices, axis=None, out=None, mode="raise"):
    return np.take(a, np.asarray(indices), axis=axis, mode=mode)


@defines("np.sort")
def sort(a, axis=-1, kind=None, order=None, stable=None):
    return np.sort(a, axis=axis)


@defines("np.unwrap", whole=True)
def unwrap(p, discont=None, axis=-1, period=2 * np.pi):
    """Only multiples of the period are added."""
    return p + rt.turns(p, discont, axis, period)


# ---- linear algebra


@defines("np.einsum")
def einsum(*operands, optimize=False):
    """The form with lists of axes, spelt with letters."""
    count = len(operands) // 2
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    terms = ["".join([letters[i] for i in operands[2 * k + 1]]) for k in range(count)]
    text = ",".join(terms)
    if len(operands) % 2:
        text = text + "->" + "".join([letters[i] for i in operands[-1]])
    return np.einsum(text, *[operands[2 * k] for k in range(count)], optimize=optimize)


@defines("np.emath.sqrt")
def emath_sqrt(x):
    return np.sqrt(x) if np.iscomplexobj(x) else np.emath.sqrt(x)


@defines("np.emath.log")
def emath_log(x):
    return np.log(x) if np.iscomplexobj(x) else np.emath.log(x)


@defines("np.emath.power")
def emath_power(x, p):
    return np.power(x, p) if np.iscomplexobj(x) else np.emath.power(x, p)


@defines("np.linalg.multi_dot", whole=True)
def multi_dot(arrays):
    total = arrays[0]
    for k in range(1, len(arrays)):
        total = np.dot(total, arrays[k])
    return total


@defines("np.linalg.pinv")
def pinv(a, rcond=None, hermitian=False, rtol=None):
    if hermitian:
        a = np.tril(a) + np.conj(np.swapaxes(np.tril(a, -1), -1, -2))
    return np.linalg.pinv(a) if rcond is None and rtol is None else np.linalg.pinv(a, rcond if rtol is None else rtol)


@defines("np.linalg.svd")
def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    """Of Hermitian matrices: the eigenvalues' moduli, in descending order."""
    if not compute_uv:
        return np.flip(np.sort(np.abs(np.linalg.eigvalsh(a)), axis=-1), -1)
    w, v = np.linalg.eigh(a)
    order = np.flip(np.argsort(np.abs(w), axis=-1), -1)
    u = np.take_along_axis(v, np.expand_dims(order, -2), -1)
    w = np.take_along_axis(w, order, -1)
    return u, np.abs(w), np.swapaxes(np.conj(u * np.expand_dims(np.sign(w), -2)), -1, -2)


@defines("np.linalg.cond")
def cond(x, p=None):
    if p == -2:
        s = np.linalg.svd(x, compute_uv=False)
        return s[..., -1] / s[..., 0]
    return np.linalg.norm(x, p, (-2, -1)) * np.linalg.norm(np.linalg.inv(x), p, (-2, -1))


@defines("np.matvec")
def matvec(a, b):
    return np.matmul(a, b[..., None])[..., 0]


@defines("np.vecmat")
def vecmat(a, b):
    return np.matmul(np.conj(a)[..., None, :], b)[..., 0, :]


@defines("np.vecdot")
def vecdot(a, b, axis=-1):
    return np.sum(np.conj(a) * b, axis=axis)


@defines("np.linalg.vecdot")
def linalg_vecdot(a, b, axis=-1):
    return np.sum(np.conj(a) * b, axis=axis)


@defines("np.cross")
def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    if axis is not None:
        axisa = axisb = axisc = axis
    product = np.cross(np.moveaxis(a, axisa, -1), np.moveaxis(b, axisb, -1))
    return product if a.shape[axisa] == 2 and b.shape[axisb] == 2 else np.moveaxis(product, -1, axisc)


# Unannotated code for arrays, read as source.
# pyright: reportArgumentType=false, reportCallIssue=false
