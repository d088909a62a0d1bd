-- The answers to commands about one learner, by the ids of the commands.
select command_id, convert_from(result, 'UTF8') as result
from receipts
where school = $1 and convert_from(result, 'UTF8')::jsonb ->> 'learner' is not null
