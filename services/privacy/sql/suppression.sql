select since, cause from mail_suppressions where school = $1 and user_id = $2
