"""The command worker: records of ``coursemark.commands.v1`` are carried out and answered.

``intake`` reads records, ``worker`` is the running part.
"""
