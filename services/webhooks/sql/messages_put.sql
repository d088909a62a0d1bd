-- In the order in which they came: a sequence number is a place in it.
insert into webhook_messages (school, kind, message, learner, trigger, body, batch, received_at)
select school, kind, message, learner, trigger, body, batch, $8
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::text[])
    with ordinality as m (school, kind, message, learner, trigger, body, batch, place)
order by place
on conflict (school, kind, message) do nothing
