"""The door to a language model at an OpenAI-compatible endpoint: short, and bounded on all sides.

At most two calls and thirty seconds for a question, a megabyte for an answer, and one kind of error with a reason.
"""

import asyncio
import importlib
import logging
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol, TypeVar, cast

import httpx

from bot.writing import Failure, Mode, Usage
from prompts.asking import Answer, ModelFailed, Step
from prompts.dialects import Dialect, Form
from prompts.places import Place
from prompts.replies import Misshapen, Reply, read_completion, read_value
from prompts.shapes import Shape
from prompts.tokens import TokenEstimate
from prompts.transport import IDLE_SECONDS, GuardedTransport, Resolve, Stopped, resolved

DEADLINE = 30.0
"""Seconds for a question, all its calls and waiting together."""
MOST_CALLS = 2
PROBE_CALLS = 4
"""Calls to find out what an endpoint understands, none of which carries anybody's words."""
PAUSE = 1.0
"""Seconds before a second try, and at most once more by chance, so that many bots do not come back together."""
CONNECT_SECONDS = 5.0
MOST_CONNECTIONS = 4
_TOO_LONG = re.compile(
    r"context (length|window|size)|prompt is too long|too many tokens|exceeds? the .{0,40}tokens", re.I
)
"""How endpoints word that a question does not fit in their window; a smaller batch may."""
NO_KEY = "none"
"""What is sent as a key to an endpoint that needs none; the client refuses an empty one."""

T = TypeVar("T")


