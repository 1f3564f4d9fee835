"""A database that a suite brings along (Spider's, BIRD's): a workspace without knowledge, made for it."""

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.workspace import Workspace


def foreign_workspace(home: "Workspace", database: str, today: dt.date | None) -> "Workspace":
    """Its state is kept in the home's, by database, and indexed the first time. It shares the home's model.

    Raises DatabaseError where the database cannot be opened.
    """
    folder = home.state / "databases" / hashlib.sha256(database.encode()).hexdigest()[:16]
    (folder / "knowledge").mkdir(parents=True, exist_ok=True)
    said = {"database": database, "exclude": (), "knowledge": "knowledge", "today": today}
    made = home.elsewhere(folder, home.settings.model_copy(update=said))
    made.prepare_alone()
    return made
