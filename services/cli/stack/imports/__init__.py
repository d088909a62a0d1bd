"""Files to import: checked and sent by us, or by an API."""
