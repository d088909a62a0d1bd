-- Each is added to a query where its criterion is given, and to no other: a plan is made for what
-- is asked. Down to inactive_since they are of one record, which is one row for each of its
-- enrolments with each of its completions.
-- That a learner did nothing in any course is asked in two ways: beside what many are (a status, a
-- progress) or nothing at all, a learner's rows are read once, together (all_inactive); beside what
-- may be rare it is asked of those alone who meet the rest (inactive_everywhere). Neither is written
-- as "not exists", which PostgreSQL takes for so rare that it looks at everybody first.

-- name: course
and r.course = :course

-- name: completed_from
and r.completed_at >= :completed_from

-- name: completed_to
and r.completed_at < :completed_to

-- name: manually_completed
and r.manually_completed = :manually_completed

-- name: enrolled_from
and r.enrolled_at >= :enrolled_from

-- name: enrolled_to
and r.enrolled_at < :enrolled_to

-- name: status
and r.status = :status

-- name: progress_from
and r.progress_rate >= :progress_from

-- name: progress_to
and r.progress_rate <= :progress_to

-- name: attempt
and r.attempt = :attempt

-- name: inactive_since
and r.active_on < :inactive_since

-- name: inactive_everywhere
and (
    select max(o.active_on)
    from search.records o
    where o.school = r.school and o.learner = r.learner
) < :inactive_since

-- name: tags
and u.tags @> :tags

-- name: role_level
and u.role_level = :role_level

-- name: role
and u.role = :role

-- name: word
and u.folded like containing(:word)

-- name: all_inactive
group by r.learner
having max(r.active_on) < :inactive_since and bool_or(true

-- name: all_inactive_end
)
