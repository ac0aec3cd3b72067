"""Models written as plain NumPy, and what their gradients are good for.  `python -m examples.demo` shows all."""
