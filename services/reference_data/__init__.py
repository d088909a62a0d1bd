"""What other systems own: course structures go into the log, schools and users into tables."""
