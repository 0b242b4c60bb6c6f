"""Who is let in: real tokens, signed with RSA keys, against a key set on loopback."""

import asyncio
import base64
import json
import time

import aiohttp
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from loopback import ANNA, APP, TENANT, Signer

from bot.channels.teams.arriving import keys
from bot.channels.teams.arriving.identity import person_of
from bot.channels.teams.arriving.keys import Keys, KeysUnavailableError, UnknownKeyError

ELSEWHERE = "https://evil.example/uk/"


def hs256(microsoft, key="x" * 64):
    claims = jwt.decode(
        microsoft.signers[0].token(microsoft.service_url), options={"verify_signature": False}
    )
    return jwt.encode(claims, key, algorithm="HS256", headers={"kid": "k1"})


def unsigned(microsoft):
    claims = jwt.decode(
        microsoft.signers[0].token(microsoft.service_url), options={"verify_signature": False}
    )
    return jwt.encode(claims, None, algorithm="none", headers={"kid": "k1"})


def tampered(token):
    head, claims, signature = token.split(".")
    changed = json.loads(base64.urlsafe_b64decode(claims + "==")) | {"exp": 9_999_999_999}
    body = base64.urlsafe_b64encode(json.dumps(changed).encode()).rstrip(b"=").decode()
    return f"{head}.{body}.{signature}"


def good(microsoft, **more):
    return microsoft.signers[0].token(microsoft.service_url, **more)


def forged(microsoft):
    other = Signer()
    other.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return other.token(microsoft.service_url)


REFUSED = {
    "garbage": lambda m: "abc",
    "wrong audience": lambda m: good(m, aud="99999999-1111-4111-8111-111111111111"),
    "our audience among others": lambda m: good(m, aud=[APP, "other"]),
    "no audience": lambda m: good(m, drop=["aud"]),
    "wrong issuer": lambda m: good(m, iss="https://evil.example"),
    "our own tenant's issuer": lambda m: good(m, iss=f"https://sts.windows.net/{TENANT}/"),
    "no issuer": lambda m: good(m, drop=["iss"]),
    "expired": lambda m: good(m, exp=int(time.time()) - 400),
    "no expiry": lambda m: good(m, drop=["exp"]),
    "not yet valid": lambda m: good(m, nbf=int(time.time()) + 400),
    "no algorithm": unsigned,
    "HS256": hs256,
    "tampered": lambda m: tampered(good(m)),
    "forged with the same key id": forged,
    "unknown key": lambda m: good(m, headers={"kid": "zz"}),
    "no key id": lambda m: good(m, headers={}),
    "another service": lambda m: good(m, serviceurl=ELSEWHERE),
    "another path of the service": lambda m: good(m, serviceurl=f"{m.address}/emea/"),
    "no service": lambda m: good(m, drop=["serviceurl"]),
    "a service that is no text": lambda m: good(m, serviceurl=7),
    "key of another channel": lambda m: m.signers[1].token(m.service_url),
    "key of no channel": lambda m: m.signers[2].token(m.service_url),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_token_that_proves_nothing_is_refused(bot, microsoft, anna, agent, name):
    assert await bot.post(anna.activity(text="hello"), REFUSED[name](microsoft)) == 401
    assert agent.heard == []


@pytest.mark.parametrize("header", [None, "Basic abc", "Bearer", "Bearer ", "abc"])
async def test_a_request_without_a_token_is_refused_unread(bot, anna, header):
    assert await bot.post(b"{", header=header) == 401


async def test_a_good_token_opens(bot, microsoft, anna):
    assert await bot.post(anna.activity(text="hello"), good(microsoft)) == 202
    await microsoft.sent(1)


@pytest.mark.parametrize(
    "times", [{"exp": -200}, {"nbf": 200}], ids=["expired just now", "valid in a moment"]
)
async def test_clocks_may_differ_by_five_minutes(bot, microsoft, anna, times):
    changed = {name: int(time.time()) + seconds for name, seconds in times.items()}
    assert await bot.post(anna.activity(text="hello"), good(microsoft, **changed)) == 202


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        pytest.param({"channelId": "emulator"}, 401, id="another channel"),
        pytest.param({"channelData": {"tenant": {"id": APP}}}, 403, id="two tenants"),
        pytest.param(
            {"channelData": {}, "conversation": {"id": "a", "conversationType": "personal"}},
            403,
            id="no tenant",
        ),
        pytest.param(
            {
                "channelData": {"tenant": {"id": APP}},
                "conversation": {"id": "a", "conversationType": "personal", "tenantId": APP},
            },
            403,
            id="another tenant",
        ),
        pytest.param({"from": {"id": "29:anna"}}, 400, id="nobody"),
        pytest.param({"from": {"aadObjectId": "../../x"}}, 400, id="an id that is none"),
        pytest.param({"conversation": None}, 400, id="no conversation"),
        pytest.param({"id": ["m"]}, 400, id="an id that is no text"),
        pytest.param({"type": "invoke", "name": "signin/verifyState"}, 501, id="a foreign invoke"),
    ],
)
async def test_what_is_not_ours_is_refused(bot, microsoft, anna, agent, changed, status):
    activity = anna.activity(text="hello", **changed)
    assert await bot.post(activity, good(microsoft)) == status
    assert agent.heard == []


