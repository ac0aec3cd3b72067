# Unannotated code for arrays, read as source.
# pyright: reportArgumentType=false, reportCallIssue=false
# ruff: noqa: ANN001, ANN201  (specialised from their source, for any types)
"""Factorisations whose derivative is that of the algorithm."""

import math

import numpy as np

from adgen.rules.definitions import defines

QRResult = type(np.linalg.qr(np.eye(1)))


@defines("np.linalg.qr")
def qr(a, mode="reduced"):
    """The columns of q that complete a tall matrix depend on the algorithm: reflections, as LAPACK has them.

    Golub and Van Loan, *Matrix Computations* (4th edition, 2013), section 5.2.1.
    """
    if mode != "complete" or a.ndim != 2 or np.iscomplexobj(a):
        return np.linalg.qr(a, mode)  # refused
    m, n = a.shape
    q, r = np.eye(m), a + 0.0
    for k in range(min(m - 1, n)):
        tail = np.sqrt(np.sum(r[k + 1 :, k] ** 2))
        if tail > 0.0:
            beta = -np.copysign(np.hypot(r[k, k], tail), r[k, k])
            v = np.concatenate([np.ones(1), r[k + 1 :, k] / (r[k, k] - beta)])
            tau = (beta - r[k, k]) / beta
            r[k:] -= tau * np.outer(v, v @ r[k:])
            q[:, k:] -= tau * np.outer(q[:, k:] @ v, v)
    return QRResult(q, np.triu(r))


@defines("np.linalg.tensorinv", whole=True)
def tensorinv(a, ind=2):
    flat = np.reshape(a, (math.prod(a.shape[:ind]), -1))
    return np.reshape(np.linalg.inv(flat), a.shape[ind:] + a.shape[:ind])


@defines("np.linalg.tensorsolve", whole=True)
def tensorsolve(a, b, axes=None):
    if axes is not None:
        order = [k for k in range(a.ndim) if k not in axes] + list(axes)
        a = np.transpose(a, tuple(order))
    return np.reshape(np.linalg.solve(np.reshape(a, (b.size, -1)), np.ravel(b)), a.shape[b.ndim :])
