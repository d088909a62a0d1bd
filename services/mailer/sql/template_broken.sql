update mail_templates set problem = $4, problem_at = $5
where school = $1 and kind = $2 and language = $3
