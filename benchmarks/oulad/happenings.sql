-- What the log has to tell a school's endpoints, by trigger; of it, what an administrator completed.
-- A completed activity of the type certificate is told of twice.
with told (trigger, event) as (
    select
        case split_part(topic, '.', 3)
            when 'learner_enrolled' then 'enrolled'
            when 'learner_unenrolled' then 'unenrolled_from_product'
            else split_part(topic, '.', 3)
        end,
        convert_from(state, 'UTF8')::jsonb
    from stored_events
    where split_part(topic, '.', 3) in (
        'activity_completed', 'course_completed', 'learner_enrolled', 'learner_unenrolled',
        'progress_reset', 'learning_program_completed'
    )
        and originator_id like $1 || '/%'
    union all
    select 'certificate_awarded', convert_from(state, 'UTF8')::jsonb
    from stored_events
    where split_part(topic, '.', 3) = 'activity_completed'
        and originator_id like $1 || '/%'
        and convert_from(state, 'UTF8')::jsonb ->> 'activity_type' = 'certificate'
)
select
    trigger,
    count(*),
    count(*) filter (where (event ->> 'manually_completed')::boolean)
from told
group by trigger
order by trigger
