-- The oldest transaction that has an id: it holds every follower back.
select clock_timestamp() - min(xact_start) as age
from pg_stat_activity
where backend_xid is not null and datname = current_database()
