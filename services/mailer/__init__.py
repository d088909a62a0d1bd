"""The mailer: notices become e-mails, at most one for an attempt (M5)."""
