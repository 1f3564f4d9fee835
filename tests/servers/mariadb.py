"""A real MariaDB for one test session."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.servers.process import Server, as_user, find_program, free_port, running, server_folder

FOLDERS = ("/usr/sbin", "/usr/local/sbin")


@contextmanager
def mariadb() -> Iterator[Server]:
    """A server with one owner and one empty database; skips the test where MariaDB is not installed."""
    install = find_program("mariadb-install-db", "mysql_install_db", folders=FOLDERS)
    program = find_program("mariadbd", folders=FOLDERS)
    if not install or not program:
        pytest.skip("MariaDB's server is not installed")
    import pymysql

    with server_folder() as folder:
        server = Server("127.0.0.1", free_port(), "owner", "s3cret-word", "shop", "mysql")
        data = f"--datadir={folder / 'data'}"
        subprocess.run(
            [install, "--no-defaults", data, "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=True,
            capture_output=True,
            **as_user(),  # type: ignore[call-overload]
        )
        begin = folder / "begin.sql"
        begin.write_text(
            f"CREATE DATABASE {server.database};\n"
            f"CREATE USER '{server.user}'@'%' IDENTIFIED BY '{server.password}';\n"
            f"GRANT ALL ON *.* TO '{server.user}'@'%';\n"
        )
        begin.chmod(0o644)

        def is_up() -> bool:
            try:
                connect(server).close()
            except pymysql.MySQLError:
                return False
            return True

        command = [program, "--no-defaults", data, f"--port={server.port}", f"--bind-address={server.host}"]
        command += [f"--socket={folder / 'socket'}", f"--init-file={begin}", f"--pid-file={folder / 'pid'}"]
        command += [
            "--innodb-buffer-pool-size=16M",
            "--skip-name-resolve",
            "--innodb-flush-log-at-trx-commit=0",
        ]
        with running(command, folder / "log", is_up):
            yield server


def connect(server: Server) -> "pymysql.Connection":  # type: ignore[name-defined]  # noqa: F821
    """A connection that may write, for preparing a test."""
    import pymysql

    return pymysql.connect(
        host=server.host,
        port=server.port,
        user=server.user,
        password=server.password,
        database=server.database,
        autocommit=True,
        connect_timeout=2,
    )
