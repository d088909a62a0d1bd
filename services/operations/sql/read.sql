select
    school, operation, kind, state, dry_run, template::text as template, parts, actor,
    responsible, undoes, start_at, ended_at
from operations
where school = $1 and operation = $2
