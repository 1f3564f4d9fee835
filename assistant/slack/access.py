"""Who may ask: full members of this team, in channels that belong to it, as the settings say."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.slack.calls import patient
from assistant.slack.reach import is_direct
from feedback.people import Person

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from assistant.settings import Settings

T = TypeVar("T")
REMEMBERED_S = 600.0


class Access:
    """Looks people, channels and groups up in Slack, and remembers them for ten minutes."""

    def __init__(self, client: "AsyncWebClient", settings: "Settings", team: str) -> None:
        self._client = client
        self._settings = settings
        self._team = team
        self._known: dict[tuple[str, str], tuple[float, Any]] = {}
        self._asking: dict[tuple[str, str], asyncio.Future[Any]] = {}

    async def refusal(self, user: str, channel: str) -> str:
        """Why this person may not ask here, in a sentence; empty where they may."""
        allowed = self._settings.slack_channels
        if not is_direct(channel):
            if allowed and channel not in allowed:
                return "I am not set up to answer in this channel; send me a direct message instead."
            if await self._is_shared(channel):
                return "This channel is shared with another organisation, so I do not answer here."
        who = await self._user(user)
        if who.get("deleted") or who.get("is_bot"):
            return "I answer people alone."
        foreign = who.get("is_stranger") or who.get("team_id", self._team) != self._team
        if foreign or who.get("is_restricted") or who.get("is_ultra_restricted"):
            return "I answer full members of this team alone; ask one of them to ask me."
        groups = self._settings.slack_groups
        if groups and not any([user in await self._members(group) for group in groups]):
            return (
                "I answer members of some user groups alone, and you are in none of them; ask the data team."
            )
        return ""

    async def groups(self) -> Mapping[str, frozenset[str]]:
        """The members of the groups that `slack_restricted` names."""
        names = {group for allowed in self._settings.slack_restricted.values() for group in allowed}
        return {group: await self._members(group) for group in sorted(names)}

    async def person(self, user: str) -> Person:
        """With the name that Slack shows for them."""
        who = await self._user(user)
        profile = who.get("profile") or {}
        name = profile.get("display_name") or who.get("real_name") or who.get("name") or user
        return Person(user, str(name)[:120])

    async def _user(self, user: str) -> dict[str, Any]:
        async def look() -> dict[str, Any]:
            return dict((await patient(self._client.users_info, user=user))["user"])

        return await self._remembered("user", user, look)

    async def _is_shared(self, channel: str) -> bool:
        async def look() -> bool:
            found = (await patient(self._client.conversations_info, channel=channel))["channel"]
            return bool(found.get("is_ext_shared") or found.get("is_pending_ext_shared"))

        return await self._remembered("channel", channel, look)

    async def _members(self, group: str) -> frozenset[str]:
        async def look() -> frozenset[str]:
            return frozenset((await patient(self._client.usergroups_users_list, usergroup=group))["users"])

        return await self._remembered("group", group, look)

    async def _remembered(self, kind: str, name: str, look: Callable[[], Awaitable[T]]) -> T:
        """Looked up once, also where several ask at the same time."""
        key = (kind, name)
        at, known = self._known.get(key, (0.0, None))
        if at and time.monotonic() - at < REMEMBERED_S:
            return known  # type: ignore[no-any-return]
        if key not in self._asking:
            self._asking[key] = asyncio.ensure_future(look())
        asking = self._asking[key]
        try:
            found = await asyncio.shield(asking)
        finally:
            if asking.done():
                self._asking.pop(key, None)
        self._known[key] = (time.monotonic(), found)
        return found  # type: ignore[no-any-return]
