"""W3C WebDriver: one small client for Chromium and WebKitGTK over HTTP, and for Firefox over its Marionette socket.

Debian has no geckodriver, which does nothing but translate the one into the other.
"""

import base64
import http.client
import json
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key under which WebDriver writes a reference to an element (W3C WebDriver, section 11)."""

PATIENCE_SECONDS = 20.0


class DriverError(Exception):
    """What a browser answered instead of doing it; `kind` is WebDriver's error code."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind


class Wire(Protocol):
    """Carries commands to a browser."""

    def send(self, command: str, parameters: Mapping[str, Any]) -> Any:
        """Send a command by its name in the specification. Raises `DriverError`."""

    def close(self) -> None:
        """End the browser's session."""


COMMANDS: Mapping[str, tuple[str, str]] = {
    "Navigate": ("POST", "/url"),
    "GetCurrentURL": ("GET", "/url"),
    "Back": ("POST", "/back"),
    "Forward": ("POST", "/forward"),
    "Refresh": ("POST", "/refresh"),
    "GetPageSource": ("GET", "/source"),
    "FindElements": ("POST", "/elements"),
    "ElementClick": ("POST", "/element/{id}/click"),
    "ElementClear": ("POST", "/element/{id}/clear"),
    "ElementSendKeys": ("POST", "/element/{id}/value"),
    "GetElementText": ("GET", "/element/{id}/text"),
    "GetElementProperty": ("GET", "/element/{id}/property/{name}"),
    "IsElementSelected": ("GET", "/element/{id}/selected"),
    "IsElementDisplayed": ("GET", "/element/{id}/displayed"),
    "ExecuteScript": ("POST", "/execute/sync"),
    "AcceptAlert": ("POST", "/alert/accept"),
    "TakeScreenshot": ("GET", "/screenshot"),
    "GetWindowHandle": ("GET", "/window"),
    "NewWindow": ("POST", "/window/new"),
    "SwitchToWindow": ("POST", "/window"),
    "CloseWindow": ("DELETE", "/window"),
    "SetTimeouts": ("POST", "/timeouts"),
    "SetWindowRect": ("POST", "/window/rect"),
}


class HttpWire:
    """WebDriver over HTTP, as chromedriver and WebKitWebDriver speak it."""

    def __init__(self, port: int, capabilities: Mapping[str, Any]) -> None:
        self._port = port
        wanted = {"capabilities": {"alwaysMatch": dict(capabilities)}}
        self.session = f"/session/{self._ask('POST', '/session', wanted)['sessionId']}"

    def send(self, command: str, parameters: Mapping[str, Any]) -> Any:
        """Send a command by its name in the specification. Raises `DriverError`."""
        method, path = COMMANDS[command]
        return self._ask(method, self.session + path.format(**parameters), parameters)

    def close(self) -> None:
        """End the browser's session."""
        with suppress(DriverError, OSError):
            self._ask("DELETE", self.session, {})

    def _ask(self, method: str, path: str, parameters: Mapping[str, Any]) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            body = json.dumps(parameters) if method == "POST" else None
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            value = json.loads(answer.read())["value"]
        finally:
            connection.close()
        if answer.status >= 400:
            raise DriverError(value["error"], value["message"])
        return value


class MarionetteWire:
    """The same commands as Firefox takes them itself: JSON over a socket, each message behind its length."""

    def __init__(self, port: int, capabilities: Mapping[str, Any]) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._rest = b""
        self._number = 0
        self._read()  # who is there, and which version of the protocol
        self.send("NewSession", capabilities)

    def send(self, command: str, parameters: Mapping[str, Any]) -> Any:
        """Send a command by its name in the specification. Raises `DriverError`."""
        self._number += 1
        message = json.dumps([0, self._number, f"WebDriver:{command}", dict(parameters)]).encode()
        self._socket.sendall(f"{len(message)}:".encode() + message)
        _, number, error, result = self._read()
        assert number == self._number
        if error:
            raise DriverError(error["error"], error["message"])
        return result["value"] if isinstance(result, dict) and set(result) == {"value"} else result

    def close(self) -> None:
        """End the browser's session, and the browser with it."""
        with suppress(DriverError, OSError, ValueError):
            message = json.dumps([0, self._number + 1, "Marionette:Quit", {"flags": ["eForceQuit"]}]).encode()
            self._socket.sendall(f"{len(message)}:".encode() + message)
            self._read()
        self._socket.close()

    def _read(self) -> Any:
        while b":" not in self._rest:
            self._rest += self._received()
        length, _, body = self._rest.partition(b":")
        while len(body) < int(length):
            body += self._received()
        self._rest = body[int(length) :]
        return json.loads(body[: int(length)])

    def _received(self) -> bytes:
        received = self._socket.recv(65_536)
        if not received:
            raise OSError("the browser hung up")
        return received


