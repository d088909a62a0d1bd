select exists (select from stored_events where originator_id = $1)
