-- Before the transaction has an id: ids and commits then come in one order.
select pg_advisory_xact_lock(hashtext('stored_events'))
