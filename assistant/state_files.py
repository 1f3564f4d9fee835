"""Where a workspace keeps its state: all of it is made anew by `quarry index` and `quarry mine`."""

from pathlib import Path


class StateFiles:
    """The files and folders in `state`, the workspace's `.quarry/`."""

    state: Path

    @property
    def known_path(self) -> Path:
        return self.state / "known.json"

    @property
    def profiles_path(self) -> Path:
        return self.state / "profiles.json"

    @property
    def patterns_path(self) -> Path:
        return self.state / "patterns.json"

    @property
    def keys_path(self) -> Path:
        return self.state / "keys.json"

    @property
    def values_path(self) -> Path:
        return self.state / "values.json"

    @property
    def index_path(self) -> Path:
        return self.state / "index"
