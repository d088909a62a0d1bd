-- SQLite, in a file that is nowhere once it is closed. What the lines of a file say.
create table entries (
    line integer not null,
    learner text not null,
    course text not null,
    activity text not null,              -- empty: the whole course
    completed integer not null,
    completed_at text,
    enrolled_at text,
    score real,
    reason text,
    note text
);
create table problems (
    line integer,
    heading text,
    code text not null,
    message text not null,
    whole_file integer not null,
    harmless integer not null
);
-- Of whom a line tells the directory something: who is new (known = 0), or tags of who is not.
create table people (
    line integer not null,
    user text not null,
    known integer not null,
    name text not null,
    email text not null,
    tags text not null                   -- JSON
);
-- Lines with a problem: nothing of them is imported.
create table refused (line integer primary key);
