"""The frame of every request: its limits, its headers, and how an answer is written."""
