"""What changes something and is no command: imports, webhooks' endpoints, schedules, policies."""
