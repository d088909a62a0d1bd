"""The expected files of a made-up folder, as a person works them out; both formats agree."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks.oulad import rows
from benchmarks.oulad.expected import expect, files
from benchmarks.oulad.source import read
from tests.support import oulad

if TYPE_CHECKING:
    from pathlib import Path

PROGRESS = """\
school,learner,course,enrolled,attempt,status,progress_rate,completed_required,required,\
average_score,time_spent,provenance,manually_completed,completed_at
open-university,5,XYZ-2013J,true,1,not_started,0.00,0,3,,0,,false,
open-university,6,XYZ-2013J,false,1,not_started,0.00,0,3,,0,,false,
open-university,7,XYZ-2013J,false,1,not_completed,33.33,1,3,54.50,0,,false,
open-university,8,XYZ-2013J,true,1,completed,100.00,3,3,77.75,0,manual,true,2014-01-09T00:00:00Z
open-university,9,XYZ-2013J,true,2,not_started,0.00,0,3,,0,,false,
open-university,4,XYZ-2014B,true,1,completed,100.00,1,1,66.00,0,imported,false,2014-02-01T00:00:00Z
open-university,8,XYZ-2014B,true,1,completed,100.00,1,1,81.00,0,earned,false,2014-02-10T00:00:00Z
"""
ACTIVITIES = """\
school,learner,course,activity,completed,score,provenance,manually_completed,time_spent,\
completed_at
open-university,7,XYZ-2013J,assessment-101,true,70,earned,false,0,2013-10-21T00:00:00Z
open-university,7,XYZ-2013J,assessment-90,false,39,,false,0,
open-university,8,XYZ-2013J,assessment-101,true,55.5,imported,false,0,2013-09-30T00:00:00Z
open-university,8,XYZ-2013J,assessment-12,true,,earned,false,0,2013-10-20T00:00:00Z
open-university,8,XYZ-2013J,assessment-90,true,100,manual,true,0,2014-01-09T00:00:00Z
open-university,4,XYZ-2014B,assessment-30,true,66,imported,false,0,2014-02-01T00:00:00Z
open-university,8,XYZ-2014B,assessment-30,true,81,earned,false,0,2014-02-10T00:00:00Z
"""
RESULTS = """\
command,outcome,code,count
coursemark.commands.enroll_learner.v1,accepted,,7
coursemark.commands.import_completion.v1,accepted,,2
coursemark.commands.mark_complete.v1,accepted,,1
coursemark.commands.mark_complete.v1,rejected,already_complete,1
coursemark.commands.record_activity.v1,accepted,,6
coursemark.commands.record_activity.v1,rejected,not_enrolled,1
coursemark.commands.reset_progress.v1,accepted,,1
coursemark.commands.reset_progress.v1,rejected,not_enrolled,1
coursemark.commands.reset_progress.v1,rejected,nothing_to_reset,1
coursemark.commands.unenroll_learner.v1,accepted,,2
"""


def test_what_must_come_of_it_is_written_as_a_person_would(made_up: Path) -> None:
    written = files(expect(read(made_up)))
    assert written["progress.csv"].decode() == PROGRESS
    assert written["activities.csv"].decode() == ACTIVITIES
    assert written["results.csv"].decode() == RESULTS


def test_the_rules_come_to_the_same_files(made_up: Path, tmp_path: Path) -> None:
    outcome = oulad.replay(read(made_up))
    rows.write(tmp_path / "progress.csv", rows.PROGRESS, reversed(outcome.progress))
    rows.write(tmp_path / "activities.csv", rows.ACTIVITIES, reversed(outcome.activities))
    assert (tmp_path / "progress.csv").read_bytes().decode() == PROGRESS
    assert (tmp_path / "activities.csv").read_bytes().decode() == ACTIVITIES


def test_the_model_uses_nothing_of_coursemark() -> None:
    """A model that leans on what it judges proves nothing."""
    asked = (
        "import sys, benchmarks.oulad.expected; "
        "print([m for m in sys.modules if m.split('.')[0] in ('contracts', 'services')])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("vle", [False, True])
def test_the_command_line_writes_four_files(made_up: Path, tmp_path: Path, vle: bool) -> None:
    out = tmp_path / "out"
    done = _run(str(made_up), str(out), *(["--vle"] if vle else []))
    assert done.returncode == 0, done.stderr
    assert {path.name: path.read_bytes() for path in out.iterdir()} == files(
        expect(read(made_up), vle=vle)
    )


def test_the_command_line_says_what_is_wrong_and_no_traceback(tmp_path: Path) -> None:
    done = _run(str(tmp_path / "nowhere"), str(tmp_path / "out"))
    assert done.returncode == 1
    assert done.stderr.startswith("no_folder: ")
    assert len(done.stderr.splitlines()) == 1


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.oulad.expected", *arguments]
    return subprocess.run(command, capture_output=True, check=False, text=True)
