update schedules set next_at = $3 where school = $1 and schedule = $2
