-- About how many bytes each row has as JSON, at the most.
select 300 + 4 * (length(learner) + length(course) + length(activity)) + 6 * ifnull(length(note), 0)
from rows
order by rowid
