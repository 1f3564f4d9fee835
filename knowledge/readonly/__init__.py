"""One way per database to open it read-only, to run one statement, and to cancel it at its time limit."""

from knowledge.readonly.door import Door, Limits
from knowledge.readonly.duckdb import DuckDBDoor
from knowledge.readonly.mysql import MySQLDoor
from knowledge.readonly.postgres import PostgresDoor
from knowledge.readonly.running import Cancellation, EndedError, Running
from knowledge.readonly.sqlite import SQLiteDoor

DOORS: tuple[Door, ...] = (SQLiteDoor(), PostgresDoor(), MySQLDoor(), DuckDBDoor())

__all__ = ["DOORS", "Cancellation", "Door", "EndedError", "Limits", "Running"]
