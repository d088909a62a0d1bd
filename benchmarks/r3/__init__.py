"""R3 as a table: what a reset of a whole course does not touch, before and after it."""
