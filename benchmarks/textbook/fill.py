"""The peer's log for its projection: enrolments carried to their end, many in one save.

Only to have events there soon; how they came is not measured.
"""

import random

from benchmarks import school
from benchmarks.textbook.domain import Enrolment, Enrolments
from benchmarks.textbook.settings import Settings

_TOGETHER = 100


def main() -> None:
    chance = random.Random(4)
    application = Enrolments()
    learners = range(Settings().learners)
    for first in learners[::_TOGETHER]:
        together = learners[first : first + _TOGETHER]
        application.save(*(_enrolment(chance, number) for number in together))
    application.close()


def _enrolment(chance: random.Random, number: int) -> Enrolment:
    course = school.COURSES[number % len(school.COURSES)]
    enrolment = Enrolment(school.SCHOOL, school.learner(number), course)
    for activity in school.ASSESSMENTS:
        enrolment.submit(activity, round(chance.triangular(0, 100, 70), 1))
    enrolment.mark_complete()
    return enrolment
