"""Learning from the platform's own stars: polarity fitted to rated reviews, and when it counts."""
