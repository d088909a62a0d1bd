"""SQL by name; see ``projections.sql.statement``."""
