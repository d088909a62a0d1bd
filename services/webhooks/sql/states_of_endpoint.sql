select state, count(*) from webhook_deliveries where endpoint = $1 group by state
