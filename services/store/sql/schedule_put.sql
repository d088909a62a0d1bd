insert into schedules (
    school, schedule, definition, enabled, course, next_at, created_at, changed_at
)
values ($1, $2, $3::jsonb, $4, $5, $6, $7, $7)
on conflict (school, schedule) do update set
    definition = excluded.definition,
    enabled = excluded.enabled,
    course = excluded.course,
    next_at = excluded.next_at,
    changed_at = excluded.changed_at
returning created_at, changed_at
