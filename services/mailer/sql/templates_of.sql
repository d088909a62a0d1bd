select language, subject, html, text from mail_templates
where school = $1 and kind = $2 and language = any ($3::text[])
