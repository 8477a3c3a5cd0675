"""The outside world, read-only: shop pages over HTTP, and files of reviews."""
