-- The next events of the log, at most $5, and of these the ones that are asked for. Where the
-- stretch ends stands on every row, so that a stretch without any is passed too. The limit comes
-- before the filters: what one statement reads is bounded, and the order is the index's.
with stretch as materialized (
    select transaction_id, notification_id, originator_id, originator_version, topic, state
    from stored_events
    where (transaction_id, notification_id) > ($1::text::xid8, $2::bigint)
      and (transaction_id, notification_id) <= ($3::text::xid8, $4::bigint)
      and transaction_id < pg_snapshot_xmin(pg_current_snapshot())
    order by stored_events.transaction_id, stored_events.notification_id
    limit $5
),
ending as (
    select transaction_id, notification_id, (select count(*) from stretch) as passed
    from stretch
    order by stretch.transaction_id desc, stretch.notification_id desc
    limit 1
)
select ending.passed,
       ending.transaction_id::text::bigint, ending.notification_id,
       event.transaction_id::text::bigint, event.notification_id,
       event.originator_id, event.originator_version, event.topic, event.state
from ending
left join stretch as event
  on ($6::text is null or split_part(event.originator_id, '/', 1) = $6)
 and ($7::text is null or split_part(event.originator_id, '/', 3) = $7
                          and split_part(event.originator_id, '/', 2) <> '~programs')
 and ($8::text[] is null or event.topic = any ($8))
order by event.transaction_id, event.notification_id
