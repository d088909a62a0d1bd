insert into mail_templates (school, kind, language, subject, html, text, changed_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (school, kind, language) do update
set subject = excluded.subject, html = excluded.html, text = excluded.text,
    changed_at = excluded.changed_at, problem = null, problem_at = null
