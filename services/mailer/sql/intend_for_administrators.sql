-- A notice becomes an e-mail to each of these administrators, once for ever.
with noted as (
    insert into mail_notices (school, notice_id, recipients, noted_at)
    values ($1, $2, cardinality($3::uuid[]), $7)
    on conflict do nothing
    returning notice_id
)
insert into mails (
    mail_id, school, recipient, kind, notice, message_id, next_at, intended_at, changed_at
)
select mail_id, $1, recipient, 'endpoint_disabled', $5, message_id, $7, $7, $7
from noted, unnest($3::uuid[], $4::text[], $6::text[]) as told (mail_id, recipient, message_id)
on conflict do nothing
returning mail_id
