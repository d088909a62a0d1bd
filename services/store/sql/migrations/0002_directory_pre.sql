-- Names, addresses, roles and plans: not in the log, so that they can be erased.
create table schools (
    school text collate "C" primary key,
    plan text not null,
    name text
);
create table users (
    school text collate "C" not null,
    user_id text collate "C" not null,
    role_level text not null,
    role text,
    name text,
    email text,
    tags text[] not null default '{}',
    primary key (school, user_id)
);
