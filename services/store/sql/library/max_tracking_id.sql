select notification_id from notification_tracking where application_name = $1
