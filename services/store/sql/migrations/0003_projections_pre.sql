-- How far each projection has followed each log; moved with its rows.
create table projection_cursors (
    projection text collate "C" not null,
    log text collate "C" not null default 'main',
    version integer not null default 1,
    transaction_id bigint not null default 0,
    notification_id bigint not null default 0,
    updated_at timestamptz not null default now(),
    primary key (projection, log)
);
