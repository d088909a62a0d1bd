"""Commands in, results out."""
