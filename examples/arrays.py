"""Annotations: arrays of float64 with one to four axes, and of integers with one."""

import numpy as np

Array1 = np.ndarray[tuple[int], np.dtype[np.float64]]
Array2 = np.ndarray[tuple[int, int], np.dtype[np.float64]]
Array3 = np.ndarray[tuple[int, int, int], np.dtype[np.float64]]
Array4 = np.ndarray[tuple[int, int, int, int], np.dtype[np.float64]]
Indices = np.ndarray[tuple[int], np.dtype[np.int64]]
Indices2 = np.ndarray[tuple[int, int], np.dtype[np.int64]]
