"""``coursemark show``: a learner's card, today or on a day in the past."""
