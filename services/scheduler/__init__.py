"""The part ``scheduler``: begins the operations of schedules, each slot of one once (B12)."""
