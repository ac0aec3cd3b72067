"""Objectives as a scientist writes them, one a file, each with the adjoint that a careful person writes by hand.

A module holds the `objective`, `ARGNUMS` (what is differentiated), `SIZES` and `sample(size, rng)` (arguments), and
`by_hand`, which returns the gradients in the order of `ARGNUMS` and is compiled by Numba as it stands.
"""
