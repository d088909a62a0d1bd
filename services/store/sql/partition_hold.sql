-- Nobody can claim them until the transaction ends.
select count(*) from (
    select from partition_owners
    join unnest($1::text[], $2::integer[]) as wanted (topic, partition) using (topic, partition)
    where owner = $3
    for share of partition_owners
) as held
