"""A key in a server's answers: in no message, no log, no summary, whatever is made of it."""

from __future__ import annotations

import base64
import json
import logging
import traceback
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.core.errors import DaybookError
from generator.update.summarize.model import ModelFailure
from generator.update.summarize.provider.scrub import scrub
from tests.asking import KEY, failure, question
from tests.growth import assert_linear
from tests.llm_replies import Reply, error
from tests.llm_server import ModelServer

FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "swapped case": str.swapcase,
    "backwards": lambda key: key[::-1],
    "URL-encoded": lambda key: "".join(f"%{ord(c):02X}" for c in key),
    "URL-encoded in part": lambda key: quote(key, safe="").replace("d", "%64"),
    "JSON-escaped": lambda key: "".join(f"\\u{ord(c):04x}" for c in key),
    "HTML-escaped": lambda key: "".join(f"&#{ord(c)};" for c in key),
    "HTML-escaped in hex": lambda key: "".join(f"&#x{ord(c):x};" for c in key),
    "split by spaces": " ".join,
    "split by lines": lambda key: key[:9] + "\n   " + key[9:],
    "split by controls": "\x01".join,
    "split by nothing to see": "\u200b".join,
    "Base64": lambda key: base64.b64encode(key.encode()).decode(),
    "Base64 of the header": lambda key: base64.b64encode(f"Bearer {key}".encode()).decode(),
    "Base64 of a basic login": lambda key: base64.b64encode(f":{key}".encode()).decode(),
    "Base64 for URLs": lambda key: base64.urlsafe_b64encode(f"k={key}".encode()).decode(),
    "hexadecimal": lambda key: key.encode().hex(),
    "Base64 in lines": lambda key: base64.encodebytes(key.encode() * 3).decode(),
    "Base64 backwards": lambda key: base64.b64encode(key.encode()).decode()[::-1],
    "Base32": lambda key: base64.b32encode(f"k={key}".encode()).decode(),
    "quoted-printable": lambda key: "".join(f"={ord(c):02X}" for c in key),
    "a list": lambda key: str(list(key)),
    "a list of bytes": lambda key: str(list(key.encode())),
    "a list of bytes in hex": lambda key: ", ".join(map(hex, key.encode())),
    "a list of bytes in HEX": lambda key: " ".join(f"0X{byte:02X}" for byte in key.encode()),
    "hexadecimal in pairs": lambda key: key.encode().hex(" "),
    "a list of bytes in octal": lambda key: ", ".join(map(oct, key.encode())),
    "octal as od has it": lambda key: " ".join(f"{byte:03o}" for byte in key.encode()),
    "octal escapes": lambda key: "".join(f"\\{byte:o}" for byte in key.encode()),
    "a list of three digits": lambda key: " ".join(f"{byte:03}" for byte in key.encode()),
    "code points": lambda key: " ".join(f"U+{ord(c):04X}" for c in key),
    "an integer": lambda key: hex(int.from_bytes(key.encode())),
    "URL-encoded twice": lambda key: "".join(f"%25{ord(c):02x}" for c in key),
    "starred": lambda key: f"{key[:7]}{'*' * 12}{key[-4:]}",
    "its beginning": lambda key: key[:-4],
    "its end": lambda key: key[5:],
}


def _visible(text: str) -> str:
    return "".join(c for c in text if c.isprintable() and c not in " ',=")


def _left_of(form: str, text: str) -> list[str]:
    """Six characters each that a text has of a form: more than chance, less than is covered."""
    found = []
    for key in (KEY, "~" * len(KEY)):  # with any other key the same frame stands around it
        written = _visible(FORMS[form](key))
        found.append([written[start : start + 6] for start in range(len(written) - 5)])
    return [part for part in found[0] if part in text and part not in found[1] and "*" not in part]


REPLIES: dict[str, Callable[[str], Reply]] = {
    "message": lambda text: error(401, f"Incorrect key: {text} is not known"),
    "cut": lambda text: Reply(status=403, body=("x" * 100 + text).encode()),
    "title": lambda text: Reply(status=404, body=f"<title>No {text}</title>".encode()),
    "no JSON": lambda text: Reply(body=("y" * 110 + text).encode(), content_type="text/plain"),
    "long": lambda text: error(422, "z" * 285 + " " + text),
    "200": lambda text: Reply(body=json.dumps({"error": {"message": text}}).encode()),
    "header": lambda text: Reply(
        status=429, headers={"Retry-After": text.encode("unicode_escape").decode()}
    ),
}
CASES = [
    (reply, form)
    for reply in REPLIES
    for form in FORMS
    if reply in ("message", "cut") or form in ("as it is", "JSON-escaped", "its beginning")
]


