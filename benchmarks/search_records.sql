-- $1 learners of the school $2, each in $3 of 40 courses; ids and dates as if at random, the rows
-- in the order in which courses were taken, not in that of the learners.
-- Of a hundred records 24 are not started, 31 in progress, 45 complete; every 25th had a completion
-- reset and is in attempt 2 (a few in attempt 3), whatever it is now; every 50th enrolled twice; one
-- completion in seven is an administrator's.
with learners as (
    select n, 'u-' || substr(md5($2 || n), 1, 12) as learner from generate_series(1, $1::integer) n
),
drawn as (
    select
        learner,
        'course-' || lpad((n % 4 * 10 + k)::text, 2, '0') as course,
        hashint4extended(n * 100 + k, 1) & 65535 as a,
        hashint4extended(n * 100 + k, 2) & 65535 as b,
        hashint4extended(n * 100 + k, 3) & 65535 as c,
        hashint4extended(n * 100 + k, 4) & 65535 as d
    from learners, generate_series(1, $3::integer) k
),
stood as (
    select
        learner, course, b, c,
        case when a % 100 < 24 then 'not_started' when a % 100 < 55 then 'not_completed'
             else 'completed' end as status,
        case when b % 1000 = 0 then 3 when b % 25 = 0 then 2 else 1 end as attempt,
        timestamptz '2024-01-01 06:00Z' + c % 600 * interval '1 day' + d % 720 * interval '1 min'
            as enrolled_at,
        1 + d % 100 as days
    from drawn
),
numbered as (
    select *, case when b % 50 = 0 then 2 else 1 end as enrolments,
           attempt - 1 + case when status = 'completed' then 1 else 0 end as completions
    from stood
)
insert into search.records (
    school, learner, course, enrolment, completion, enrolled, attempt, status, progress_rate,
    active_on, enrolled_at, completed_attempt, completed_at, provenance
)
select
    $2, learner, course, enrolment, completion, c % 20 > 0, attempt, status,
    case status when 'not_started' then 0 when 'completed' then 100 else c % 10 * 10 end,
    case when status = 'not_started' and attempt = 1 then date '-infinity'
         else (enrolled_at + days * interval '1 day')::date end,
    enrolled_at + (enrolment - 1) * interval '40 days',
    case when completions > 0 then completion end,
    case when completions > 0 then enrolled_at + (days + 50 * (completion - 1)) * interval '1 day' end,
    case when completions > 0 then case when (b + completion) % 7 = 0 then 'manual' else 'earned' end end
from numbered,
     generate_series(1, enrolments) enrolment,
     generate_series(1, greatest(completions, 1)) completion
order by course, c
