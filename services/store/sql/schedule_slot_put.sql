insert into schedule_slots (
    school, schedule, slot_at, outcome, operation, learners, code, message, recorded_at
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict do nothing
