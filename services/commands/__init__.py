"""Commands carried out: a batch is loaded, decided and appended, and each is answered.

``handler`` loads, decides (``deciding``) and appends; ``answers`` writes results. Whatever brings
commands, from Kafka or out of an operation, carries them out here, and so by the same rules.
"""
