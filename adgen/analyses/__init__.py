"""Facts about programs; an analysis never changes what it looks at."""
