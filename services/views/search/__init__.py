"""Learners of a school by what they did and who they are: the port, and PostgreSQL behind it."""
