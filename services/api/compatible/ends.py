"""What a job has come to, as reads show it too."""

import asyncio
from contextlib import suppress
from typing import Any

from contracts.api.compatible import Job, SkippedUnit
from contracts.operations import FINAL, OperationReported
from services.api.compatible.sending import until_shown
from services.api.reads import operations
from services.api.standing import Standing
from services.api.web.awaited import LOOK_UP_SECONDS
from services.api.who.caller import Caller


async def end_of(standing: Standing, job: str, result: dict[str, Any]) -> Job:
    """A job whose command has its result; an operation may go on behind it.

    Raises:
        Problem: 404 where its operation is there no more, as a preview after some days.
    """
    if result["outcome"] == "rejected":
        return Job(
            async_=False,
            job_id=job,
            status="failed",
            error=result["message"],
            code=result["code"],
        )
    if result.get("operation") is not None:
        async with asyncio.timeout(LOOK_UP_SECONDS):
            report = await operations.one(standing, result["school"], result["operation"])
        return await _of_operation(standing, job, result, report)
    await until_shown(standing, result)
    skipped = tuple(
        SkippedUnit(unit_id=it["activity"], code=it["code"]) for it in result["skipped"]
    )
    return Job(async_=False, job_id=job, status="completed", error=None, code=None, skipped=skipped)


async def _of_operation(
    standing: Standing, job: str, result: dict[str, Any], report: OperationReported
) -> Job:
    if report.state not in FINAL:
        return Job(async_=True, job_id=job, status="pending", error=report.message, code=None)
    await until_shown(standing, result)
    failed = failure_of(report)
    code = next(iter(report.failed), None)
    return Job(
        async_=False,
        job_id=job,
        status="completed" if failed is None else "failed",
        error=failed,
        code=code,
    )


def failure_of(report: OperationReported) -> str | None:
    """Why an operation was not carried out wholly, in a sentence; none where it was.

    Or where it goes on.
    """
    if report.state == "paused":
        return report.message or f"The operation is paused: {report.pause_reason}."
    if report.state == "cancelled":
        return report.message or "The operation was cancelled."
    if report.failed:
        codes = ", ".join(f"{code} ({number:,})" for code, number in report.failed.items())
        return f"Not all of it could be done: {codes}. Its rows say more: see the operation."
    return None


async def ended(
    standing: Standing, caller: Caller, operation: str, seconds: float
) -> OperationReported:
    """How the operation stands when it has ended or paused, or after so many seconds.

    Raises:
        Problem: 404; 429, 503 where too many wait.
    """
    async with asyncio.timeout(LOOK_UP_SECONDS):
        report = await operations.one(standing, caller.school, operation)
    with standing.watching.watch(caller.token, report) as watched, suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while watched.report.state not in FINAL | {"paused"} and not watched.ended:
                await watched.news(seconds)
    return watched.report
