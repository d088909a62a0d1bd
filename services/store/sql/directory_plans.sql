select school, plan from schools where school = any ($1::text[])
