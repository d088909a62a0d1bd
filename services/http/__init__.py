"""What every HTTP side shares: who asks, the body, and what is wrong."""
