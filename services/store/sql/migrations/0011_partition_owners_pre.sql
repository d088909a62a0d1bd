-- Which process writes what a partition of the directory says. It is claimed before the group is
-- asked, and held by each write: who slept in between finds another owner and writes nothing.
create table partition_owners (
    topic text collate "C" not null,
    partition integer not null,
    owner uuid not null,
    primary key (topic, partition)
);
