"""``coursemark mail``: the ledger of e-mails, suppressions, senders and templates."""
