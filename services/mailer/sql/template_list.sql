select kind, language, subject, html, text, changed_at, problem, problem_at
from mail_templates
where school = $1
order by kind, language
