-- Whoever puts something into an endpoint's queue holds it too, so that nobody overlooks it.
select state from webhook_endpoints where school = $1 and endpoint = $2 for update
