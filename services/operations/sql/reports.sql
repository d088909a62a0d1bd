-- Operations with what has been counted so far. $1: a school, null: all; $2: an operation, null:
-- all; $3: only those that are to be reported; $4: of these states, null: all; $5: with previews;
-- $6 and $7: after the one created then and of that id, null: from the newest; $8: how many.
select
    o.school, o.operation, o.kind, o.state, o.dry_run, o.revision, o.total, o.actor, o.reason,
    o.note, o.source, o.correlation_id, o.pause_reason, o.approved_by, o.undoes, o.undone_by,
    o.message, o.created_at, o.start_at, o.started_at, o.ended_at,
    coalesce(c.done, 0)::bigint as done,
    coalesce(c.skipped, '{}')::text as skipped,
    coalesce(c.failed, '{}')::text as failed
from operations o
left join lateral (
    select
        sum(k.done) as done,
        (
            select jsonb_object_agg(s.code, s.number)
            from (
                select e.key as code, sum(e.value::bigint) as number
                from operation_chunks i, jsonb_each_text(i.skipped) e
                where i.school = o.school and i.operation = o.operation
                group by e.key
            ) s
        ) as skipped,
        (
            select jsonb_object_agg(f.code, f.number)
            from (
                select e.key as code, sum(e.value::bigint) as number
                from operation_chunks i, jsonb_each_text(i.failed) e
                where i.school = o.school and i.operation = o.operation
                group by e.key
            ) f
        ) as failed
    from operation_chunks k
    where k.school = o.school and k.operation = o.operation
) c on true
where
    ($1::text is null or o.school = $1)
    and ($2::text[] is null or o.operation = any($2))
    and (not $3::boolean or o.published < o.revision)
    and ($4::text[] is null or o.state = any($4))
    and ($5::boolean or not o.dry_run)
    and (
        $6::timestamptz is null
        or o.created_at < $6
        or (o.created_at = $6 and o.operation > $7)
    )
order by o.created_at desc, o.school, o.operation
limit $8
