"""Turns at a crawled host, shared by all workers: one Lua script hands out the next slot."""

from __future__ import annotations

from settings.models import RedisSettings
from storage.redis import keys
from storage.redis.client import client_for, translated

# Virtual scheduling (GCRA with a burst of one): the key holds the moment of the next free slot.
_RESERVE = """
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
local due = tonumber(redis.call('GET', KEYS[1]) or '0')
if due < ms then due = ms end
redis.call('SET', KEYS[1], due + tonumber(ARGV[1]), 'PX', due - ms + tonumber(ARGV[1]) + 1000)
return due - ms
"""

_HOLD = """
local now = redis.call('TIME')
local until_ms = now[1] * 1000 + math.floor(now[2] / 1000) + tonumber(ARGV[1])
if until_ms > tonumber(redis.call('GET', KEYS[1]) or '0') then
  redis.call('SET', KEYS[1], until_ms, 'PX', tonumber(ARGV[1]) + 1000)
end
return 0
"""


def reserve_slot(settings: RedisSettings, host: str, interval: float) -> float:
    """Take the next slot at a host; return the seconds to wait for it.

    Args:
        host: host[:port] as in the URL.
        interval: seconds between two slots.
    """
    key = keys.host_slots(settings.environment, host)
    with translated():
        wait = client_for(settings).eval(_RESERVE, 1, key, str(max(1, round(interval * 1000))))
    return int(str(wait)) / 1000


def hold_host(settings: RedisSettings, host: str, seconds: float) -> None:
    """Hand out no slot at a host for so many seconds."""
    key = keys.host_slots(settings.environment, host)
    with translated():
        client_for(settings).eval(_HOLD, 1, key, str(max(1, round(seconds * 1000))))
