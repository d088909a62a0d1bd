-- One row per event of a learner. `activities` is none where the whole course is meant; of a learning
-- programme that was completed, `program` is its id, and there is no attempt. Where a learner was told
-- that a completion has to be renewed, `due_course` is its course, whose stream that is not in.
-- `takes_back` are the versions of what an undo has taken back.
create table entries (
    school text collate "C" not null,
    learner text collate "C" not null,
    course text collate "C" not null,
    version bigint not null,
    transaction_id bigint not null,
    notification_id bigint not null,
    type text not null,
    attempt integer,
    activities text[],
    score double precision,
    seconds integer,
    provenance text,
    recorded_at timestamptz not null,
    effective_at timestamptz not null,
    actor text,
    reason text,
    note text,
    source text not null,
    command_id text not null,
    batch_id text,
    correlation_id text,
    program text,
    due_course text collate "C",
    due_at timestamptz,
    schedule text,
    takes_back bigint[],
    manually boolean not null
        generated always as (coalesce(provenance = 'manual', false)) stored,
    primary key (school, learner, course, version)
);
create index entries_by_position on entries (school, transaction_id, notification_id);
create index undos on entries (school, learner, course) where takes_back is not null;
