-- How views and feeds stand. The rate is that of the cursor's own moves, faded since the last;
-- whoever rebuilds a view holds a lock of its name.
select
    c.projection, c.version, c.transaction_id, c.notification_id,
    c.recent / 60 * exp(-least(date_part('epoch', now() - c.updated_at), 600) / 60) as rate,
    c.error, c.failed_at, c.stopped_transaction_id, c.stopped_notification_id,
    exists (
        select from pg_locks l
        where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
          and l.database = (select oid from pg_database where datname = current_database())
          and ((l.classid::bigint << 32) | l.objid::bigint)
              = hashtext('coursemark projection ' || c.projection)
    ) as rebuilding
from projection_cursors c
where c.log = $1 and c.projection = any ($2::text[])
