"""A real PostgreSQL for one test session."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob

import pytest

from tests.servers.process import Server, as_user, find_program, free_port, running, server_folder


@contextmanager
def postgres() -> Iterator[Server]:
    """A server with one owner and one empty database; skips the test where PostgreSQL is not installed."""
    folders = tuple(sorted(glob("/usr/lib/postgresql/*/bin"), reverse=True))
    initdb, program = (find_program(name, folders=folders) for name in ("initdb", "postgres"))
    if not initdb or not program:
        pytest.skip("PostgreSQL's server is not installed")
    import psycopg

    with server_folder() as folder:
        server = Server("127.0.0.1", free_port(), "owner", "s3cret-word", "postgres", "postgresql")
        secret = folder / "password"
        secret.write_text(server.password)
        secret.chmod(0o644)
        data = str(folder / "data")
        secured = [f"--pwfile={secret}", "-A", "scram-sha-256", "-U", server.user]
        subprocess.run(
            [initdb, "-D", data, *secured, "-E", "UTF8", "--locale=C", "--no-sync"],
            check=True,
            capture_output=True,
            **as_user(),  # type: ignore[call-overload]
        )

        def is_up() -> bool:
            try:
                psycopg.connect(server.url, connect_timeout=2).close()
            except psycopg.OperationalError:
                return False
            return True

        command = [program, "-D", data, "-p", str(server.port), "-h", server.host, "-F"]
        with running([*command, "-k", str(folder)], folder / "log", is_up, stop=signal.SIGINT):
            yield server
