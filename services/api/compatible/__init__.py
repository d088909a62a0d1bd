"""The LearnWorlds-compatible face: their addresses and shapes over the commands and reads of ours.

It decides nothing. A client that was written for LearnWorlds' API v2 changes its base address.
"""
