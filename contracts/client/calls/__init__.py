"""Every call of the API, as a function that makes it: pure, and the same for both clients."""
