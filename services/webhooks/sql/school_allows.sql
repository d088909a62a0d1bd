select allow_private from webhook_schools where school = $1
