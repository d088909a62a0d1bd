-- Operations that begin by themselves (B12); a definition is a Schedule of services/domain/schedules.py.
create table schedules (
    school text collate "C" not null,
    schedule text collate "C" not null,
    definition jsonb not null,
    enabled boolean not null,
    next_at timestamptz,                -- the next slot; null: none is left, or it is off
    created_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (school, schedule)
);
create index schedules_next on schedules (next_at, school, schedule) where next_at is not null;

-- What became of each slot, once; it stays when its schedule is removed. operation: which began,
-- where one did; learners: how many it was for; code, message: why it was not as usual.
create table schedule_slots (
    school text collate "C" not null,
    schedule text collate "C" not null,
    slot_at timestamptz not null,
    outcome text not null check (outcome in ('begun', 'nobody', 'refused', 'missed')),
    operation text collate "C",
    learners integer not null default 0,
    code text,
    message text,
    recorded_at timestamptz not null,
    primary key (school, schedule, slot_at)
);
