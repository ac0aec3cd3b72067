# Unannotated code for arrays, read as source.
# pyright: reportArgumentType=false, reportCallIssue=false
# ruff: noqa: ANN001, ANN201, A002  (specialised from their source, for any types)
"""Histograms: what falls into which bin is piecewise constant; weights, and edges that follow the extremes, are not."""

import numpy as np

from adgen.rules.definitions import defines


@defines("np.histogram_bin_edges")
def histogram_bin_edges(a, bins=10, range=None, weights=None):
    if isinstance(bins, str):
        return np.histogram_bin_edges(a, bins, range, weights)  # refused
    if np.ndim(bins):
        return np.asarray(bins)
    low, high = (np.min(a), np.max(a)) if range is None else range
    if low == high:
        low, high = low - 0.5, high + 0.5
    return np.linspace(low, high, bins + 1)


def bins_of(a, edges):
    """The number of the bin of each element, and whether there is one; the last bin has its right edge."""
    last = len(edges) - 2
    inside = (a >= edges[0]) & (a <= edges[-1])
    return np.clip(np.searchsorted(edges, a, side="right") - 1, 0, last), inside


@defines("np.histogram")
def histogram(a, bins=10, range=None, density=None, weights=None):
    edges = np.histogram_bin_edges(a, bins, range)
    index, inside = bins_of(np.ravel(a), edges)
    number = len(edges) - 1
    if weights is None:
        counts = np.bincount(index[inside], minlength=number)
    else:
        counts = np.bincount(index, np.where(inside, np.ravel(weights), 0.0), number)
    if density:
        return counts / np.diff(edges) / np.sum(counts), edges
    return counts, edges


@defines("np.histogram2d")
def histogram2d(x, y, bins=10, range=None, density=None, weights=None):
    several = isinstance(bins, tuple | list)
    across = np.histogram_bin_edges(x, bins[0] if several else bins, None if range is None else range[0])
    along = np.histogram_bin_edges(y, bins[1] if several else bins, None if range is None else range[1])
    rows, in_rows = bins_of(x, across)
    columns, in_columns = bins_of(y, along)
    shape = (len(across) - 1, len(along) - 1)
    given = np.ones(len(x)) if weights is None else weights
    flat = np.bincount(rows * shape[1] + columns, np.where(in_rows & in_columns, given, 0.0), shape[0] * shape[1])
    counts = np.reshape(flat, shape)
    if density:
        counts = counts / np.diff(across)[:, None] / np.diff(along) / np.sum(counts)
    return counts, across, along
