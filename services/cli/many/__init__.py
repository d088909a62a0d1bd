"""``coursemark mark``, ``reset``, ``enrol`` and ``preview``: for one learner or for many."""
