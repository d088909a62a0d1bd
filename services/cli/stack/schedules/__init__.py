"""Schedules and due dates, kept and read on the servers themselves, or by an API."""
