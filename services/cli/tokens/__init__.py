"""``coursemark tokens``: who may ask over HTTP in a school's name."""
