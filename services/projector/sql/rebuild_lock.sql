-- Held by the session: one rebuild of a view at a time.
select pg_try_advisory_lock(hashtext('coursemark projection ' || $1))
