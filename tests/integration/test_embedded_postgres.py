"""The embedded PostgreSQL is the truth's home: nothing that it acknowledged may go missing."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import asyncpg
import pytest

from services.runtime.embedded import EmbeddedPostgres, Server, ServerError
from tests.support.servers import TEST_SETTINGS, server_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def folder() -> Iterator[Path]:
    with server_folder() as folder:
        yield folder


def _server(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder, settings=TEST_SETTINGS)


async def _run(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _value(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_data_and_address_survive_a_restart_by_another_process(folder: Path) -> None:
    async with _server(folder) as first:
        url = first.url
        await _run(url, "CREATE TABLE kept AS SELECT 1 AS one")
    async with _server(folder) as second:
        assert second.url == url
        assert await _value(url, "SELECT one FROM kept") == 1


@pytest.mark.parametrize("how", ["immediate", "kill -9"])
async def test_acknowledged_rows_survive_a_crash(folder: Path, how: str) -> None:
    async with _server(folder) as server:
        await _run(server.url, "CREATE TABLE kept (n int)")
        acknowledged = 0
        busy = await asyncpg.connect(server.url)
        for n in range(50):
            await busy.execute("INSERT INTO kept VALUES ($1)", n)
            acknowledged += 1
        if how == "immediate":
            await server.stop(immediate=True)
        else:
            await server.kill()
        assert not server.running
        busy.terminate()
        await server.start()
        assert await _value(server.url, "SELECT count(*) FROM kept") == acknowledged
    assert "automatic recovery" in server.log.read_text()


async def test_a_pid_file_of_a_stranger_does_not_hinder_a_start(folder: Path) -> None:
    async with _server(folder) as server:
        pass
    owner = (folder / "cluster").stat().st_uid
    stranger = await asyncio.create_subprocess_exec(
        "/bin/sleep", "60", user=owner if os.geteuid() == 0 else None
    )
    try:
        stale = f"{stranger.pid}\n{folder / 'cluster'}\n0\n5432\n\n127.0.0.1\n\nready\n"
        (folder / "cluster" / "postmaster.pid").write_text(stale)
        async with server:
            assert await _value(server.url, "SELECT 1") == 1
    finally:
        stranger.kill()
        await stranger.wait()


async def test_a_second_server_on_the_same_folder_is_refused_and_harms_nothing(
    folder: Path,
) -> None:
    async with _server(folder) as first:
        second = EmbeddedPostgres(folder, settings=TEST_SETTINGS, patience=0.2)
        with pytest.raises(ServerError) as refused:
            await second.start()
        assert refused.value.code == "data_folder_in_use"
        assert await _value(first.url, "SELECT 1") == 1


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit"])
async def test_writes_are_durable(postgres: EmbeddedPostgres, name: str) -> None:
    assert await _value(postgres.url, f"SHOW {name}") == "on"


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "listen_addresses"])
def test_nobody_can_turn_safety_off(folder: Path, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        EmbeddedPostgres(folder, settings={name: "off"})


async def test_a_wrong_password_is_refused(postgres: EmbeddedPostgres) -> None:
    host, _, database = postgres.url.partition("@")[2].partition("/")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(f"postgresql://coursemark:guess@{host}/{database}")
    assert (postgres.folder / "password").stat().st_mode & 0o777 == 0o600


async def test_it_listens_on_the_loopback_interface_alone(postgres: EmbeddedPostgres) -> None:
    assert await _value(postgres.url, "SHOW listen_addresses") == "127.0.0.1"
    assert await _value(postgres.url, "SHOW unix_socket_directories") == ""


async def test_a_start_that_fails_says_why(folder: Path) -> None:
    server = EmbeddedPostgres(folder, settings={"shared_buffers": "a lot"})
    with pytest.raises(ServerError) as failed:
        await server.start()
    assert failed.value.code == "server_failed"
    assert "invalid value for parameter" in str(failed.value)
    assert not server.running


async def test_two_servers_run_side_by_side(folder: Path) -> None:
    servers: list[Server] = [_server(folder / name) for name in ("a", "b")]
    await asyncio.gather(*(server.start() for server in servers))
    try:
        assert len({server.pid for server in servers}) == 2
    finally:
        await asyncio.gather(*(server.stop() for server in servers))


async def test_each_test_gets_a_database_of_its_own(
    postgres: EmbeddedPostgres, empty_database_url: str
) -> None:
    assert empty_database_url != postgres.url
    assert (
        await _value(empty_database_url, "SELECT count(*) FROM pg_tables WHERE schemaname='public'")
        == 0
    )
