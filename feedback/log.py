"""All of one feedback database, behind one door."""

from feedback.corrections import Corrections
from feedback.database import FeedbackDatabase
from feedback.notices import Notices
from feedback.people import names
from feedback.queue import Queue
from feedback.reviews import Reviews
from feedback.turns import Turns
from feedback.votes import Votes


class Feedback:
    """All of one feedback database. `dialect` is that of the SQL in the turns."""

    def __init__(self, database: FeedbackDatabase, dialect: str = "") -> None:
        self.database = database
        self.turns = Turns(database, dialect)
        self.votes = Votes(database)
        self.corrections = Corrections(database)
        self.reviews = Reviews(database)
        self.queue = Queue(database)
        self.notices = Notices(database)

    def names(self) -> dict[str, str]:
        """Id -> name of the people who have one."""
        with self.database.read() as connection:
            return names(connection)

    def close(self) -> None:
        self.database.close()
