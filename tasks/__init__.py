"""One retryable, idempotent step each: open a store, call the domain, write."""
