update webhook_deliveries
set state = 'parked', code = 'endpoint_disabled', changed_at = $2
where endpoint = $1 and state = 'pending'
