-- What a search of people reads. Both extensions come with PostgreSQL (contrib), and whoever may
-- make schemas in a database may add them.
create extension if not exists pg_trgm;
create extension if not exists btree_gin;

-- Small letters without accents: "Zoë" is found by "zoe", and the other way round, whatever the
-- database's own locale.
create function folded(words text) returns text
language sql immutable strict parallel safe
return regexp_replace(
    normalize(lower(words collate pg_c_utf8), nfkd), '[\u0300-\u036f]', '', 'g'
);

-- The pattern of `like` for what contains the words.
create function containing(words text) returns text
language sql immutable strict parallel safe
return '%' || regexp_replace(folded(words), '([\\%_])', '\\\1', 'g') || '%';

-- In the row that an erasure takes away, so gone with it.
alter table users add column folded text collate "C" not null
    generated always as (folded(coalesce(name, '') || ' ' || coalesce(email, ''))) stored;

create index users_by_words on users using gin (school, folded gin_trgm_ops);
create index users_by_tags on users using gin (school, tags);
create index users_by_level on users (school, role_level, user_id);
create index users_by_role on users (school, role, user_id) where role is not null;
