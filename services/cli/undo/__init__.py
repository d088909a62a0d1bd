"""``coursemark undo``: takes back what a command or an operation did."""
