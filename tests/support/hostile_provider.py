"""A provider that signs whatever it is told to: what an attacker who runs one, or who sits between, could send.

It speaks OpenID Connect over a real port and checks what an honest one would: the client's secret, the verifier, that
each code is used once. `lies` change the ID token it gives next, `signs` how that is signed.
"""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from feedback.domain.clock import Clock
from tests.support.serving import HOST

CLIENT_ID, SECRET = "rapport", "known to both"
HONEST_KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"}, auto_kid=False)


def signed(claims: dict[str, Any], key: Any = HONEST_KEY, **header: Any) -> str:
    """Sign claims with a key."""
    return jwt.encode({"alg": "RS256", "kid": "first"} | header, claims, key, algorithms=["RS256"])


@dataclass
class Provider:
    """The provider, at `issuer`. Whoever comes is `subject`."""

    clock: Clock
    issuer: str = ""
    subject: str = "somebody-1"
    lies: dict[str, Any] = field(default_factory=dict)
    signs: Callable[[dict[str, Any]], Any] = signed
    says: dict[str, Any] = field(default_factory=dict)
    keys: list[Any] = field(default_factory=lambda: [HONEST_KEY])
    asked: list[str] = field(default_factory=list)
    moved_to: str = ""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def comes_back(self, address: str, **instead: Any) -> str:
        """Somebody signs in at the address our server sent them to; gives the path they are sent back to."""
        parts = urlsplit(address)
        request = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.issuer}/authorize"
        assert request["client_id"] == CLIENT_ID
        assert request["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = request
        back = urlsplit(request["redirect_uri"])
        query = {"code": code, "state": request["state"], "iss": self.issuer} | instead
        return f"{back.path}?{urlencode({name: value for name, value in query.items() if value is not None})}"

    def metadata(self) -> dict[str, Any]:
        """What it says about itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_response_iss_parameter_supported": True,
        } | self.says

    def redeem(self, form: dict[str, str], authorization: str) -> dict[str, Any]:
        """Return the tokens of a code, once, to the client that asked for it."""
        begun = self._codes.pop(form.get("code", ""), None)
        told = base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        if begun is None or authorization != f"Basic {told}" or form["redirect_uri"] != begun["redirect_uri"]:
            return {"error": "invalid_grant"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != begun["code_challenge"]:
            return {"error": "invalid_grant"}
        now = int(self.clock.now().timestamp())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT_ID,
            "nonce": begun["nonce"],
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
        }
        claims = {name: value for name, value in (claims | self.lies).items() if value is not None}
        token = self.signs(claims)
        return {"access_token": "opaque", "token_type": "Bearer"} | ({"id_token": token} if token else {})


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            if provider.moved_to:
                self.send_response(302)
                self.send_header("Location", provider.moved_to)
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif self.path.endswith("/openid-configuration"):
                self._answer(provider.metadata())
            elif self.path.endswith("/keys"):
                self._answer({"keys": [key.as_dict(private=False) for key in provider.keys]})
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            answer = provider.redeem(form, self.headers.get("Authorization", ""))
            self._answer(answer, 400 if "error" in answer else 200)

        def _answer(self, content: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def providing(clock: Clock) -> Iterator[Provider]:
    """Answer on a free port until the block ends."""
    provider = Provider(clock)
    server = ThreadingHTTPServer((HOST, 0), _handler(provider))
    server.daemon_threads = True
    provider.issuer = f"http://{HOST}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
