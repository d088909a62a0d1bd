-- Locked first, by endpoint_lock.sql. Turns and secrets go with the endpoint.
with attempts as (
    delete from webhook_attempts where endpoint = $1
), deliveries as (
    delete from webhook_deliveries where endpoint = $1
)
delete from webhook_endpoints where endpoint = $1
