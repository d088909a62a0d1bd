update webhook_endpoints set notice_due = false where endpoint = $1 and disabled_at = $2
