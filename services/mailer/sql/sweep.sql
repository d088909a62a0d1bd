-- Whoever was sending these is gone and has not said whether the server took them.
update mails
set state = 'unclear', code = 'interrupted', answer = null, changed_at = $1
where state = 'sending' and leased_until <= $1
returning mail_id, school
