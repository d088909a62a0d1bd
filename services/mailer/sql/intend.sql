-- Completion notices become e-mails to send; who is in the ledger already stays as they are (M5).
insert into mails (
    mail_id, school, recipient, kind, course, attempt, notice, message_id,
    next_at, intended_at, changed_at
)
select mail_id, school, recipient, 'completion', course, attempt, notice, message_id, $8, $8, $8
from unnest(
    $1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::jsonb[], $7::text[]
) as noticed (mail_id, school, recipient, course, attempt, notice, message_id)
on conflict do nothing
returning mail_id
