-- No row comes back where a position as high is recorded already.
insert into notification_tracking as tracked (application_name, notification_id)
values ($1, $2)
on conflict (application_name) do update set notification_id = excluded.notification_id
where tracked.notification_id < excluded.notification_id
returning notification_id
