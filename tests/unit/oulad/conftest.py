"""A small made-up folder in the shape of the Open University's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import oulad

if TYPE_CHECKING:
    from pathlib import Path

# 7 leaves on day 20, hands in on that day and after; 8 has work carried over and is passed;
# 9 fails; 5 fails without having done anything; 6 leaves and fails. 8 takes a second course,
# and 4 brings all of it along.
FILES = {
    "courses": """
        code_module code_presentation module_presentation_length
        XYZ 2013J 100
        XYZ 2014B 90
    """,
    "assessments": """
        code_module code_presentation id_assessment assessment_type date weight
        XYZ 2013J 90 Exam ? 100
        XYZ 2013J 101 TMA 20 50
        XYZ 2013J 12 CMA 20 50
        XYZ 2014B 30 TMA 10 100
    """,
    "vle": """
        id_site code_module code_presentation activity_type week_from week_to
        500 XYZ 2013J quiz ? ?
    """,
    "studentRegistration": """
        code_module code_presentation id_student date_registration date_unregistration
        XYZ 2013J 8 ? ?
        XYZ 2013J 7 -10 20
        XYZ 2014B 8 -3 ?
        XYZ 2013J 9 -1 ?
        XYZ 2013J 5 0 ?
        XYZ 2013J 6 0 3
        XYZ 2014B 4 -2 ?
    """,
    "studentAssessment": """
        id_student id_assessment date_submitted is_banked score
        7 12 21 0 80
        7 90 20 0 39
        7 101 20 0 70
        8 101 -1 1 55.5
        8 12 19 0 ?
        8 90 120 0 39
        8 30 9 0 81
        9 101 20 0 10
        4 30 0 1 66
    """,
    "studentInfo": """
        code_module code_presentation id_student num_of_prev_attempts studied_credits final_result
        XYZ 2013J 8 0 60 Pass
        XYZ 2013J 7 0 60 Withdrawn
        XYZ 2014B 8 0 60 Distinction
        XYZ 2013J 9 0 60 Fail
        XYZ 2013J 5 0 60 Fail
        XYZ 2013J 6 0 60 Fail
        XYZ 2014B 4 0 60 Withdrawn
    """,
}


@pytest.fixture
def made_up(tmp_path: Path) -> Path:
    return oulad.write(tmp_path / "data", FILES)
