"""The `cards` command."""