@pytest.mark.parametrize(
    "address",
    [
        ELSEWHERE,
        "http://smba.trafficmanager.net/uk/",
        "https://127.0.0.1@evil.example/",
        "https://127.0.0.1:x/",
        "https://me:you@127.0.0.1/",
        "ftp://127.0.0.1/",
    ],
)
async def test_a_service_that_is_not_listed_gets_no_reply(bot, microsoft, anna, address):
    token = microsoft.signers[0].token(address)
    assert await bot.post(anna.activity(text="hello", serviceUrl=address), token) == 403


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
async def test_what_is_no_activity_is_refused(bot, microsoft, body):
    assert await bot.post(body, good(microsoft)) == 400


async def test_a_body_that_is_too_long_is_refused(bot, microsoft):
    assert await bot.post(b" " * 300_000, good(microsoft)) == 413


async def test_without_keys_from_the_start_nobody_is_called_a_liar(bot, microsoft, anna):
    microsoft.keys_up = False
    assert await bot.post(anna.activity(text="hello"), good(microsoft)) == 503


async def test_known_keys_serve_through_an_outage(bot, microsoft, anna):
    assert await anna.send(text="one") == 202
    microsoft.keys_up = False
    bot.channel._keys._fetched_at = bot.channel._keys._tried_at = float("-inf")
    assert await anna.send(text="two") == 202
    unknown = good(microsoft, headers={"kid": "new"})
    await asyncio.sleep(0.1)
    assert await bot.post(anna.activity(text="three"), unknown) == 503


async def test_made_up_key_ids_do_not_make_us_fetch(bot, microsoft, anna):
    for _ in range(5):
        token = good(microsoft, headers={"kid": "zz"})
        assert await bot.post(anna.activity(text="hello"), token) == 401
    assert microsoft.key_requests == 1


async def test_a_new_key_is_fetched_after_a_while(microsoft):
    held = Keys(f"{microsoft.address}/keys", cooldown=0)
    await held.get("k1")
    microsoft.signers.append(Signer("rotated"))
    assert (await held.get("rotated")).endorsed == {"msteams"}
    with pytest.raises(UnknownKeyError):
        await held.get("never")


async def test_a_stale_key_is_given_at_once_and_refreshed_beside(microsoft):
    held = Keys(f"{microsoft.address}/keys", fresh=0, cooldown=0)
    await held.get("k1")
    assert await held.get("k1")
    assert microsoft.key_requests == 1
    await held._refreshing
    assert microsoft.key_requests == 2
    await held.close()


async def test_a_key_set_that_hangs_holds_up_nobody_for_long(microsoft, monkeypatch):
    monkeypatch.setattr(keys, "TIMEOUT", aiohttp.ClientTimeout(total=0.1))
    microsoft.keys_hang = 1.0
    held = Keys(f"{microsoft.address}/keys")
    with pytest.raises(KeysUnavailableError):
        await held.get("k1")


async def test_nothing_is_fetched_before_the_first_message(bot, microsoft):
    assert microsoft.key_requests == 0


def test_a_person_is_a_tenant_and_an_object_id():
    assert person_of(TENANT, ANNA.upper()) == f"entra:{TENANT}:{ANNA}"
    assert person_of(TENANT, ANNA) != person_of(APP, ANNA)
