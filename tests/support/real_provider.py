"""A whole OpenID provider with a code base of its own (idpyOIDC), in a process of its own, with two people in it.

It has its own pages, keys, sessions and codes; only what holds it together stands here. Run as
`python -m tests.support.real_provider SETTINGS`, with a file of JSON: `folder`, `port`, `back`.
"""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError

from tests.support.folders import ROOT
from tests.support.serving import HOST, address, free_port

CLIENT_ID, SECRET = "rapport", "a secret of thirty-two characters"
PEOPLE = {"dana": "quiet harbour", "noor": "green kettle"}
GROUPS = {"dana": ["Care", "Everybody"], "noor": ["Everybody"]}
MFA = "https://refeds.org/profile/mfa"
"""What its `acr` says: this provider calls its one page a sign-in with both steps."""

LOGIN = """<!doctype html><html lang="en"><title>Harbour Lane Sign-in</title><h1>Harbour Lane Sign-in</h1>
<form action="/{{ action }}" method="post"><input type="hidden" name="token" value="{{ token }}">
<label>Name <input name="username"></label> <label>Password <input name="password" type="password"></label>
<button>Go on</button></form></html>"""


@contextmanager
def real_provider(folder: Path, back: str) -> Iterator[str]:
    """Start it, wait until it answers, give its issuer; stop it afterwards."""
    folder.mkdir()
    port = free_port()
    settings = folder / "settings.json"
    settings.write_text(json.dumps({"folder": str(folder), "port": port, "back": back}), encoding="utf-8")
    with (folder / "log").open("w") as log:
        command = [sys.executable, "-W", "ignore", "-m", "tests.support.real_provider", str(settings)]
        running = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            _await(f"{address(port)}/.well-known/openid-configuration", running, folder / "log")
            yield address(port)
        finally:
            running.terminate()
            running.wait()


def _await(url: str, running: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(600):
        assert running.poll() is None, log.read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  our own address, over http
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))


def _settings(folder: Path, issuer: str, back: str) -> dict[str, Any]:
    """Return what idpyOIDC is told: what a provider needs, and this one client."""
    templates, keys = folder / "templates", folder / "keys"
    templates.mkdir()
    (templates / "login.html").write_text(LOGIN, encoding="utf-8")
    (folder / "people.json").write_text(json.dumps(PEOPLE), encoding="utf-8")
    client = {
        "client_id": CLIENT_ID,
        "client_secret": SECRET,
        "redirect_uris": [[back, {}]],
        "response_types_supported": ["code"],
        "token_endpoint_auth_method": "client_secret_basic",
        "allowed_scopes": ["openid", "groups"],
    }
    people = {"class": "idpyoidc.server.util.JSONDictDB", "kwargs": {"filename": str(folder / "people.json")}}
    user = {
        "acr": MFA,
        "class": "idpyoidc.server.user_authn.user.UserPassJinja2",
        "kwargs": {"verify_endpoint": "verify/user", "template": "login.html", "db": people},
    }
    claims = {"base_claims": {"groups": None, "acr": None}, "lifetime": 300}
    return {
        "issuer": issuer,
        "template_dir": str(templates),
        "key_conf": {
            "private_path": str(keys / "sign.json"),
            "public_path": str(keys / "public.json"),
            "key_defs": [{"type": "RSA", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}],
            "read_only": False,
            "uri_path": "keys",
        },
        "cookie_handler": {
            "class": "idpyoidc.server.cookie_handler.CookieHandler",
            "kwargs": {
                "keys": {
                    "private_path": str(keys / "cookies.json"),
                    "key_defs": [
                        {"type": "OCT", "use": ["enc"], "kid": "enc"},
                        {"type": "OCT", "use": ["sig"], "kid": "sig"},
                    ],
                    "read_only": False,
                },
                "name": {"session": "op", "register": "op_rp", "session_management": "sman"},
            },
        },
        "authentication": {"user": user},
        "add_on": {
            "pkce": {
                "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
                "kwargs": {"essential": True, "code_challenge_method": "S256"},
            }
        },
        "token_handler_args": {
            "jwks_def": {
                "private_path": str(keys / "codes.json"),
                "key_defs": [{"type": "oct", "bytes": "24", "use": ["enc"], "kid": "code"}],
                "read_only": False,
            },
            "code": {"lifetime": 60},
            "token": {"class": "idpyoidc.server.token.jwt_token.JWTToken", "kwargs": {"lifetime": 60}},
            "id_token": {"class": "idpyoidc.server.token.id_token.IDToken", "kwargs": claims},
        },
        "userinfo": {
            "class": "idpyoidc.server.user_info.UserInfo",
            "kwargs": {"db": {name: {"groups": groups} for name, groups in GROUPS.items()}},
        },
        "scopes_to_claims": {"openid": ["sub"], "groups": ["groups"]},
        "clients": {CLIENT_ID: client},
    }