class Tab:
    """A tab with a history of its own, used as a person would: by the words on the page."""

    def __init__(self, wire: Wire, browser: str) -> None:
        self._wire = wire
        self.browser = browser
        self._first = wire.send("GetWindowHandle", {})
        handle = wire.send("NewWindow", {"type": "tab"})["handle"]
        wire.send("SwitchToWindow", {"handle": handle})

    def close(self) -> None:
        """Close the tab and go back to the browser's first one."""
        with suppress(DriverError):
            self._wire.send("CloseWindow", {})
        self._wire.send("SwitchToWindow", {"handle": self._first})

    def goes(self, address: str) -> None:
        """Open an address."""
        self._wire.send("Navigate", {"url": address})

    def back(self) -> None:
        """Press Back, and yes where the browser asks whether to send it again."""
        self._moves("Back")

    def forward(self) -> None:
        """Press Forward, and yes where the browser asks whether to send it again."""
        self._moves("Forward")

    def reload(self) -> None:
        """Press Reload, and yes where the browser asks whether to send it again."""
        self._moves("Refresh")

    @property
    def address(self) -> str:
        """Return the address in the bar."""
        return str(self._wire.send("GetCurrentURL", {}))

    @property
    def html(self) -> str:
        """Return the page as it stands."""
        return str(self._wire.send("GetPageSource", {}))

    @property
    def heading(self) -> str:
        """Return the page's heading."""
        return self.text("h1")

    def text(self, selector: str = "body") -> str:
        """Return what can be read in the first element."""
        return str(self._wire.send("GetElementText", {"id": self.finds(selector)[0]}))

    def finds(self, selector: str) -> list[str]:
        """Find elements by a CSS selector, or by XPath where it begins with a stroke."""
        using = "xpath" if selector.startswith("/") else "css selector"
        return [each[ELEMENT] for each in self._wire.send("FindElements", {"using": using, "value": selector})]

    def one(self, selector: str) -> str:
        """Wait for an element. Raises `AssertionError` where none comes."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            with suppress(DriverError):
                if found := self.finds(selector):
                    return found[0]
            time.sleep(0.05)
        raise AssertionError(f"no {selector} on {self.address}:\n{self.html[:4000]}")

    def clicks(self, selector: str) -> None:
        """Click an element. WebKitGTK does not scroll to what lies just beyond its window; then that is done first."""
        element = self.one(selector)
        try:
            self._wire.send("ElementClick", {"id": element})
        except DriverError as error:
            if error.kind != "element not interactable":
                raise
            scroll = {"script": "arguments[0].scrollIntoView({block: 'center'})", "args": [{ELEMENT: element}]}
            self._wire.send("ExecuteScript", scroll)
            self._wire.send("ElementClick", {"id": element})

    def writes(self, selector: str, words: str) -> None:
        """Write into a field what shall stand in it."""
        field = self.one(selector)
        self._wire.send("ElementClear", {"id": field})
        self._wire.send("ElementSendKeys", {"id": field, "text": words, "value": list(words)})

    def presses(self, words: str) -> None:
        """Press the button, or tap the link, with exactly these words."""
        self.clicks(f'//*[self::button or self::a or self::summary][normalize-space()="{words}"]')

    def chooses(self, answers: Mapping[str, str]) -> None:
        """Tap answers of questions."""
        for name, value in answers.items():
            self.clicks(f'input[name="{name}"][value="{value}"]')

    def given(self) -> list[str]:
        """Return everything that stands in the page's fields: what was written, and what is marked."""
        marked = [self._property(each, "name") for each in self.finds("input:checked")]
        fields = self.finds("textarea, input:not([type=radio]):not([type=checkbox]):not([type=hidden])")
        return [*marked, *(words for each in fields if (words := self._property(each, "value")))]

    def is_seen(self, selector: str) -> bool:
        """Return whether the first element can be seen."""
        return bool(self._wire.send("IsElementDisplayed", {"id": self.one(selector)}))

    def waits_for(self, heading: str) -> None:
        """Wait for the page with this heading. Raises `AssertionError` where it does not come."""
        self.one(f'//h1[normalize-space()="{heading}"]')

    def picture(self) -> bytes:
        """Return what can be seen, as PNG."""
        return base64.b64decode(self._wire.send("TakeScreenshot", {}))

    def _moves(self, command: str) -> None:
        try:
            self._wire.send(command, {})
        except DriverError as error:
            if error.kind != "unexpected alert open":
                raise
            self._wire.send("AcceptAlert", {})

    def _property(self, element: str, name: str) -> str:
        return str(self._wire.send("GetElementProperty", {"id": element, "name": name}) or "")
