"""``coursemark send``: commands, course structures, schools and users; waits for the results."""