def _application(settings: dict[str, Any]) -> Any:
    """Put the provider's endpoints behind addresses."""
    from flask import Flask, request
    from idpyoidc.message.oidc import AuthorizationRequest
    from idpyoidc.server import Server
    from idpyoidc.server.configure import OPConfiguration
    from idpyoidc.server.exception import FailedAuthentication

    clients = settings.pop("clients")
    server = Server(OPConfiguration(settings), cwd=settings["template_dir"])
    context = server.get_context()
    context.cdb.update(clients)
    app = Flask("real_provider")

    def serve(name: str) -> Any:
        endpoint = server.get_endpoint(name)
        form = request.args if request.method == "GET" else request.form
        cookies = [{"name": key, "value": value} for key, value in request.cookies.items()]
        about = {"headers": {key.lower(): value for key, value in request.headers.items()}, "cookie": cookies}
        about |= {"method": request.method, "url": request.url}
        asked = endpoint.parse_request(form.to_dict(), http_info=about)
        if "error" in asked:
            return _answered(endpoint, asked, asked.to_dict())
        return _answered(endpoint, asked, endpoint.process_request(asked, http_info=about))

    def verify() -> Any:
        way = context.authn_broker.get_method_by_id("user")
        try:
            name = way.verify(**request.form.to_dict())
        except FailedAuthentication:
            return "Wrong", 403
        told = way.unpack_token(request.form["token"])
        asked = AuthorizationRequest().from_urlencoded(told["query"])
        endpoint = server.get_endpoint("authorization")
        session = endpoint.create_session(asked, name, told["authn_class_ref"], told["iat"], way)
        return _answered(endpoint, asked, endpoint.authz_part2(request=asked, session_id=session))

    app.add_url_rule("/verify/user", view_func=verify, methods=["POST"])
    app.add_url_rule("/keys", view_func=server.keyjar.export_jwks)
    for name, path in {
        "provider_config": ".well-known/openid-configuration",
        "authorization": "authorization",
        "token": "token",
    }.items():
        view = lambda name=name: serve(name)  # noqa: E731  each with its own name
        app.add_url_rule(f"/{path}", name, view, methods=["GET", "POST"])
    return app


def _answered(endpoint: Any, asked: Any, done: Any) -> Any:
    """Turn what an endpoint gives into an answer of Flask."""
    from flask import Response, redirect

    if "http_response" in done:
        return Response(done["http_response"], content_type="text/html; charset=utf-8")
    told = endpoint.do_response(request=asked, **done)
    if "redirect_location" in done:
        answer = redirect(done["redirect_location"])
    elif (told.get("response_placement") or endpoint.response_placement) == "url":
        answer = redirect(told["response"])
    else:
        status = 400 if "error" in done else 200
        answer = Response(told["response"], status, headers=told.get("http_headers", []))
    for cookie in done.get("cookie", []):
        answer.set_cookie(cookie["name"], cookie["value"], httponly=True)
    return answer


def main(file: str) -> None:
    """Serve until stopped."""
    from werkzeug.serving import make_server

    told = json.loads(Path(file).read_text(encoding="utf-8"))
    settings = _settings(Path(told["folder"]), address(told["port"]), told["back"])
    make_server(HOST, told["port"], _application(settings), threaded=True).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
