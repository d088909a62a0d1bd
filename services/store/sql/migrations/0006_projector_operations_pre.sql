-- `recent` is how many events were handled lately: each counts e^(-age / 60 s), so that a sixtieth
-- of it is a rate in events per second. Where one event stopped a view or feed, `stopped_` is that
-- event's position.
alter table projection_cursors
    add column recent double precision not null default 0,
    add column stopped_transaction_id bigint,
    add column stopped_notification_id bigint;

-- Events that a view or a feed passes over, on record: who wanted it, when, why, and the error.
-- A skip that was taken back stays, with its end.
create table projection_skips (
    projection text collate "C" not null,
    log text collate "C" not null default 'main',
    stream text collate "C" not null,
    version bigint not null,
    type text not null,
    error text not null,
    reason text not null,
    skipped_by text not null,
    skipped_at timestamptz not null default now(),
    ended_by text,
    ended_at timestamptz
);
create unique index projection_skips_in_force on projection_skips (
    projection, log, stream, version
) where ended_at is null;
