insert into marks (school, learner, course, open, done)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
on conflict (school, learner, course) do update set
    open = excluded.open,
    done = excluded.done
