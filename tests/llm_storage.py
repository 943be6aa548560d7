"""The files and batches of the model's server of the tests."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request as it arrived; ``body`` is parsed JSON, or raw. ``time`` is monotonic."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    time: float
    paper: str = ""

    @property
    def authorization(self) -> str | None:
        return self.headers.get("authorization")


@dataclass
class Stored:
    """An uploaded file; ``looks`` counts how often its state was asked for."""

    id: str
    name: str
    purpose: str
    content: bytes
    looks: int = 0


@dataclass
class Batch:
    """A batch; ``status`` moves on with each look, once its lines are done it is completed."""

    id: str
    input_file_id: str
    metadata: Any
    status: str = "validating"
    looks: int = 0
    output_file_id: str | None = None
    error_file_id: str | None = None
    errors: list[dict[str, Any]] = field(default_factory=list)
    counts: tuple[int, int, int] = (0, 0, 0)


class Storage:
    """Uploaded files and the batches made of them.

    ``processing_looks`` is how often an uploaded file is still being processed; ``unreadable``
    ones end in an error, ``undeletable`` ones stay. ``batch_looks`` is how often a batch is still
    under way (``None``: until ``end_batch``), ``batch_page`` how many are listed at a time;
    ``batch_garbage`` is put at the end of its output.
    """

    def __init__(self) -> None:
        self.processing_looks = 1
        self.unreadable = False
        self.undeletable = False
        self.files: dict[str, Stored] = {}
        self.batches: dict[str, Batch] = {}
        self.batch_looks: int | None = 2
        self.batch_garbage = b""
        self.batch_page = 20
        self._numbers = 0
        self._lock = threading.RLock()

    @property
    def live_files(self) -> list[str]:
        """The ids of uploaded files that nobody has deleted (the results of batches apart)."""
        return [file.id for file in self.files.values() if file.purpose != "batch_output"]

    def end_batch(self, batch_id: str, status: str = "completed", done: int | None = None) -> None:
        """End a batch; with ``done`` only that many lines, from the first, were answered."""
        with self._lock:
            self._finish(self.batches[batch_id], status, done)

    def _number(self, kind: str) -> str:
        self._numbers += 1
        return f"{kind}-{self._numbers:04}"

    def _store(self, name: str, purpose: str, content: bytes) -> Stored:
        file = Stored(self._number("file"), name, purpose, content)
        self.files[file.id] = file
        return file

    def _file_json(self, file: Stored) -> dict[str, Any]:
        status = "processed" if file.looks > self.processing_looks else "processing"
        if self.unreadable and file.looks:
            status = "error"
        return {
            "id": file.id,
            "object": "file",
            "bytes": len(file.content),
            "created_at": 1_767_600_000,
            "filename": file.name,
            "purpose": file.purpose,
            "status": status,
            "status_details": "no text in it" if status == "error" else None,
        }

    def _batch_json(self, batch: Batch) -> dict[str, Any]:
        total, done, failed = batch.counts
        return {
            "id": batch.id,
            "object": "batch",
            "endpoint": "/v1/chat/completions",
            "completion_window": "24h",
            "created_at": 1_767_600_000,
            "input_file_id": batch.input_file_id,
            "metadata": batch.metadata,
            "status": batch.status,
            "output_file_id": batch.output_file_id,
            "error_file_id": batch.error_file_id,
            "errors": {"object": "list", "data": batch.errors} if batch.errors else None,
            "request_counts": {"total": total, "completed": done, "failed": failed},
        }

    def _create_batch(self, body: Mapping[str, Any]) -> dict[str, Any]:
        batch = Batch(self._number("batch"), body["input_file_id"], body.get("metadata"))
        self.batches[batch.id] = batch
        file = self.files.get(batch.input_file_id)
        wrong = [
            number
            for number, line in enumerate(file.content.splitlines() if file else [b""], 1)
            if not _is_batch_line(line)
        ]
        if wrong:
            batch.status = "failed"
            batch.errors = [
                {"code": "invalid_json_line", "message": "This line is wrong.", "line": number}
                for number in wrong
            ]
        return self._batch_json(batch)

    def _look(self, batch: Batch) -> dict[str, Any]:
        batch.looks += 1
        if batch.status in ("validating", "in_progress"):
            batch.status = "in_progress"
            if self.batch_looks is not None and batch.looks > self.batch_looks:
                self._finish(batch, "completed", None)
        return self._batch_json(batch)

    def _finish(self, batch: Batch, status: str, done: int | None) -> None:
        lines = [json.loads(line) for line in self.files[batch.input_file_id].content.splitlines()]
        good, bad = [], []
        for number, line in enumerate(lines):
            reached = done is None or number < done
            record = self._batch_record(line) if reached else _unreached(line, status)
            answered = record["response"] is not None and record["response"]["status_code"] == 200
            (good if answered else bad).append(json.dumps(record, ensure_ascii=False).encode())
        batch.status = status
        batch.counts = (len(lines), len(good), len(bad))
        # Not in the order of the questions: the API promises none.
        output = b"\n".join([*reversed(good), self.batch_garbage])
        if good or self.batch_garbage:
            batch.output_file_id = self._store("out.jsonl", "batch_output", output).id
        if bad:
            batch.error_file_id = self._store("err.jsonl", "batch_output", b"\n".join(bad)).id

    def _batch_record(self, line: Mapping[str, Any]) -> dict[str, Any]:
        status, answer = self._batch_answer(line["body"])
        response = {"status_code": status, "request_id": "req-1", "body": answer}
        return {"id": "b", "custom_id": line["custom_id"], "response": response, "error": None}

    def route(self, call: Call) -> tuple[int, Any]:
        """The status and the JSON (or bytes) for a call."""
        url = urlsplit(call.path)
        match url.path.removeprefix("/v1/").split("/"):
            case ["files", *rest]:
                found = self._files_route(call, rest)
            case ["batches", *rest]:
                found = self._batches_route(call, rest, parse_qs(url.query))
            case _:
                found = None
        if found is None:
            return 404, {"error": {"message": f"Invalid URL ({call.method} {call.path})"}}
        return 200, found

    def _files_route(self, call: Call, rest: list[str]) -> Any:
        match call.method, rest:
            case "POST", []:
                return self._file_json(self._store(*_upload(call)))
            case "GET", []:
                files = [self._file_json(file) for file in self.files.values()]
                return {"object": "list", "data": files, "has_more": False}
            case "GET", [file_id] if file_id in self.files:
                self.files[file_id].looks += 1
                return self._file_json(self.files[file_id])
            case "GET", [file_id, "content"] if file_id in self.files:
                return self.files[file_id].content
            case "DELETE", [file_id] if file_id in self.files and not self.undeletable:
                del self.files[file_id]
                return {"id": file_id, "object": "file", "deleted": True}
        return None

    def _batches_route(self, call: Call, rest: list[str], query: Mapping[str, list[str]]) -> Any:
        match call.method, rest:
            case "POST", []:
                return self._create_batch(call.body)
            case "GET", []:
                return self._batch_list(query)
            case "GET", [batch_id] if batch_id in self.batches:
                return self._look(self.batches[batch_id])
            case "POST", [batch_id, "cancel"] if batch_id in self.batches:
                self._finish(self.batches[batch_id], "cancelled", 0)
                return self._batch_json(self.batches[batch_id])
        return None

    def _batch_list(self, query: Mapping[str, list[str]]) -> dict[str, Any]:
        newest = list(reversed(self.batches.values()))
        if "after" in query:
            newest = newest[[batch.id for batch in newest].index(query["after"][0]) + 1 :]
        size = min(self.batch_page, int(query.get("limit", ["20"])[0]))
        page = [self._batch_json(batch) for batch in newest[:size]]
        return {"object": "list", "data": page, "has_more": len(newest) > size}

    def _batch_answer(self, body: Mapping[str, Any]) -> tuple[int, Any]:
        raise NotImplementedError


def _upload(call: Call) -> tuple[str, str, bytes]:
    """Name, purpose and content of a multipart upload."""
    boundary = call.headers["content-type"].partition("boundary=")[2].strip('"').encode()
    fields: dict[str, tuple[str, bytes]] = {}
    for part in (b"\r\n" + call.body).split(b"\r\n--" + boundary)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        names = dict(re.findall(r'(name|filename)="([^"]*)"', head.decode()))
        fields[names["name"]] = (names.get("filename", ""), content)
    return fields["file"][0], fields["purpose"][1].decode(), fields["file"][1]


def _is_batch_line(line: bytes) -> bool:
    try:
        record = json.loads(line)
    except ValueError:
        return False
    return {"custom_id", "method", "url", "body"} == set(record) and record["method"] == "POST"


def _unreached(line: Mapping[str, Any], status: str) -> dict[str, Any]:
    told = {"code": f"batch_{status}", "message": "This request could not be executed in time."}
    return {"id": "b", "custom_id": line["custom_id"], "response": None, "error": told}
