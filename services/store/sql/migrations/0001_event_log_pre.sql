-- The log. Its layout is the eventsourcing library's, with the transaction's id beside it.
create table stored_events (
    originator_id text collate "C" not null,
    originator_version bigint not null,
    topic text collate "C" not null,
    state bytea not null,
    notification_id bigserial not null,
    transaction_id xid8 not null default pg_current_xact_id(),
    primary key (originator_id, originator_version)
);
create unique index stored_events_notification_id on stored_events (notification_id);
create index stored_events_commit_order on stored_events (transaction_id, notification_id);

-- One entry per stream: the learners of a course, without a table of their own.
create index stored_events_streams_of_course on stored_events (
    (split_part(originator_id, '/', 1)), (split_part(originator_id, '/', 3)), originator_id
) where originator_version = 1;

-- What became of each command; written with its events.
create table receipts (
    school text collate "C" not null,
    command_id text collate "C" not null,
    fingerprint bytea not null,
    result bytea not null,
    recorded_at timestamptz not null default now(),
    primary key (school, command_id)
);
