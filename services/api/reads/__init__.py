"""What may be read; one file per subject."""
