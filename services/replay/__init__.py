"""The log's events published again, to a topic that somebody names.

``replaying`` sends them, ``rate`` slows it down, ``target`` says which topics may be named.
"""
