-- Which of these completions could be mailed, and where to: the learner has an address and wants
-- e-mails, and the ledger has none for the attempt (M5).
select w.place, u.email, u.name
from unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
    with ordinality as w (school, learner, course, attempt, place)
join users u on u.school = w.school and u.user_id = w.learner
where u.email is not null
  and not exists (
    select from mail_suppressions x where x.school = w.school and x.user_id = w.learner
  )
  and not exists (
    select from mails m
    where m.kind = 'completion' and m.school = w.school and m.recipient = w.learner
      and m.course = w.course and m.attempt = w.attempt
  )
