select pg_advisory_unlock(hashtextextended('import ' || $1 || '/' || $2, 0))
