"""Files that came over HTTP: kept in PostgreSQL until they are checked and imported.

There because any process of the API may be asked about any import, and any process that carries
operations out may prepare it: one process's memory, or its disk, is nobody else's.
"""
