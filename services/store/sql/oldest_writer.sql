-- The oldest transaction of the cluster that has an id: it holds every follower back,
-- whichever database it writes to.
select clock_timestamp() - min(xact_start) as age
from pg_stat_activity
where backend_xid is not null
