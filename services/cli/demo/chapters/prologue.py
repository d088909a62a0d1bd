"""The school opens."""

from services.cli.demo.school import (
    AIKO,
    BEN,
    BIOLOGY,
    BIOLOGY_1,
    FIRST_AID,
    FIRST_AID_1,
    LUCA,
    NADIA,
    PEOPLE,
    PRIYA,
    SAILING,
    SAILING_1,
    SOL,
)
from services.cli.demo.script import Chapter, Publish, Wire
from services.cli.demo.words import ago, enrol

CHAPTER = Chapter(
    title="Riverside opens",
    plot="A platform publishes its schools and users to the directory's topic and its course "
    "structures to the catalog's, and enrols learners. Names stay in the directory; commands and "
    "events know ids alone. Here is one command, and its result, in full:",
    steps=(
        Publish((*PEOPLE, BIOLOGY_1, FIRST_AID_1, SAILING_1)),
        enrol("nadia-enrols", NADIA, BIOLOGY),
        Wire("nadia-enrols"),
        *(enrol(f"{learner}-enrols", learner, BIOLOGY) for learner in (BEN, LUCA, PRIYA, SOL)),
        enrol("aiko-learns-first-aid", AIKO, FIRST_AID),
        enrol("aiko-sails", AIKO, SAILING, effective_at=ago(days=10)),
        enrol("luca-sails", LUCA, SAILING),
    ),
)
