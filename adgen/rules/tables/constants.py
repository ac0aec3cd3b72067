"""Functions without a derivative, and those that are refused; they have no better place."""
