select endpoint, school, kind, triggers, courses, completions
from webhook_endpoints
where school = any ($1::text[])
