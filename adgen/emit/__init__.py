"""Functions to readable source text.  Knows what a program is, and nothing of derivatives."""
