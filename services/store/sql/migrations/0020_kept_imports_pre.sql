-- Files that came over HTTP to be imported (B8). They hold names and addresses: the pieces of a file
-- go after its run, or after a day.
create table import_pieces (
    upload uuid not null,
    piece integer not null,           -- from 0
    content bytea not null,
    kept_at timestamptz not null,
    primary key (upload, piece)
);
alter table import_pieces alter column content set storage external;
create index import_pieces_by_age on import_pieces (kept_at);

create table imports (
    school text collate "C" not null,
    import text collate "C" not null,
    upload uuid,                      -- its pieces; null: they are deleted
    digest bytea not null,            -- of the file and of how it is to be read
    size bigint not null,
    choices jsonb not null,
    actor text not null,
    state text not null check (state in ('checking', 'checked')),
    tries integer not null default 0, -- how often it was begun to be checked
    counts jsonb,                     -- null until it is checked
    created_at timestamptz not null,
    checked_at timestamptz,
    primary key (school, import)
);
create index imports_waiting on imports (created_at) where state = 'checking';
create index imports_of_school on imports (school, created_at desc);
create index imports_by_age on imports (created_at);

create table import_problems (
    school text collate "C" not null,
    import text collate "C" not null,
    place integer not null,           -- those of the whole file first, then by line; from 1
    line integer,
    heading text,
    code text not null,
    message text not null,
    whole_file boolean not null,
    harmless boolean not null,
    primary key (school, import, place),
    foreign key (school, import) references imports on delete cascade
);

-- What became of each time that a file was to be imported, or previewed: an operation.
create table import_runs (
    school text collate "C" not null,
    operation text collate "C" not null,
    import text collate "C" not null,
    digest bytea not null,            -- of what was asked
    asked jsonb not null,
    actor text not null,
    state text not null check (state in ('asked', 'sent', 'refused')),
    tries integer not null default 0,
    code text,
    message text,
    created_at timestamptz not null,
    ended_at timestamptz,
    primary key (school, operation),
    foreign key (school, import) references imports on delete cascade
);
create index import_runs_waiting on import_runs (created_at) where state = 'asked';
create index import_runs_of_import on import_runs (school, import, created_at);
