"""Derivative rules: one row per function, from which both modes are derived.

`kinds` holds the words in which rows are written, `tables` the rows, `registry` the look-up.
"""
