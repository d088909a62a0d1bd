-- Who was erased, on whose word and why: what makes an erasure last. Nothing here tells who it was
-- but the id, which the log keeps too. ended_at: when nothing was left to do; none: it was broken
-- off, and is to be run again.
create table erasures (
    school text collate "C" not null,
    user_id text collate "C" not null,
    actor text not null,
    reason text not null,
    begun_at timestamptz not null,
    ended_at timestamptz,
    primary key (school, user_id)
);
