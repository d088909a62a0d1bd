insert into stored_events (originator_id, originator_version, topic, state)
select * from unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[])
returning notification_id
