"""A learner's card: their courses with activities and locks, now or at a moment in the past."""
