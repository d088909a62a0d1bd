select r.school, r.command_id, r.fingerprint, r.result
from unnest($1::text[], $2::text[]) as wanted (school, command_id)
join receipts r on r.school = wanted.school and r.command_id = wanted.command_id
