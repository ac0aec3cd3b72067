"""From a function object to a program in normal form, specialised on the types of its arguments."""
