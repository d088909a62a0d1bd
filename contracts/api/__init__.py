"""What the HTTP API answers under ``/v1``, beside results and reports that Kafka carries too."""
