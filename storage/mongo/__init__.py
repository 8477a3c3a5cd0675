"""MongoDB: the truth for reviews, the work queue and cards."""
