"""Real Firefox, as Debian has it: driven by Marionette, which is in the browser itself.

Playwright's Firefox is a build of its own, and its WebDriver BiDi wants a newer one than Debian's;
geckodriver is in no package of Debian's. The protocol is a length and JSON over TCP:
https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

FIREFOX = shutil.which("firefox-esr")
_SECONDS = 60  # a machine that is busy takes its time

_PREFERENCES = """\
user_pref("marionette.port", 0);
user_pref("app.normandy.enabled", false);
user_pref("app.update.disabledForTesting", true);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("browser.startup.page", 0);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,");
"""
# In the browser's own window: note what a page's policy refuses, in the page and in the console.
_WATCH = """
window.refusals = [];
Services.mm.addMessageListener("refused", ({ data }) => window.refusals.push(data));
Services.mm.loadFrameScript("data:," + encodeURIComponent(`
  addEventListener("securitypolicyviolation", (event) =>
    sendAsyncMessage("refused", event.effectiveDirective + " " + event.blockedURI), true, true);
`), true);
Services.console.reset();
"""
_REFUSED = """
const said = Services.console.getMessageArray()
  .filter((message) => message instanceof Ci.nsIScriptError && /^CSP/.test(message.category))
  .map((message) => message.errorMessage);
Services.console.reset();
return [...window.refusals.splice(0), ...said];
"""


class Firefox:
    """A window of Firefox."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._answers = connection.makefile("rb")
        self._read()  # the browser's greeting
        self._number = 0
        self._send("WebDriver:NewSession")
        self._privileged(_WATCH)

    @classmethod
    @contextmanager
    def started(cls) -> Iterator[Firefox]:
        """Start it with an empty profile; without it the test is skipped."""
        if FIREFOX is None:
            pytest.skip("no Firefox on this machine (Debian's package firefox-esr)")
        profile = Path(tempfile.mkdtemp(prefix="firefox-test-"))
        (profile / "user.js").write_text(_PREFERENCES)
        # Access to the system: the console is the browser's own.
        own = ("--headless", "--marionette", "--remote-allow-system-access", "--no-remote")
        process = subprocess.Popen(
            [FIREFOX, *own, "--profile", str(profile)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with socket.create_connection(("127.0.0.1", _port(process, profile)), _SECONDS) as to:
                yield cls(to)
        finally:
            process.terminate()
            process.wait()
            shutil.rmtree(profile, ignore_errors=True)

    def open(self, address: str) -> None:
        """Open a page and wait until all that it names has been loaded."""
        self._send("WebDriver:Navigate", url=address)

    def run(self, script: str) -> Any:
        """Run the body of a function in the page, whatever the page's policy; return its value."""
        return self._send("WebDriver:ExecuteScript", script=script, args=[])["value"]

    def wait_for(self, condition: str) -> None:
        """Wait until an expression is true of the page."""
        end = time.monotonic() + _SECONDS
        while not self.run(f"return Boolean({condition})"):
            assert time.monotonic() < end, condition
            time.sleep(0.05)

    def refused(self) -> list[str]:
        """Return what pages' policies have refused since the last call, as events and messages."""
        return self._privileged(_REFUSED)

    def _privileged(self, script: str) -> Any:
        self._send("Marionette:SetContext", value="chrome")
        value = self.run(script)
        self._send("Marionette:SetContext", value="content")
        return value

    def _send(self, command: str, **parameters: Any) -> Any:
        self._number += 1
        message = json.dumps([0, self._number, command, parameters]).encode()
        self._connection.sendall(b"%d:%b" % (len(message), message))
        _, number, error, value = self._read()
        assert number == self._number
        assert error is None, f"{command}: {error['message']}"
        return value

    def _read(self) -> Any:
        length = b""
        while (sign := self._answers.read(1)) != b":":
            assert sign, "Firefox has gone away"
            length += sign
        return json.loads(self._answers.read(int(length)))


def _port(process: subprocess.Popen[bytes], profile: Path) -> int:
    """Wait for the port that Firefox has chosen."""
    file = profile / "MarionetteActivePort"
    end = time.monotonic() + _SECONDS
    while not file.exists() or not file.read_text():
        assert process.poll() is None, "Firefox did not start"
        assert time.monotonic() < end, "Firefox opens no port"
        time.sleep(0.05)
    return int(file.read_text())
