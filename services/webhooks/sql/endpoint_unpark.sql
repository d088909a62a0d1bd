update webhook_deliveries
set state = 'pending', attempts = 0, next_at = $2, changed_at = $2, code = null
where endpoint = $1 and state = 'parked'
