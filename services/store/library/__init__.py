"""The eventsourcing library on our log: its Application, ProjectionRunner and recorders.

Set ``PERSISTENCE_MODULE=services.store.library.factory`` and ``COURSEMARK_DATABASE_URL``.
"""
