"""``coursemark schedules``: operations that begin by themselves."""
