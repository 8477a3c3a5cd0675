"""Cards, failure records and quarantine as files, written in a stream."""
