-- Events and receipts in one statement: all or nothing. A unique violation refuses the lot.
with receipt as (
    insert into receipts (school, command_id, fingerprint, result)
    select * from unnest($5::text[], $6::text[], $7::bytea[], $8::bytea[])
)
insert into stored_events (originator_id, originator_version, topic, state)
select * from unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[])
