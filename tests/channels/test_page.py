import pytest

from bot.channels import page


async def test_the_page_is_at_the_root_in_front_of_rasas_greeting(alice):
    answer = await alice.http.get(alice.address + "/")
    assert answer.status == 200
    assert answer.content_type == "text/html"
    assert "call 999 now" in await answer.text()
    assert "Set-Cookie" not in answer.headers


async def test_the_privacy_notice_is_where_the_teams_app_links_to(alice):
    answer = await alice.http.get(alice.address + "/privacy")
    words = await answer.text()
    assert (answer.status, answer.content_type) == (200, "text/html")
    assert 'call <a href="tel:999">999</a> now' in words
    assert 'id="privacy"' in words
    assert 'id="terms"' in words
    assert "Set-Cookie" not in answer.headers
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["chat.html", "privacy.html", "icon.svg"])
def test_what_is_served_is_what_was_written(name):
    source = page.BUILT.parent / "src" / name
    assert (page.BUILT / name).read_bytes() == source.read_bytes()


@pytest.mark.parametrize(
    "path", ["/", "/webhooks/web/assets/chat.js", "/webhooks/web/history", "/webhooks/web/session"]
)
async def test_every_answer_keeps_itself_to_itself(alice, path):
    answer = await alice.http.get(alice.address + path)
    if path.endswith("session"):
        answer = await alice.http.post(alice.address + path, json={})
    csp = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in csp
    assert "unsafe" not in csp
    assert "*" not in csp
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    expected = "no-cache" if path in {"/", "/webhooks/web/assets/chat.js"} else "no-store"
    assert answer.headers["Cache-Control"] == expected


async def test_refusals_are_protected_too(bob):
    bob.http.cookie_jar.clear()
    answer = await bob.http.get(f"{bob.address}/webhooks/web/history")
    assert (answer.status, answer.headers["Cache-Control"]) == (401, "no-store")


async def test_an_asset_is_sent_once(alice):
    url = f"{alice.address}/webhooks/web/assets/chat.css"
    first = await alice.http.get(url)
    again = await alice.http.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status, again.status) == (200, 304)


@pytest.mark.parametrize("name", ["package.json", "..%2f..%2fpyproject.toml", "chat.html.map"])
async def test_nothing_but_the_built_files_is_served(alice, name):
    answer = await alice.http.get(f"{alice.address}/webhooks/web/assets/{name}")
    assert answer.status == 404


async def test_other_sites_get_no_permission_from_a_preflight(alice):
    headers = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    url = f"{alice.address}/webhooks/web/message"
    answer = await alice.http.options(url, headers=headers)
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_page_that_is_not_built_says_how_to_build_it(tmp_path):
    with pytest.raises(page.PageNotBuiltError, match="npm run build"):
        page.built_assets(tmp_path)
