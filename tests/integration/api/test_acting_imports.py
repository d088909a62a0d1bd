"""B8: files sent over HTTP, checked, and carried out; bad files are told and not kept (A1-A3)."""

from __future__ import annotations

import asyncio
import io
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from contracts.directory import School
from services.api.acting import uploading
from services.imports.kept import keeping, preparing
from services.imports.kept.sql import query as kept_sql
from services.imports.kept.sweeping import Sweeping
from services.runtime.clock import now
from services.runtime.embedded.waiting import until
from services.store.directory import Directory
from services.store.people import users_by_email
from tests.integration.api.acting import EVERY, acting, ended
from tests.integration.api.conftest import without_address
from tests.support.importing import as_csv, as_xlsx
from tests.support.pages import pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services.runtime.embedded import EmbeddedPostgres
    from tests.integration.api.conftest import Api, Got

HEADINGS = ["learner", "email", "course", "activity", "completed_at", "score"]
GOOD = as_csv(
    [
        HEADINGS,
        ["u-1204", "", "biology-1", "cells-quiz", "2025-03-14", "87"],
        ["u-1205", "", "biology-1", "", "2025-03-15", ""],
    ]
)
MIXED = GOOD + b"u-1,,=chemistry,,,\n"
RUN = {"send_completion_email": False}


@pytest_asyncio.fixture(scope="module")
async def api(embedded_kafka: str, postgres: EmbeddedPostgres) -> AsyncIterator[Api]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preparing, "LOOK_SECONDS", 0.05)
        async with acting(embedded_kafka, postgres, "reference-data") as made:
            yield made


async def sent(api: Api, token: str, key: str, file: Any, **params: str) -> Got:
    headers = {"Idempotency-Key": key}
    return await api.ask("POST", "/v1/imports" + query(params), token, headers, data=file)


def query(params: dict[str, str]) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in params.items())


async def checked(api: Api, token: str, key: str, file: bytes, **params: str) -> dict[str, Any]:
    """The import of a file, once it is checked."""
    taken = await sent(api, token, key, file, **{"complete": "true", "enroll": "true"} | params)
    assert taken.status == 202, taken.body
    assert taken.headers["Location"] == taken.body["status"] == f"/v1/imports/{key}"
    return await shown(api, token, key, lambda it: it["state"] == "checked")


async def shown(api: Api, token: str, key: str, so: Any) -> dict[str, Any]:
    """The import, once it is so."""
    found: dict[str, Any] = {}

    async def is_so() -> bool:
        nonlocal found
        found = (await api.ask("GET", f"/v1/imports/{key}", token)).body
        return bool(so(found))

    assert await until(is_so, within=60), found
    return found


async def run(api: Api, token: str, import_: str, key: str, **more: Any) -> Got:
    headers = {"Idempotency-Key": f'"{key}"'}
    return await api.ask("POST", f"/v1/imports/{import_}/run", token, headers, json=RUN | more)


async def kept(api: Api) -> int:
    """Pieces of files in the database."""
    return int(await api.pool.fetchval("select count(*) from import_pieces"))


