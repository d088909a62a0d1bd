"""Where a command is carried out: on the servers themselves, or by an API that has them."""
