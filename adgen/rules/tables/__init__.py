"""The rows, by library and topic.  A table imports nothing but the words of `adgen.rules.kinds`."""
