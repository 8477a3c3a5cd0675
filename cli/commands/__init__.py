"""One module a command: its options and its help; the work is done elsewhere."""
