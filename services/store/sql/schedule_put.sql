-- $7: also in place of what there is.
insert into schedules (
    school, schedule, definition, enabled, next_at, created_at, changed_at
)
values ($1, $2, $3::jsonb, $4, $5, $6, $6)
on conflict (school, schedule) do update set
    definition = excluded.definition,
    enabled = excluded.enabled,
    next_at = excluded.next_at,
    changed_at = excluded.changed_at
where $7
returning created_at, changed_at
