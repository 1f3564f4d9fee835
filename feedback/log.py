"""All of one feedback database, behind one door."""

from feedback.audit import Audit
from feedback.corrections import Corrections
from feedback.database import FeedbackDatabase
from feedback.jobs import Jobs
from feedback.news import News
from feedback.notices import Notices
from feedback.people import names
from feedback.posts import Posts
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
        self.jobs = Jobs(database)
        self.posts = Posts(database)
        self.news = News(database)
        self.audit = Audit(database)

    def names(self) -> dict[str, str]:
        """Id -> name of the people who have one."""
        with self.database.read() as connection:
            return names(connection)

    def close(self) -> None:
        self.database.close()