@pytest.mark.parametrize(("reply", "form"), CASES)
def test_no_form_of_the_key_is_in_a_message_or_log(server, model, reply, form, caplog) -> None:
    server.always("", REPLIES[reply](FORMS[form](KEY)))
    asking = model()
    with caplog.at_level(logging.DEBUG), pytest.raises((ModelFailure, DaybookError)) as caught:
        asking.ask(question())
    said = "".join(traceback.format_exception(caught.value)) + str(caught.value) + caplog.text
    assert _left_of(form, _visible(said)) == []


@pytest.mark.parametrize("form", [form for form in FORMS if form != "starred"])
def test_no_form_of_the_key_is_in_an_answer(server, model, form: str) -> None:
    server.always("", Reply(content=json.dumps({"tldr": "T.", "body": FORMS[form](KEY)})))
    body = json.loads(model().ask(question()).text)["body"]
    assert "***" in body
    assert _left_of(form, _visible(body)) == []


def test_the_words_of_an_answer_are_kept(server: ModelServer, model) -> None:
    """Some servers want any key, and people give them a word."""
    text = "No key required: ollama is EMPTY, and sk-no-key is not-needed."
    for key in ("ollama", "EMPTY", "sk-no-key-required", "not-needed"):
        server.always("", Reply(content=json.dumps({"tldr": "T.", "body": text})))
        assert json.loads(model(key=key).ask(question()).text)["body"] == text


@given(
    before=st.binary(max_size=30),
    after=st.binary(max_size=30),
    key=st.from_regex(r"[!-~]{0,9}[A-Za-z0-9]{16}[!-~]{0,20}", fullmatch=True),
    form=st.sampled_from(["as it is", "URL-encoded", "JSON-escaped", "hexadecimal"]),
)
def test_whatever_stands_around_a_key_it_goes(before, after, key, form) -> None:
    written = FORMS[form](key).encode()
    assert written not in scrub(before + written + after, key)


@given(data=st.binary(), key=st.text("0123456789", min_size=40))
def test_what_has_nothing_of_a_key_stays(data: bytes, key: str) -> None:
    assert scrub(data.translate(None, b"0123456789MDEyNTcz"), key) == data.translate(
        None, b"0123456789MDEyNTcz"
    )


def test_a_long_answer_takes_time_in_proportion() -> None:
    assert_linear(lambda n: scrub(f"{KEY} %41 \\u0041 x".encode() * n, KEY), 4_000)


@pytest.mark.parametrize(
    "reply",
    [
        *(error(status, f"key {KEY} " * 20) for status in (400, 401, 403, 404, 413, 422, 429, 500)),
        Reply(content=None, refusal=f"No: {KEY}"),
        Reply(body=f"<title>{KEY}</title>".encode(), content_type="text/html"),
        Reply(body=json.dumps({"error": {"message": KEY}}).encode()),
        error(500, "x" * 280 + KEY),
        error(401, f"Authorization was 'Bearer {KEY}'"),
    ],
)
def test_the_key_is_in_no_message_and_no_log(server: ModelServer, model, reply, caplog) -> None:
    server.always("", reply)
    asking = model()
    with caplog.at_level(logging.DEBUG), pytest.raises((ModelFailure, DaybookError)) as caught:
        asking.ask(question())
    said = "".join(traceback.format_exception(caught.value)) + str(caught.value) + caplog.text
    assert not any(part in said for part in (KEY, KEY[:16], KEY[-10:]))
    assert KEY not in repr(asking) + repr(vars(asking)) + repr(asking.connection.server)


def test_a_key_of_any_form_is_left_out(server: ModelServer, model) -> None:
    key = "0a1b2c3d4e5f.Zx-9"
    server.always("", error(422, f"not with {key}, says {key!r}"))
    assert failure(model(key=key)).detail == "HTTP 422: not with ***, says '***'"
