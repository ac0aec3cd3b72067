"""Annotations: arrays of float64 with one and two axes."""

import numpy as np

Array1 = np.ndarray[tuple[int], np.dtype[np.float64]]
Array2 = np.ndarray[tuple[int, int], np.dtype[np.float64]]
