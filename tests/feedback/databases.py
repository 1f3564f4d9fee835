"""Empty databases for a log, on a real server."""

from itertools import count

from tests.servers.process import Server

_NUMBERS = count(1)


def fresh_database(server: Server) -> str:
    """A new database on the server, as the URL of SQLAlchemy's psycopg."""
    import psycopg

    name = f"feedback{next(_NUMBERS)}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    plain, _, _ = server.url.rpartition("/")
    return f"{plain}/{name}".replace("postgresql://", "postgresql+psycopg://")
