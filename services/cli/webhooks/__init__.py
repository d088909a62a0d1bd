"""``coursemark webhooks``."""
