insert into partition_owners (topic, partition, owner)
select topic, partition, $3 from unnest($1::text[], $2::integer[]) as wanted (topic, partition)
order by topic, partition
on conflict (topic, partition) do update set owner = excluded.owner
