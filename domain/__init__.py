"""The rules of emotion-cards: no I/O, no Prefect, nothing but values and decisions."""
