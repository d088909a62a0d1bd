-- $2: of this id, null: all; $3 and $4: after the one created then and of that id.
select school, import, upload, digest, size, choices::text as choices, actor, state,
       counts::text as counts, created_at, checked_at
from imports
where
    school = $1
    and ($2::text is null or import = $2)
    and (
        $3::timestamptz is null
        or created_at < $3
        or (created_at = $3 and import > $4)
    )
order by created_at desc, import
limit $5
