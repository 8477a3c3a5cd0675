"""Kafka: events on their way from the outbox to whoever listens."""
