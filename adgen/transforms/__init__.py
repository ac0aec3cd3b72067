"""From a program to its derivative: tangent (forward mode) and adjoint (reverse mode)."""
