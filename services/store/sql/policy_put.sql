insert into school_policies (
    school, max_backdating_days, max_import_backdating_days,
    reasons, note_required, four_eyes_above
)
values ($1, $2, $3, $4, $5, $6)
on conflict (school) do update set
    max_backdating_days = excluded.max_backdating_days,
    max_import_backdating_days = excluded.max_import_backdating_days,
    reasons = excluded.reasons,
    note_required = excluded.note_required,
    four_eyes_above = excluded.four_eyes_above
