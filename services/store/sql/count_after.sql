-- How many events stand after a position, counted up to a bound.
select count(*)
from (
    select 1
    from stored_events
    where (transaction_id, notification_id) > ($1::text::xid8, $2::bigint)
    limit $3
) as waiting
