"""The part ``learning-programs``: awards a programme to who has completed its courses (B12).

It follows completions of courses and new versions of programmes. What it decides is a function of
the log up to the event that it looks at, however late it looks: so it may lag, stop, run twice, or
look again at what it has seen. ``deciding`` is pure, ``reading`` and ``known`` read the log,
``awarding`` appends to it.
"""