async def test_b8_a_file_is_checked_previewed_and_imported(api: Api) -> None:
    token, before = await api.token(scopes=EVERY), await kept(api)
    found = await checked(api, token, "f-1", MIXED)
    counts = found["counts"]
    assert (counts["lines"], counts["rows"], counts["refused"]) == (3, 2, 1)
    assert (found["problems"], found["file_kept"]) == ({"formula": 1}, True)
    assert MIXED.decode() not in str(found)

    [problem] = (await api.ask("GET", "/v1/imports/f-1/problems", token)).body["problems"]
    assert (problem["line"], problem["column"], problem["code"]) == (4, "course", "formula")
    refused = await run(api, token, "f-1", "op-f-1")
    assert (refused.status, refused.code) == (409, "has_problems")

    preview = await run(api, token, "f-1", "pre-1", skip_invalid=True, dry_run=True)
    assert preview.body["operation"] == "/v1/operations/pre-1"
    foreseen = await ended(api, "pre-1", token)
    assert (foreseen["dry_run"], foreseen["total"]) == (True, 2)
    rows = (await api.ask("GET", "/v1/operations/pre-1/rows", token)).body["rows"]
    assert {it["outcome"] for it in rows} == {"previewed"}

    taken = await run(api, token, "f-1", "op-f-1", skip_invalid=True)
    assert taken.status == 202
    report = await ended(api, "op-f-1", token)
    assert (report["state"], report["done"], report["source"]) == ("completed", 2, "import")
    done = await shown(api, token, "f-1", lambda it: not it["file_kept"])
    told = [(it["state"], it["parts"], it["users"]) for it in done["runs"]]
    assert told == [("sent", 1, 0), ("sent", 1, 0)]
    assert await kept(api) == before

    again = await run(api, token, "f-1", "op-f-1", skip_invalid=True)
    assert (again.status, again.body) == (taken.status, taken.body)
    other = await run(api, token, "f-1", "op-f-1", skip_invalid=True, dry_run=True)
    assert (other.status, other.code) == (422, "command_id_reused")
    late = await run(api, token, "f-1", "op-late", skip_invalid=True)
    assert late.status == 202
    gone = await shown(api, token, "f-1", lambda it: it["runs"][-1]["state"] == "refused")
    assert gone["runs"][-1]["code"] == "file_gone"
    listed = (await api.ask("GET", "/v1/imports?limit=200", token)).body["imports"]
    assert "f-1" in {it["id"] for it in listed}
    assert (await api.ask("DELETE", "/v1/imports/f-1", token)).status == 204
    assert (await api.ask("GET", "/v1/imports/f-1", token)).status == 404


async def test_b8_new_people_come_into_the_directory_first(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    file = as_xlsx([HEADINGS, [None, "Nova@riverside.example", "biology-1", None, None, None]])
    without = await checked(api, token, "f-2", file)
    assert without["problems"] == {"unknown_learner": 1}
    [told] = (await api.ask("GET", "/v1/imports/f-2/problems", token)).body["problems"]
    assert "`create_users`" in told["problem"]
    assert "--" not in told["problem"]
    found = await checked(api, token, "f-3", file, create_users="true")
    assert found["counts"]["new_people"] == 1
    await run(api, token, "f-3", "op-f-3")
    report = await ended(api, "op-f-3", token)
    assert (report["state"], report["done"]) == ("completed", 1)
    address = "nova@riverside.example"
    assert len((await users_by_email(api.pool, api.school, [address]))[address]) == 1
    done = await shown(api, token, "f-3", lambda it: not it["file_kept"])
    assert done["runs"][0]["users"] == 1


async def test_b8_an_operation_of_that_id_is_told_by_the_run(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    body = {"operation": "op-taken", "learners": ["u-2"], "courses": ["biology-1"]}
    assert (await api.command("bulk-enroll", token, "t-1", body, wait=30)).status == 200
    await checked(api, token, "f-4", GOOD)
    assert (await run(api, token, "f-4", "op-taken")).status == 202
    found = await shown(api, token, "f-4", lambda it: it["runs"][0]["state"] == "refused")
    assert found["runs"][0]["code"]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "empty_file"),
        (b" \n", "empty_file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not_a_table"),
        (b"<!DOCTYPE html><html>", "not_a_table"),
        (as_csv([[f"c{n}" for n in range(5_000)]]), "too_many_columns"),
        (as_xlsx([[f"c{n}" for n in range(5_000)]]), "too_many_columns"),
        (as_xlsx([HEADINGS])[:-300], "broken_workbook"),
        (as_csv([["email", "course", "password"], ["a@b.c", "biology-1", "x"]]), "password_column"),
        (as_xlsx([["email", "course", "Password"], ["a@b.c", "c", "x"]]), "password_column"),
        (b'email,course,password\n"a@b.c,c,secret\n', "cut_off"),
    ],
)
async def test_b8_what_is_no_table_or_has_passwords_is_refused_and_not_kept(
    api: Api, file: bytes, code: str
) -> None:
    token, before = await api.token(scopes=EVERY), await kept(api)
    got = await sent(api, token, "bad-1", file)
    assert (got.status, got.code) == (400, code)
    assert await kept(api) == before
    assert (await api.ask("GET", "/v1/imports/bad-1", token)).status == 404


