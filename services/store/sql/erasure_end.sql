update erasures set ended_at = $3 where school = $1 and user_id = $2 and ended_at is null
