"""What happens, in what order. No SQL, no HTTP, no parsing."""
