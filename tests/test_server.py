"""The tools of the fault tests themselves: a real server, and a client that tells a refusal from a failure."""

import pytest
import requests

from tests.client import HttpError, Refusal, ServerError
from tests.server import Server


@pytest.fixture(scope="module")
def server():
    with Server("tools", workers=2) as server:
        yield server


def test_a_call_returns_its_result(server):
    assert server.client("admin").call("res.lang", "search_count", [[("code", "=", "fr_FR")]]) == 1


def test_a_wrong_password_is_a_refusal(server):
    with pytest.raises(Refusal) as refusal:
        server.client("admin", "wrong")
    assert refusal.value.kind == "AccessDenied"


def test_a_broken_rule_is_a_refusal_with_its_sentence(server):
    answer = server.client("admin").ask("res.partner", "write", [[999999], {"name": "Nobody"}])
    assert (answer.kind, answer.value.kind) == ("refusal", "MissingError")
    assert answer.value.message


def test_a_crash_is_a_server_error(server):
    with pytest.raises(ServerError) as error:
        server.client("admin").call("res.partner", "search_count", ["not a domain"])
    assert error.value.debug


def test_an_unknown_route_is_an_http_error(server):
    with pytest.raises(HttpError) as error:
        server.client().post("/kondo/nowhere", {})
    assert error.value.status == 404


def test_what_was_committed_survives_a_kill(server):
    partner = server.client("admin").call("res.partner", "create", [{"name": "Survivor"}])
    server.kill()
    assert server.client().ask("res.partner", "read", [[partner]]).kind == "nothing"
    server.restart()
    assert server.client("admin").call("res.partner", "read", [[partner], ["name"]])[0]["name"] == "Survivor"
    assert server.query("SELECT count(*) FROM res_partner WHERE name = 'Survivor'") == [(1,)]


def test_the_login_page_shows_no_dangling_font_or_script(server):
    """Debian's package links jQuery and fonts to files of other packages: they have to be there."""
    for path in ("web/static/lib/jquery/jquery.js", "web/static/src/libs/fontawesome/fonts/fontawesome-webfont.woff2"):
        assert requests.get(f"{server.url}/{path}", timeout=30).status_code == 200, path
