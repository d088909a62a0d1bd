"""The event log on PostgreSQL: append, load, follow in commit order, receipts, migrations."""
