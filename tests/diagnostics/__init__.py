"""Refused programs and the exact text that a user reads."""
