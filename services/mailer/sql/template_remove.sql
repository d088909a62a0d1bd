delete from mail_templates where school = $1 and kind = $2 and language = $3 returning language
