"""``coursemark operations``: how far each has come, and pause, cancel, resume, retry, approve."""
