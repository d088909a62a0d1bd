-- All that an e-mail to a user of a school needs to know, as it stands at this moment.
select
    u.name, u.email, u.language, s.name, s.language,
    exists (select from mail_suppressions x where x.school = w.school and x.user_id = w.user_id),
    f.address, f.name
from (values ($1::text, $2::text)) as w (school, user_id)
left join users u on u.school = w.school and u.user_id = w.user_id
left join schools s on s.school = w.school
left join mail_senders f on f.school = w.school
