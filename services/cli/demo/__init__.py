"""``coursemark demo``: a made-up school, its commands, and what came of them, rule by rule.

``chapters`` are the story as data, in the words of ``words``; ``stage`` plays them on a running
Coursemark, ``seen`` keeps what came, ``playing`` starts, tells and stops it all.
"""
