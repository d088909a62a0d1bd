-- What an operation led to, with the events' stable ids.
select
    originator_id || '@' || originator_version as id,
    split_part(topic, '.', 3) as kind,
    convert_from(state, 'UTF8') as body
from stored_events
where convert_from(state, 'UTF8')::jsonb ->> 'batch_id' = $1
