select school, user_id, actor, reason, begun_at, ended_at from erasures
where
    school = $1
    and ($2::timestamptz is null or begun_at < $2 or (begun_at = $2 and user_id > $3))
order by begun_at desc, user_id
limit $4
