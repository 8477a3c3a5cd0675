"""Reports: a result in, one page a person can forward out. No stores, no network."""
