"""The small shop, with all that a hostile statement could reach for, in each of the databases."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.conftest import SHOP_SQL
from tests.servers import mariadb as mariadb_server
from tests.servers.process import Server

LOOT = "quarry_loot"


@dataclass(frozen=True)
class Shop:
    """`snapshot` tells all that a statement must not change, of the data and of the server."""

    url: str
    snapshot: Callable[[], Any]


def in_sqlite(folder: Path) -> Shop:
    path = folder / "shop.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            SHOP_SQL
            + """
            CREATE INDEX by_city ON customers (city);
            CREATE VIEW london AS SELECT name FROM customers WHERE city = 'London';
            CREATE TRIGGER into_london INSTEAD OF INSERT ON london BEGIN DELETE FROM orders; END;
            CREATE TABLE numbers (number INTEGER PRIMARY KEY AUTOINCREMENT);
            INSERT INTO numbers DEFAULT VALUES;
            ANALYZE;
            """
        )
    connection.close()
    return Shop(f"sqlite:///{path}", lambda: _files(folder))


def in_duckdb(folder: Path) -> Shop:
    import duckdb

    path = folder / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(SHOP_SQL)
        connection.execute("CREATE VIEW london AS SELECT name FROM customers WHERE city = 'London'")
        connection.execute("CREATE SEQUENCE numbers")
        connection.execute("CREATE MACRO leak(path) AS TABLE SELECT * FROM read_text(path)")
        connection.execute("CREATE MACRO waits() AS nextval('numbers')")
    return Shop(f"duckdb:///{path}", lambda: _files(folder))


def in_postgres(server: Server) -> Shop:
    """In a database of its own; it goes when the server goes."""
    import psycopg

    there = replace(server, database="hostile")
    with psycopg.connect(server.url, autocommit=True) as owner:
        owner.execute("CREATE DATABASE hostile")
    connection = psycopg.connect(there.url, autocommit=True)
    connection.execute(SHOP_SQL.encode())
    connection.execute(_POSTGRES.encode())
    return Shop(there.url, lambda: connection.execute(_POSTGRES_STATE).fetchall())


def in_mariadb(server: Server) -> Shop:
    """In a database of its own; it goes when the server goes."""
    with mariadb_server.connect(server) as owner, owner.cursor() as cursor:
        cursor.execute("CREATE DATABASE hostile")
    there = replace(server, database="hostile")
    connection = mariadb_server.connect(there)

    def told(statements: Iterable[str]) -> list[Any]:
        with connection.cursor() as cursor:
            found = []
            for statement in statements:
                cursor.execute(statement)
                found.append(cursor.fetchall())
            return found

    told([*(one for one in SHOP_SQL.split(";") if one.strip()), *_MARIADB])
    return Shop(there.url, lambda: told(_MARIADB_STATE))


def _files(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


_POSTGRES = """
CREATE INDEX by_city ON customers (city);
CREATE VIEW london AS SELECT name FROM customers WHERE city = 'London';
CREATE SEQUENCE numbers;
CREATE FUNCTION sneaky() RETURNS INTEGER LANGUAGE plpgsql AS
  'BEGIN DELETE FROM orders; RETURN 1; END';
CREATE FUNCTION sly() RETURNS INTEGER STABLE LANGUAGE plpgsql AS
  'BEGIN DELETE FROM orders; RETURN 1; END';
CREATE FUNCTION into_london() RETURNS TRIGGER LANGUAGE plpgsql AS
  'BEGIN DELETE FROM orders; RETURN NEW; END';
CREATE TRIGGER into_london INSTEAD OF INSERT ON london FOR EACH ROW EXECUTE FUNCTION into_london();
CREATE PROCEDURE wipe() LANGUAGE sql AS 'DELETE FROM orders';
"""
_POSTGRES_STATE = """
SELECT (SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM orders t),
  (SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM customers t),
  (SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM products t),
  (SELECT md5(string_agg(concat(relname, relkind, relfilenode), '|' ORDER BY oid)) FROM pg_class
   WHERE relnamespace = 'public'::regnamespace),
  (SELECT count(*) FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'),
  (SELECT md5(string_agg(proname::text, '|' ORDER BY oid)) FROM pg_proc),
  (SELECT last_value || is_called::text FROM numbers),
  (SELECT count(*) FROM pg_largeobject_metadata),
  (SELECT count(*) FROM pg_replication_slots), (SELECT count(*) FROM pg_prepared_xacts),
  (SELECT md5(string_agg(concat(rolname, rolsuper), '|' ORDER BY rolname)) FROM pg_roles),
  (SELECT count(*) FROM pg_db_role_setting), (SELECT count(*) FROM pg_database),
  (SELECT count(*) FROM pg_publication), (SELECT count(*) FROM pg_event_trigger),
  (SELECT count(*) FROM pg_extension), (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'),
  (SELECT md5(string_agg(concat(name, setting), '|' ORDER BY name)) FROM pg_file_settings)
"""
_MARIADB = (
    "CREATE VIEW london AS SELECT name FROM customers WHERE city = 'London'",
    "CREATE SEQUENCE numbers",
    "CREATE FUNCTION sneaky() RETURNS INTEGER BEGIN DELETE FROM orders; RETURN 1; END",
    "CREATE PROCEDURE wipe() DELETE FROM orders",
)
_MARIADB_STATE = (
    "CHECKSUM TABLE orders, customers, products",
    "SELECT table_schema, table_name, table_type FROM information_schema.tables ORDER BY 1, 2",
    "SELECT column_name FROM information_schema.columns WHERE table_schema = 'hostile' ORDER BY 1",
    "SELECT index_name FROM information_schema.statistics WHERE table_schema = 'hostile' ORDER BY 1",
    "SELECT routine_name FROM information_schema.routines WHERE routine_schema = 'hostile' ORDER BY 1",
    "SELECT trigger_name FROM information_schema.triggers ORDER BY 1",
    "SELECT event_name FROM information_schema.events ORDER BY 1",
    "SELECT user, host FROM mysql.user ORDER BY 1, 2",
    "SELECT next_not_cached_value FROM numbers",
    "SELECT variable_name, variable_value FROM information_schema.global_variables"
    " WHERE variable_name NOT LIKE '%gtid%' AND variable_name NOT LIKE '%timestamp%' ORDER BY 1",
    "SELECT IS_FREE_LOCK('loot')",
)
