-- What waits is not sent any more; the ledger stays, so that nobody is written to twice (M5). What a
-- server answered may repeat an address. $4: for the first time; the links in e-mails lead nowhere
-- from then on.
update mails
set
    state = case state when 'intended' then 'suppressed' else state end,
    code = case state when 'intended' then 'erased' else code end,
    changed_at = case state when 'intended' then $3 else changed_at end,
    answer = null,
    unsubscribe = case when $4 then gen_random_uuid() else unsubscribe end
where school = $1 and recipient = $2 and ($4 or state = 'intended' or answer is not null)
