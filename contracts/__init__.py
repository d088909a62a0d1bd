"""What goes over the wire: messages, their names, their envelopes and their topics.

Nothing here but pydantic, so that a producer can install this folder alone
(``coursemark-contracts``, imported as ``coursemark_contracts``).
"""
