"""The server itself, in a thread of its own; tests speak to it as people do: mention, click, submit."""

import asyncio
import itertools
import json
import random
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import WSMsgType, web

from tests.servers.slack.limits import message_problem, view_problem

T = TypeVar("T")
BOT_TOKEN, APP_TOKEN = "xoxb-loopback", "xapp-loopback"
BOT, TEAM = "U0BOT", "T0TEAM"
TRIGGER_S = 3.0
SCOPES = (
    "app_mentions:read,assistant:write,channels:history,channels:read,chat:write,files:read,files:write,"
    "groups:history,groups:read,im:history,im:read,im:write,usergroups:read,users:read"
)


@dataclass
class Faults:
    """Shares of calls or events with which something goes wrong, and how long an acknowledgement may take.

    `lost` answers are those of calls that were done: the connection breaks before the app hears of it.
    """

    too_many: float = 0.0
    broken: float = 0.0
    lost: float = 0.0
    twice: float = 0.0
    closing: float = 0.0
    retry_after_s: int = 1
    ack_s: float = 5.0
    methods: frozenset[str] = frozenset()

    def hits(self, share: float, method: str, draw: random.Random) -> bool:
        return bool(share) and (not self.methods or method in self.methods) and draw.random() < share


@dataclass
class LoopbackSlack:
    """What Slack knows. `calls` holds each call of the Web API with the time it came."""

    port: int = 0
    faults: Faults = field(default_factory=Faults)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    whispers: list[dict[str, Any]] = field(default_factory=list)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    statuses: list[tuple[float, str, str, str]] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    calls: list[tuple[float, str, dict[str, Any]]] = field(default_factory=list)
    acks: dict[str, Any] = field(default_factory=dict)
    sent: dict[str, float] = field(default_factory=dict)
    old: bool = False
    _sockets: list[web.WebSocketResponse] = field(default_factory=list)
    _waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    _triggers: dict[str, float] = field(default_factory=dict)
    _uploads: dict[str, dict[str, Any]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _draw: random.Random = field(default_factory=lambda: random.Random(3))
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    # What people do.

    def mention(self, user: str, channel: str, text: str, thread: str = "", *, wait: bool = True) -> str:
        """Mention the app in a channel: the event comes as app_mention and as message. Gives its ts."""
        ts = self._say(user, channel, f"<@{BOT}> {text}", thread)
        event = {"user": user, "channel": channel, "text": f"<@{BOT}> {text}", "ts": ts}
        event |= {"thread_ts": thread} if thread else {}
        self._send({"type": "app_mention", **event}, wait=wait)
        self._send({"type": "message", "channel_type": "channel", **event}, wait=wait)
        return ts

    def say(self, user: str, channel: str, text: str, thread: str = "", **more: Any) -> str:
        """Write in a channel or a direct message without mentioning anybody."""
        ts = self._say(user, channel, text, thread)
        kind = "im" if channel.startswith("D") else "channel"
        event = {"type": "message", "channel_type": kind, "user": user, "channel": channel, "text": text}
        event |= {"ts": ts, **({"thread_ts": thread} if thread else {}), **more}
        self._send(event)
        return ts

    def click(self, user: str, message: Mapping[str, Any], action: str, value: str = "") -> None:
        """Click a button, or a thumb by its value."""
        found = next(e for e in _elements(message.get("blocks", ())) if e["action_id"] == action)
        told = {"type": found["type"], "action_id": action, "block_id": "b", "action_ts": self._ts()}
        told["value"] = value or found.get("value", "")
        channel = str(message["channel"])
        self._interact(
            user,
            {
                "type": "block_actions",
                "trigger_id": self._trigger(),
                "container": {"type": "message", "message_ts": message["ts"], "channel_id": channel},
                "channel": {"id": channel, "name": channel},
                "message": dict(message),
                "actions": [told],
            },
        )

    def submit(self, user: str, view: Mapping[str, Any], **values: str) -> Any:
        """Hand a window in. Gives what the app answers: None, or errors by field."""
        state: dict[str, Any] = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                name, element = block["block_id"], block["element"]
                given = values.get(name, element.get("initial_value"))
                if element["type"] == "radio_buttons":
                    chosen = values.get(name) or element["initial_option"]["value"]
                    state[name] = {name: {"type": "radio_buttons", "selected_option": {"value": chosen}}}
                else:
                    state[name] = {name: {"type": "plain_text_input", "value": given}}
        told = {**view, "state": {"values": state}}
        return self._interact(
            user, {"type": "view_submission", "trigger_id": self._trigger(), "view": told}, payload=True
        )

    def open_home(self, user: str) -> None:
        self._send({"type": "app_home_opened", "user": user, "channel": f"D{user}", "tab": "home"})

    def direct(self, user: str) -> str:
        return f"D{user[1:]}"

    # What tests look at.

    def of_bot(self, channel: str, thread: str = "") -> list[dict[str, Any]]:
        """What the app wrote there."""
        found = [m for m in self.messages.get(channel, ()) if m["user"] == BOT]
        return [m for m in found if not thread or m.get("thread_ts") == thread]

    def wait(self, look: Callable[[], T], seconds: float = 20.0) -> T:
        """Until `look` gives something."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found := look():
                return found
            time.sleep(0.02)
        raise AssertionError(f"waited {seconds} s in vain; refused so far: {self.refused[-3:]}")

    def close_sockets(self) -> None:
        """As Slack does now and then."""
        self._run(self._close())

    # Events on their way to the app.

    def _say(self, user: str, channel: str, text: str, thread: str) -> str:
        ts = self._ts()
        message = {"user": user, "text": text, "ts": ts, "channel": channel}
        message |= {"thread_ts": thread} if thread else {}
        self.messages.setdefault(channel, []).append(message)
        return ts

    def _send(self, event: dict[str, Any], *, wait: bool = True) -> None:
        number = next(self._numbers)
        body = {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": "A0",
            "event_id": f"Ev{number:08}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
            "is_ext_shared_channel": bool(
                self.channels.get(str(event.get("channel")), {}).get("is_ext_shared")
            ),
            "event": event,
        }
        self.sent.setdefault(str(event.get("ts", "")), time.monotonic())
        task = self._deliver("events_api", body)
        if wait:
            self._run(task)
        else:
            asyncio.run_coroutine_threadsafe(task, self._loop)

    def _interact(self, user: str, body: dict[str, Any], *, payload: bool = False) -> Any:
        whole = {"user": {"id": user, "team_id": TEAM}, "team": {"id": TEAM}, "api_app_id": "A0", **body}
        return self._run(self._deliver("interactive", whole, payload=payload))

    async def _deliver(self, kind: str, body: dict[str, Any], *, payload: bool = False) -> Any:
        """Until it is acknowledged: again after `ack_s`, to any of the connections, as Slack does."""
        envelope = f"E{next(self._numbers)}"
        for attempt in range(12):
            waiting = self._waiting.setdefault(envelope, self._loop.create_future())
            told = {"envelope_id": envelope, "type": kind, "payload": body}
            told["accepts_response_payload"] = payload
            if attempt:
                told |= {"retry_attempt": attempt, "retry_reason": "timeout"}
            twice = 2 if self.faults.hits(self.faults.twice, kind, self._draw) else 1
            for _ in range(twice):
                await self._push(told)
            try:
                return await asyncio.wait_for(asyncio.shield(waiting), self.faults.ack_s)
            except TimeoutError:
                continue
        raise AssertionError("an event was never acknowledged")

    async def _push(self, told: dict[str, Any]) -> None:
        for _ in range(400):
            open_ = [socket for socket in self._sockets if not socket.closed]
            if open_:
                socket = self._draw.choice(open_)
                try:
                    await socket.send_str(json.dumps(told))
                except ConnectionError:
                    continue
                if self.faults.hits(self.faults.closing, "socket", self._draw):
                    await socket.close()
                return
            await asyncio.sleep(0.05)

    async def _close(self) -> None:
        for socket in list(self._sockets):
            await socket.close()

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str(json.dumps({"type": "hello", "num_connections": len(self._sockets) + 1}))
        self._sockets.append(socket)
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT and message.data.startswith("{"):
                    told = json.loads(message.data)
                    waiting = self._waiting.get(told.get("envelope_id", ""))
                    if waiting is not None and not waiting.done():
                        waiting.set_result(told.get("payload"))
        finally:
            self._sockets.remove(socket)
        return socket

    # The Web API.

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        given = await _given(request)
        self.calls.append((time.monotonic(), method, given))
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token != (APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN):
            return web.json_response({"ok": False, "error": "invalid_auth"})
        faults = self.faults
        if faults.hits(faults.too_many, method, self._draw):
            after = {"Retry-After": str(faults.retry_after_s)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=after)
        if faults.hits(faults.broken, method, self._draw):
            return web.json_response({"ok": False, "error": "internal_error"}, status=503)
        deed = getattr(self, "_" + method.replace(".", "_"), None)
        answer = {"ok": False, "error": "unknown_method"} if deed is None else deed(given)
        if not answer.get("ok", True):
            self.refused.append(f"{method}: {answer['error']} {answer.get('why', '')}")
        if faults.hits(faults.lost, method, self._draw) and request.transport is not None:
            request.transport.close()
        return web.json_response({"ok": True} | answer, headers={"x-oauth-scopes": SCOPES})

    def _auth_test(self, given: dict[str, Any]) -> dict[str, Any]:
        return {
            "url": self.api,
            "team": "Loopback",
            "user": "quarry",
            "team_id": TEAM,
            "user_id": BOT,
            "bot_id": "B0",
        }

    def _apps_connections_open(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"url": f"ws://127.0.0.1:{self.port}/link?ticket={next(self._numbers)}"}

    def _chat_postMessage(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        blocks = _json(given.get("blocks"), [])
        if self.old and any(b["type"] in ("table", "data_visualization", "context_actions") for b in blocks):
            return {"ok": False, "error": "invalid_blocks"}
        if problem := message_problem(str(given.get("text", "")), blocks):
            return {"ok": False, "error": problem.partition(":")[0], "why": problem}
        message = {"user": BOT, "text": given.get("text", ""), "blocks": blocks, "ts": self._ts()}
        message |= {"channel": given["channel"], "metadata": _json(given.get("metadata"), {})}
        message |= {"at": time.monotonic()}
        message |= {"thread_ts": given["thread_ts"]} if given.get("thread_ts") else {}
        self.messages.setdefault(str(given["channel"]), []).append(message)
        return {"channel": given["channel"], "ts": message["ts"], "message": message}

    def _chat_update(self, given: dict[str, Any]) -> dict[str, Any]:
        blocks = _json(given.get("blocks"), [])
        if problem := message_problem(str(given.get("text", "")), blocks):
            return {"ok": False, "error": problem.partition(":")[0], "why": problem}
        for message in self.messages.get(str(given["channel"]), ()):
            if message["ts"] == given["ts"] and message["user"] == BOT:
                message |= {"text": given.get("text", ""), "blocks": blocks, "edited": True}
                return {"channel": given["channel"], "ts": message["ts"]}
        return {"ok": False, "error": "message_not_found"}

    def _chat_postEphemeral(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self.whispers.append(given)
        return {"message_ts": self._ts()}

    def _conversations_replies(self, given: dict[str, Any]) -> dict[str, Any]:
        ts = given["ts"]
        found = [m for m in self.messages.get(given["channel"], ()) if ts in (m["ts"], m.get("thread_ts"))]
        return {"messages": found}

    def _conversations_history(self, given: dict[str, Any]) -> dict[str, Any]:
        found = [m for m in self.messages.get(given["channel"], ()) if "thread_ts" not in m]
        return {"messages": found[::-1][: int(given.get("limit", 100))]}

    def _conversations_open(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {"id": self.direct(given["users"])}}

    def _conversations_info(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {"id": given["channel"], **self.channels.get(given["channel"], {})}}

    def _users_info(self, given: dict[str, Any]) -> dict[str, Any]:
        user = given["user"]
        return {"user": {"id": user, "team_id": TEAM, "real_name": user.title(), **self.users.get(user, {})}}

    def _usergroups_users_list(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"users": self.groups.get(given["usergroup"], [])}

    def _assistant_threads_setStatus(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        told = (given["channel_id"], given["thread_ts"], given["status"])
        self.statuses.append((time.monotonic(), *map(str, told)))
        return {}

    def _views_open(self, given: dict[str, Any]) -> dict[str, Any]:
        begun = self._triggers.pop(str(given.get("trigger_id")), None)
        if begun is None or time.monotonic() - begun > TRIGGER_S:
            return {"ok": False, "error": "expired_trigger_id"}
        return self._keep_view(f"V{next(self._numbers)}", given)

    def _views_update(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._keep_view(str(given["view_id"]), given)

    def _views_publish(self, given: dict[str, Any]) -> dict[str, Any]:
        answer = self._keep_view(f"H{given['user_id']}", given)
        if "view" in answer:
            self.homes[str(given["user_id"])] = answer["view"]
        return answer

    def _keep_view(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        view = _json(given.get("view"), {})
        if problem := view_problem(view):
            return {"ok": False, "error": "invalid_arguments", "why": problem}
        self.views[name] = {**view, "id": name}
        return {"view": self.views[name]}

    def _files_getUploadURLExternal(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        name = f"F{next(self._numbers)}"
        self._uploads[name] = {"id": name, "filename": given["filename"]}
        return {"upload_url": f"http://127.0.0.1:{self.port}/upload/{name}", "file_id": name}

    def _files_completeUploadExternal(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        found = [self._uploads[one["id"]] | one for one in _json(given["files"], [])]
        for one in found:
            self.files.append(
                {**one, "channel": given.get("channel_id"), "thread_ts": given.get("thread_ts")}
            )
        return {"files": [{"id": one["id"], "title": one.get("title", "")} for one in found]}

    def _files_info(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"file": {"id": given["file"], "mimetype": "image/png"}}

    async def _upload(self, request: web.Request) -> web.Response:
        self._uploads[request.match_info["name"]]["content"] = await request.read()
        return web.Response(text="OK")

    # The thread.

    def _ts(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):06}"

    def _trigger(self) -> str:
        name = f"trigger{next(self._numbers)}"
        self._triggers[name] = time.monotonic()
        return name

    def _run(self, deed: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(deed, self._loop).result(120)

    async def _serve(self, ready: threading.Event) -> web.AppRunner:
        app = web.Application(client_max_size=20_000_000)
        app.router.add_post("/api/{method}", self._call)
        app.router.add_get("/api/{method}", self._call)
        app.router.add_get("/link", self._socket)
        app.router.add_post("/upload/{name}", self._upload)
        runner = web.AppRunner(app, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        assert site._server is not None
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        ready.set()
        return runner


@contextmanager
def slack() -> Iterator[LoopbackSlack]:
    """A running loopback Slack."""
    made, ready = LoopbackSlack(), threading.Event()
    thread = threading.Thread(target=made._loop.run_forever, name="slack", daemon=True)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(made._serve(ready), made._loop).result(10)
    try:
        yield made
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), made._loop).result(20)
        made._loop.call_soon_threadsafe(made._loop.stop)
        thread.join(10)


async def _given(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    return {**request.query, **dict(await request.post())}


def _json(value: Any, missing: Any) -> Any:
    if value is None:
        return missing
    return json.loads(value) if isinstance(value, str) else value


def _elements(blocks: Any) -> Iterator[dict[str, Any]]:
    for block in blocks:
        yield from block.get("elements", ()) if block["type"] in ("actions", "context_actions") else ()
        if "accessory" in block:
            yield block["accessory"]
