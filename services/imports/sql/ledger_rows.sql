select line, learner, course, activity, completed, completed_at, enrolled_at, score, reason, note
from rows
where rowid > :after and rowid <= :until
order by rowid
