"""Everything stateful: PostgreSQL, MongoDB, Redis and Kafka."""
