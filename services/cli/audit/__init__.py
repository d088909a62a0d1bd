"""`coursemark audit`: who was refused, and who changed what, over HTTP."""
