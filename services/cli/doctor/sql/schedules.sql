-- Schedules that are on, and since when the longest waiting slot has come ($1: now), if one has.
select
    count(*) as waiting,
    extract(epoch from $1 - min(next_at))::double precision as late
from schedules
where next_at is not null
