-- What the dispatcher and the mailer still have to send.
select
    (select count(*) from webhook_deliveries where state = 'pending')
    + (select count(*) from mails where state in ('intended', 'sending'))
