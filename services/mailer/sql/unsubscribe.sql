with whose as (
    select school, recipient from mails where unsubscribe = $1
), suppressed as (
    insert into mail_suppressions (school, user_id, since, cause)
    select school, recipient, $2, 'unsubscribed' from whose
    on conflict do nothing
)
select school, recipient from whose
