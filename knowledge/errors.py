"""Every error a person may meet. Each message is one sentence that names the remedy."""


class QuarryError(Exception):
    """Base of all expected errors; the command line prints its message without a traceback."""

    exit_code = 1


class SettingsError(QuarryError):
    """The workspace, a setting or a YAML file is missing or wrong."""

    exit_code = 3


class DatabaseError(QuarryError):
    """The database cannot be opened, reached or read."""

    exit_code = 4


class ModelError(QuarryError):
    """The model file or the model server cannot be used."""

    exit_code = 5


class IndexingError(QuarryError):
    """The index is missing, unfinished or made by another embedder."""

    exit_code = 6


class TrainingError(QuarryError):
    """A specialist cannot be trained from what the workspace holds."""


class QueryError(QuarryError):
    """The database refused a statement, in its own words; the agent repairs, records keep it."""


class QueryTimeoutError(QueryError):
    """A statement ran past its time limit and was cancelled."""


class QueryCancelledError(QueryError):
    """A statement was cancelled by the person or the program that had asked for it."""


class QueryTooLargeError(QueryError):
    """The rows of a statement, or one of their values, take more memory than they may."""


class QueryTooCostlyError(QueryError):
    """By the database's own estimate a statement would read far more rows than it may; it was not run."""


class QuestionError(QuarryError):
    """The question itself cannot be taken: empty, or far too long."""

    exit_code = 2
