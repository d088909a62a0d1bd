-- Whether whoever stopped may try again: the error is gone, or the event is skipped.
select c.error is null or exists (
    select from projection_skips s
    where s.projection = c.projection and s.log = c.log and s.stream = $3 and s.version = $4
      and s.ended_at is null
)
from projection_cursors c
where c.projection = $1 and c.log = $2
