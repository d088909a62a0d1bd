select endpoint, school, kind, triggers, courses, completions, state = 'enabled' as enabled
from webhook_endpoints
where school = any ($1::text[])
