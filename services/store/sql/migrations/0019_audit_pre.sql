-- Who was refused, and who changed what, over HTTP: ids and addresses, no names and no secrets.
create table audit_log (
    at timestamptz not null,
    id uuid not null,
    school text collate "C" not null,  -- '': not known
    caller text collate "C",
    actor text collate "C",
    method text not null,
    route text,
    ids jsonb not null,
    status smallint not null,
    code text,
    why text,
    address text,
    operation text,
    request_id text not null,
    times integer not null check (times > 0),
    primary key (at, id)
);
create index audit_log_of_school on audit_log (school, at, id);