async def test_b8_a_bomb_is_not_unpacked(api: Api) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(60 * 1024**2))
    got = await sent(api, await api.token(scopes=EVERY), "bomb", made.getvalue())
    assert (got.status, got.code) == (400, "zip_bomb")


async def test_b8_a_file_cut_off_in_a_quotation_is_told_by_line(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    found = await checked(api, token, "f-5", GOOD + b'"u-1,,biology-1')
    assert (found["problems"], found["counts"]["unusable"]) == ({"cut_off": 1}, True)
    got = await run(api, token, "f-5", "op-f-5", skip_invalid=True)
    assert (got.status, got.code) == (409, "file_unusable")


async def test_b8_every_problem_is_a_line_of_a_safe_file(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    lines = [["u-1", "", f"none-{n}", "", "", ""] for n in range(300)]
    await checked(api, token, "f-6", as_csv([[*HEADINGS[:-1], "score"], *lines]))
    told = await pages(api, "/v1/imports/f-6/problems?limit=200", token, "problems")
    assert [len(it) for it in told] == [200, 100]
    assert [it["line"] for page in told for it in page] == list(range(2, 302))
    url = f"{api.where}/v1/imports/f-6/errors"
    async with api.client.get(url, headers={"Authorization": f"Bearer {token}"}) as got_file:
        text = (await got_file.read()).decode()
    assert text.splitlines()[0] == "line,column,code,problem,harmless"
    assert text.count("unknown_course") == 300


async def test_b1_the_same_key_twice_is_one_import(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    first, second = await sent(api, token, "f-7", GOOD), await sent(api, token, "f-7", GOOD)
    assert (first.status, first.body) == (second.status, second.body)
    for file, params in ((MIXED, {}), (GOOD, {"enroll": "true"})):
        other = await sent(api, token, "f-7", file, **params)
        assert (other.status, other.code) == (422, "command_id_reused")
    found = await keeping.read(api.pool, api.school, "f-7")
    assert found is not None
    arrived = keeping.Arrived(api.school, "f-7", "admin", found.choices, b"other", 1)
    before = await kept(api)
    assert not await keeping.keep(api.pool, arrived, io.BytesIO(b"x"), now())
    assert await kept(api) == before


async def test_b1_a_run_that_was_taken_is_told_again_whatever_became_of_its_import(
    api: Api,
) -> None:
    token = await api.token(scopes=EVERY)
    await checked(api, token, "f-17", GOOD)
    first = await run(api, token, "f-17", "op-f-17", dry_run=True)
    await api.pool.execute(
        "update imports set counts = counts || '{\"unusable\": true}' where import = 'f-17'"
    )
    again = await run(api, token, "f-17", "op-f-17", dry_run=True)
    assert (again.status, again.body) == (first.status, first.body) == (202, first.body)
    other = await run(api, token, "f-17", "op-f-17")
    assert (other.status, other.code) == (422, "command_id_reused")
    assert (await run(api, token, "f-17", "op-new")).code == "file_unusable"


async def test_b8_a_note_is_a_text_whatever_it_says(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    await checked(api, token, "f-18", GOOD, note="true", sheet="false")
    found = await keeping.read(api.pool, api.school, "f-18")
    assert found is not None
    assert (found.choices.note, found.choices.sheet) == ("true", "false")


async def test_b1_the_same_key_at_the_same_moment_is_told(api: Api) -> None:
    token, begun, go_on = await api.token(scopes=EVERY), asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield GOOD[:50]
        begun.set()
        await go_on.wait()
        yield GOOD[50:]

    async def is_told() -> bool:
        """One that is refused at once where no other is coming in."""
        headers = {"Idempotency-Key": "f-8", "Content-Encoding": "gzip"}
        got = await api.ask("POST", "/v1/imports", token, headers, data=b"x")
        return (got.status, got.code) == (409, "in_progress")

    async with asyncio.TaskGroup() as group:
        first = group.create_task(sent(api, token, "f-8", slowly()))
        await begun.wait()
        assert await until(is_told, within=9)
        go_on.set()
    assert first.result().status == 202


async def test_b8_a_file_that_does_not_come_or_is_too_large_is_not_kept(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, before = await api.token(scopes=EVERY), await kept(api)
    monkeypatch.setattr(uploading, "BETWEEN_SECONDS", 0.05)

    async def stuck() -> AsyncIterator[bytes]:
        yield GOOD
        await asyncio.sleep(3_600)

    got = await sent(api, token, "f-9", stuck())
    assert (got.status, got.code) == (408, "too_slow")
    monkeypatch.setattr(uploading, "BETWEEN_SECONDS", 10.0)
    monkeypatch.setattr(uploading, "LARGEST", 10_000)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield bytes(1_000)

    for file in (endless(), bytes(10_001)):
        got = await sent(api, token, "f-9", file)
        assert (got.status, got.code) == (413, "too_large")
    form = {"Idempotency-Key": "f-9", "Content-Type": "multipart/form-data; boundary=x"}
    got = await api.ask("POST", "/v1/imports", token, form, data=b"--x")
    assert (got.status, got.code) == (415, "unsupported_media_type")
    packed = {"Idempotency-Key": "f-9", "Content-Encoding": "gzip"}
    got = await api.ask("POST", "/v1/imports", token, packed, data=b"x")
    assert (got.status, got.code) == (415, "unsupported_encoding")
    assert await kept(api) == before


async def test_b8_an_upload_that_is_cut_off_leaves_nothing_and_may_be_repeated(api: Api) -> None:
    token, before = await api.token(scopes=EVERY), await kept(api)
    reader, writer = await asyncio.open_connection(*api.where.removeprefix("http://").split(":"))
    head = (
        f"POST /v1/imports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        f"Idempotency-Key: f-10\r\nContent-Length: {len(GOOD)}\r\n\r\n"
    )
    writer.write(head.encode() + GOOD[:40])
    await writer.drain()
    writer.close()
    await writer.wait_closed()

    async def repeated() -> bool:
        return (await sent(api, token, "f-10", GOOD)).status == 202

    assert await until(repeated, within=30)
    assert await kept(api) == before + 1
    assert reader.at_eof() or not await reader.read()


async def test_b8_what_is_being_checked_is_neither_run_nor_deleted(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    async with api.pool.acquire() as connection:
        place = api.school, "f-16"
        assert await connection.fetchval(kept_sql("lock"), *place)  # nobody else checks it
        assert (await sent(api, token, "f-16", GOOD, complete="true", enroll="true")).status == 202
        for method, what in (("DELETE", ""), ("GET", "/problems"), ("GET", "/errors")):
            got = await api.ask(method, f"/v1/imports/f-16{what}", token)
            assert (what, got.status, got.headers["Retry-After"]) == (
                what,
                409,
                "1" if what else "5",
            )
        assert (await run(api, token, "f-16", "op-f-16")).code == "still_checking"
        await connection.execute(kept_sql("unlock"), *place)
    assert (await shown(api, token, "f-16", lambda it: it["state"] == "checked"))["problems"] == {}
    assert (await api.ask("DELETE", "/v1/imports/f-16", token)).status == 204


async def test_b8_choices_that_are_none_are_told(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    for params in (
        {"timezone": "Nowhere/Land"},
        {"timezone": "../etc"},
        {"enroll": "perhaps"},
        {"dates": "never"},
        {"reason": "because"},
        {"sheet": "%00"},
        {"note": "%00"},
    ):
        got = await sent(api, token, "f-11", GOOD, **params)
        assert (params, got.status, got.code) == (params, 400, "invalid_request")
    got = await sent(api, token, "f-11", GOOD, encoding="klingon")
    assert (got.status, got.code) == (400, "unknown_encoding")
    for key in ("a/b", "~x"):
        assert (await sent(api, token, key, GOOD)).code == "invalid_request"
    await checked(api, token, "f-11", GOOD)
    headers = {"Idempotency-Key": "op-f-11"}
    for body in ({}, {"send_completion_email": "no"}, RUN | {"start_at": "tomorrow"}):
        got = await api.ask("POST", "/v1/imports/f-11/run", token, headers, json=body)
        assert (got.status, got.code) == (400, "invalid_request")


async def test_a1_a2_a3_administrators_of_the_school_alone(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    await checked(api, token, "f-12", GOOD)
    foreign = await api.token(api.other, scopes=EVERY)
    reads = ("", "/problems", "/errors")
    for what in reads:
        theirs = await api.ask("GET", f"/v1/imports/f-12{what}", foreign)
        nowhere = await api.ask("GET", f"/v1/imports/none{what}", foreign)
        assert theirs.status == 404
        assert without_address(theirs) == without_address(nowhere)
    assert (await run(api, foreign, "f-12", "op-x")).status == 404
    assert (await api.ask("DELETE", "/v1/imports/f-12", foreign)).status == 404
    assert (await api.ask("GET", "/v1/imports", foreign)).body == {"imports": []}

    for level in ("instructor", "reporter", "seat_manager", "user"):
        theirs_ = await api.token(actor=level, scopes=EVERY)
        assert (await sent(api, theirs_, "f-13", GOOD)).code == "not_permitted"
        assert (await api.ask("GET", "/v1/imports/f-12", theirs_)).code == "not_permitted"
        assert (await run(api, theirs_, "f-12", "op-x")).code == "not_permitted"
    commands = await api.token(scopes=["commands", "read"])
    assert (await sent(api, commands, "f-13", GOOD)).code == "not_permitted"

    await Directory(api.pool).put_schools([School(school=api.other, plan="pro")])
    assert (await sent(api, foreign, "f-13", GOOD)).code == "feature_not_available"


async def test_b8_samples_can_be_taken(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    headers = {"Authorization": f"Bearer {token}"}
    for name, begins in (("csv", b"\xef\xbb\xbflearner,email"), ("xlsx", b"PK\x03\x04")):
        for what in ("template", "example"):
            url = f"{api.where}/v1/import-{what}?format={name}"
            async with api.client.get(url, headers=headers) as got:
                assert (await got.read()).startswith(begins)
                assert f'"import-{what}.{name}"' in got.headers["Content-Disposition"]


async def test_b8_a_file_that_processes_die_of_is_given_up(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    await checked(api, token, "f-14", GOOD)
    await api.pool.execute(
        "update imports set tries = 3, state = 'checking', counts = null "
        "where school = $1 and import = 'f-14'",
        api.school,
    )
    found = await shown(api, token, "f-14", lambda it: it["state"] == "checked")
    assert (found["problems"], found["counts"]["unusable"]) == ({"not_readable": 1}, True)


async def test_b8_files_are_forgotten_after_a_day_and_imports_after_a_month(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    await checked(api, token, "f-15", MIXED)
    await Sweeping(api.pool, lambda: now() + timedelta(hours=25), 1).sweep()
    found = (await api.ask("GET", "/v1/imports/f-15", token)).body
    assert (found["file_kept"], await kept(api)) == (False, 0)
    await Sweeping(api.pool, lambda: now() + timedelta(days=31), 1).sweep()
    assert (await api.ask("GET", "/v1/imports/f-15", token)).status == 404
    left = "select count(*) from import_problems where import = 'f-15'"
    assert await api.pool.fetchval(left) == 0
