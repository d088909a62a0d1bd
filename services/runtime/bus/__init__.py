"""Kafka: topics, batches out, batches in, dead letters."""
