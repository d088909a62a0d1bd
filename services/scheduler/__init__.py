"""The part ``scheduler``: begins operations when their time has come, each slot once (B12)."""
