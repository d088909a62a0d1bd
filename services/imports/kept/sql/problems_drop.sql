delete from import_problems
where
    school = $1 and import = $2 and place in (
        select place from import_problems where school = $1 and import = $2 limit $3
    )
