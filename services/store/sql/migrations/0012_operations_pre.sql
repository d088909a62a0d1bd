-- An operation: who asked for what, and where it stands. How much is done is counted from its
-- chunks; revision rises with each change, and is published up to published.
create table operations (
    school text collate "C" not null,
    operation text collate "C" not null,
    kind text not null
        check (kind in ('enroll', 'mark_complete', 'reset_progress', 'import', 'undo')),
    state text not null check (
        state in (
            'scheduled', 'validating', 'running', 'paused',
            'completed', 'completed_with_errors', 'cancelled'
        )
    ),
    dry_run boolean not null,
    template jsonb not null,          -- its command without learners or rows, as its parts agree
    parts integer not null check (parts > 0),
    total bigint,                     -- rows; null until it is validated
    actor text not null,              -- who started it
    responsible text not null,        -- who answers for what is still to be done
    reason text not null,
    note text,
    source text not null,
    correlation_id text,
    pause_reason text check (
        pause_reason in ('administrator', 'approval_required', 'not_permitted', 'fault')
    ),
    resume_to text,                   -- the state that it was paused in
    approved_by text,
    undoes text collate "C",          -- of an undo: the operation that it takes back
    undone_by text collate "C",
    schedule text,
    message text,
    created_at timestamptz not null,
    start_at timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    served_at timestamptz not null default '-infinity',  -- the longest unserved comes first
    revision bigint not null default 1,
    published bigint not null default 0,
    primary key (school, operation),
    check ((state = 'paused') = (pause_reason is not null))
);
create index operations_at_work on operations (served_at)
where
    state in ('scheduled', 'validating', 'running')
    or (state = 'cancelled' and ended_at is null);
create index operations_unpublished on operations (school) where published < revision;
create index operations_of_school on operations (school, created_at desc);

-- The parts as they came, until all are there and the chunks are made of them.
create table operation_parts (
    school text collate "C" not null,
    operation text collate "C" not null,
    part integer not null,
    command_id text not null,
    body bytea not null,              -- the command's JSON
    primary key (school, operation, part),
    foreign key (school, operation) references operations on delete cascade
);

-- Rows that are carried out together, at most 1,000. actor: who answers for them, from when they
-- were first begun, so that doing them again asks for the same. try: 0, or of which retry they are.
create table operation_chunks (
    school text collate "C" not null,
    operation text collate "C" not null,
    chunk integer not null,
    try integer not null default 0,
    rows jsonb not null,
    size integer not null,            -- rows that it stands for, carried out or not
    actor text,
    done integer,                     -- null: still to be carried out
    skipped jsonb not null default '{}',
    failed jsonb not null default '{}',
    primary key (school, operation, chunk),
    foreign key (school, operation) references operations on delete cascade
);
create index operation_chunks_waiting on operation_chunks (school, operation, chunk)
where done is null;

-- Rows with something to say: skipped and failed ones; of a dry run every row.
create table operation_rows (
    school text collate "C" not null,
    operation text collate "C" not null,
    row bigint not null,              -- its place in the operation, or its line in the file; from 1
    place integer not null,           -- of several outcomes of one row; from 0
    try integer not null default 0,
    learner text collate "C" not null,
    course text collate "C",
    activity text,
    outcome text not null check (outcome in ('skipped', 'failed', 'previewed')),
    code text,
    message text,
    input jsonb not null,             -- the row as its chunk has it, to be tried again
    details jsonb not null default '{}',
    primary key (school, operation, row, place),
    foreign key (school, operation) references operations on delete cascade
);
create index operation_rows_by_outcome on operation_rows (school, operation, outcome, row);
