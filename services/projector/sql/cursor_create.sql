insert into projection_cursors (projection, log, version)
values ($1, $2, $3)
on conflict do nothing
returning 1
