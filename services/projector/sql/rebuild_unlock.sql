select pg_advisory_unlock(hashtext('coursemark projection ' || $1))
