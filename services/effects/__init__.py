"""What events send: who wants to be told of them, and whether they are mailed.

``filters`` and ``wishes`` match for the webhook dispatcher, and for previews beforehand (B5):
``foretelling`` counts what events would send that are in no log, ``awards`` the programmes that
they would complete, ``letters`` the e-mails.
"""