class Clock(Protocol):
    """Waiting, and how long something took."""

    def monotonic(self) -> float:
        """Return seconds that never run back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


@dataclass
class _Spent:
    """What a question has cost so far; kept apart so that a deadline does not forget it."""

    usage: Usage = field(default_factory=Usage)


class _Again(Exception):
    """A call that may be repeated: after `wait` seconds, with a `hint` of what was wrong."""

    def __init__(self, reason: Failure, wait: float = 0.0, hint: str = "") -> None:
        super().__init__(reason.value)
        self.reason, self.wait, self.hint = reason, wait, hint


class Endpoint:
    """A language model behind an address that was checked. Opens nothing before the first question."""

    def __init__(
        self,
        place: Place,
        model: str,
        key: str,
        clock: Clock,
        chance: Callable[[], float],
        *,
        resolve: Resolve = resolved,
        wire: Callable[[], httpx.AsyncBaseTransport] | None = None,
    ) -> None:
        """Take a place (`prompts.places.place`); `chance` gives numbers from 0 to 1."""
        self._place, self._model, self._key = place, model, key
        self._clock, self._chance = clock, chance
        self._resolve, self._wire = resolve, wire or _wire
        self._tokens = TokenEstimate()
        self._dialect = Dialect(newer_limit=place.knows_store)
        self._client: Any = None
        self._http: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()

    @property
    def name(self) -> str:
        """Return the id of the model."""
        return self._model

    @property
    def is_on(self) -> bool:
        """Tell that questions may be sent."""
        return True

    @property
    def mode(self) -> Mode:
        """Return how far what it is asked goes."""
        return self._place.mode

    @property
    def dialect(self) -> Dialect:
        """Return how the endpoint is spoken to, as far as that is known."""
        return self._dialect

    def estimate(self, text: str) -> int:
        """Return how many tokens a text will take, as this model was seen to count."""
        return self._tokens.of(len(text))

    async def ask(self, step: Step[T], request: str) -> Answer[T]:
        """Put one question: at most two calls and thirty seconds. Raises ModelFailed, and nothing else."""
        return await self._ask(step, request, MOST_CALLS)

    async def probe(self) -> None:
        """Ask for a fixed word, to learn what the endpoint understands. Raises ModelFailed with why that fails."""
        await self._ask(_probe(), "Say ok.", PROBE_CALLS)

    async def check(self) -> None:
        """Look up the address without calling it. Raises ModelFailed: NOT_ALLOWED when texts may not go there."""
        try:
            await GuardedTransport(self._place, _Nowhere(), self._resolve).addresses()
        except Stopped as stopped:
            raise ModelFailed(stopped.reason) from None

    async def aclose(self) -> None:
        """Close the connections. May be called at any time, more than once."""
        http, self._http, self._client = self._http, None, None
        if http is not None:
            await http.aclose()

    async def _ask(self, step: Step[T], request: str, calls: int) -> Answer[T]:
        spent = _Spent()
        try:
            return await self._in_time(self._try(step, request, calls, spent))
        except _Again as again:
            raise ModelFailed(again.reason, spent.usage) from None
        except Stopped as stopped:
            raise ModelFailed(stopped.reason, spent.usage) from None

    async def _in_time(self, work: Coroutine[Any, Any, T]) -> T:
        """Let `work` take no more than the deadline, by the clock that was handed in."""
        task = asyncio.ensure_future(work)
        bell = asyncio.ensure_future(self._clock.sleep(DEADLINE))
        try:
            await asyncio.wait({task, bell}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise Stopped(Failure.TOO_SLOW)
            return task.result()
        finally:
            for one in (task, bell):
                one.cancel()
            await asyncio.gather(task, bell, return_exceptions=True)

    async def _try(self, step: Step[T], request: str, calls: int, spent: _Spent) -> Answer[T]:
        began = self._clock.monotonic()
        hint = ""
        for left in range(calls - 1, -1, -1):
            try:
                reply = await self._call(step, request, hint, spent)
                value = self._read(step, reply, told=bool(hint))
                return Answer(value, spent.usage, self._model, reply.fingerprint)
            except _Again as again:
                remaining = DEADLINE - (self._clock.monotonic() - began)
                if not left or again.wait >= remaining:
                    raise
                hint = again.hint
                if again.wait:
                    await self._clock.sleep(again.wait)
        raise AssertionError("a last call ends by an answer or an error")

    def _read(self, step: Step[T], reply: Reply, *, told: bool) -> T:
        """Turn a reply into a value. Raises _Again when a second try may do better, Stopped when not."""
        if isinstance(reply.said, Failure):
            if reply.said in (Failure.EMPTY, Failure.NOT_AN_ANSWER):
                raise _Again(reply.said, self._pause())
            raise Stopped(reply.said)
        try:
            value = read_value(step, reply.said)
        except Misshapen as misshapen:
            raise _Again(Failure.WRONG_SHAPE, hint=misshapen.hint) from None
        if told and self._dialect.form is Form.SCHEMA:  # it fits once the shape was written out: do that from now on
            self._dialect = replace(self._dialect, describes=True)
        return value

    async def _call(self, step: Step[Any], request: str, hint: str, spent: _Spent) -> Reply:
        """Make one call and count it. Raises _Again, Stopped."""
        dialect = replace(self._dialect, describes=True) if hint else self._dialect
        body = dialect.body(step, request, hint)
        if self._place.knows_store:
            body["store"] = False
        client = await self._opened()
        characters = sum(len(message["content"]) for message in body["messages"])
        spent.usage += Usage(calls=1)
        try:
            raw = await client.chat.completions.with_raw_response.create(model=self._model, **body)
        except Stopped as stopped:
            raise self._after(stopped) from None
        except self._openai.APITimeoutError:
            raise Stopped(Failure.TOO_SLOW) from None
        except (self._openai.OpenAIError, httpx.HTTPError, OSError):
            raise _Again(Failure.UNREACHABLE, self._pause()) from None
        reply = read_completion(raw.content)
        if reply.input_tokens:
            self._tokens.learn(characters, reply.input_tokens)
        said = len(reply.said) if isinstance(reply.said, str) else 0
        spent.usage += Usage(
            input_tokens=reply.input_tokens or self._tokens.of(characters),
            output_tokens=reply.output_tokens or self._tokens.of(said),
        )
        return reply

    def _after(self, stopped: Stopped) -> Exception:
        """Decide what a refusal means: simpler, later, or never."""
        if stopped.status in (400, 413, 422) and _TOO_LONG.search(stopped.told):
            return Stopped(Failure.TOO_BIG_A_QUESTION)
        if stopped.status in (400, 422, 501):
            simpler = self._dialect.understood(stopped.told)
            if simpler is not None:
                self._dialect = simpler
                return _Again(Failure.REFUSED_US)
        if stopped.status == 429 or stopped.status >= 500:
            return _Again(stopped.reason, _seconds(stopped.retry_after, self._pause()))
        return stopped

    def _pause(self) -> float:
        return PAUSE * (1 + self._chance())

    @property
    def _openai(self) -> Any:
        return importlib.import_module("openai")

    async def _opened(self) -> Any:
        """Open the client at the first question; loading openai takes seconds, so a thread does it."""
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(self._open)
            return self._client

    def _open(self) -> Any:
        openai = self._openai
        for name in ("openai", "httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)  # at a finer level they tell addresses and more
        self._http = httpx.AsyncClient(
            transport=GuardedTransport(self._place, self._wire(), self._resolve),
            follow_redirects=False,
            trust_env=False,
            headers={"Accept-Encoding": "identity"},
            timeout=httpx.Timeout(DEADLINE, connect=CONNECT_SECONDS),
        )
        return openai.AsyncOpenAI(
            api_key=self._key or NO_KEY,
            base_url=self._place.url,
            max_retries=0,
            timeout=DEADLINE,
            http_client=cast(Any, self._http),
            default_headers={"Accept-Encoding": "identity"},
        )


class _Nowhere(httpx.AsyncBaseTransport):
    """A wire that is not connected: for looking up only."""


def _wire() -> httpx.AsyncBaseTransport:
    limits = httpx.Limits(max_connections=MOST_CONNECTIONS, keepalive_expiry=IDLE_SECONDS)
    return httpx.AsyncHTTPTransport(trust_env=False, retries=0, limits=limits)


def _seconds(told: str, otherwise: float) -> float:
    """Read a Retry-After in seconds; one that is no number (a date, nonsense) counts as absent."""
    return float(told) if told.isascii() and told.isdecimal() and len(told) < 10 else otherwise


class _Word(Shape):
    said: Literal["ok"]


def _probe() -> Step[str]:
    return Step("probe", "1", "Answer with a JSON object whose field `said` is `ok`.", _Word, lambda one: one.said, 50)
