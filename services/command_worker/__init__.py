"""The command worker: a batch of commands becomes events, receipts and results.

``intake`` reads records, ``handler`` loads, decides (``deciding``) and appends, ``answers``
writes results, ``worker`` is the running part.
"""
