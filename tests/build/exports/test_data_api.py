"""The data API: every document against its schema, against the pages, and against the promise."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from urllib.request import urlopen

import pytest
from jsonschema import Draft202012Validator

from generator.build.archive.archive import Archive
from generator.build.exports.api import api_makers
from generator.store.store import Store
from tests.builders import SITE
from tests.projects import PROJECT, contents, make_project, run_generator, serving
from tests.schemas import api_documents, parsed, problems
from tests.shared import corpus_files, needs_shared

DOCUMENT = (PROJECT / "docs" / "api.md").read_text()
SCHEMAS = PROJECT / "generator" / "build" / "exports" / "api_schema"


def addresses(value: Any) -> Iterator[str]:
    """Every address of the site's own in a document, but for what sources wrote."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in ("$schema", "url", "page", "latest", "rss", "atom", "json", "opml"):
                yield from [item] if isinstance(item, str) else addresses(item)
            elif not isinstance(item, str):
                yield from addresses(item)
    elif isinstance(value, list):
        for item in value:
            yield from addresses(item)


def named(documents: dict[str, Any]) -> list[Any]:
    """The documents that are no schemas."""
    return [document for name, document in documents.items() if not name.startswith("schema/")]


def dead_addresses(site: Path) -> list[str]:
    """Those that no file of the site answers."""
    dead = []
    for name, document in api_documents(site).items():
        for address in addresses(document) if not name.startswith("schema/") else ():
            assert address.startswith(SITE.url), (name, address)
            path = site / unquote(address.removeprefix(SITE.url))
            if not (path.is_file() or (path / "index.html").is_file()):
                dead.append(f"{name}: {address}")
    return dead


# --- The documents ------------------------------------------------------------------------------


def test_every_document_keeps_its_schema(golden_site: Path) -> None:
    documents = api_documents(golden_site)
    assert problems(documents) == []
    used = {document["$schema"].removeprefix(f"{SITE.url}api/v1/") for document in named(documents)}
    published = {name for name in documents if name.startswith("schema/")}
    assert used | {"schema/common.json"} == published
    assert published == {f"schema/{path.name}" for path in SCHEMAS.glob("*.json")}


def test_every_address_leads_somewhere(golden_site: Path) -> None:
    assert dead_addresses(golden_site) == []


def test_every_paper_day_category_and_tag_has_its_document(golden_site: Path) -> None:
    found = set(api_documents(golden_site))
    index = api_documents(golden_site)["index.json"]
    for kind in ("days", "papers", "categories", "tags"):
        pages = {
            path.parent.relative_to(golden_site).as_posix()
            for path in (golden_site / kind).rglob("index.html")
            if not re.fullmatch(r"\d{4}(-W?\d{2})?", path.parent.name) and path.parent.name != kind
        }
        assert {f"{page}.json" for page in pages} <= found
        assert index[kind]["count"] == len(pages)


def test_a_paper_is_told_as_its_page_tells_it(golden_site: Path) -> None:
    paper = api_documents(golden_site)["papers/math/0309136.json"]
    assert paper["title"].startswith("Sparse attention <b>before</b> its time")
    assert len(paper["authors"]) == 60
    assert [summary["language"] for summary in paper["summaries"]] == ["en", "zh"]
    assert paper["summaries"][0]["usage"]["cost"] == 0.004312
    assert paper["tldr"]["source"] == "model"
    assert paper["lists"][0]["rank"] == 2
    extract = api_documents(golden_site)["papers/2602.90002.json"]["tldr"]
    assert (extract["source"], extract["text"]) == ("abstract", "We invent a method and sample it.")


def test_what_is_for_the_operator_stays_out(golden_site: Path) -> None:
    documents = api_documents(golden_site)
    assert documents["papers/2602.90003.json"]["summary_is_pending"] is True
    assert "api.invalid" not in json.dumps(documents)


def test_the_latest_day_is_the_newest_that_lists_papers(golden_site: Path) -> None:
    documents = api_documents(golden_site)
    assert documents["latest.json"] == documents["days/2026-02-05.json"]
    assert documents["days.json"]["days"][0]["date"] == "2026-02-07"
    assert documents["days/2026-02-07.json"]["papers"] == []


def test_a_mirror_sees_what_has_changed(golden_site: Path) -> None:
    """What a list says of a change is what the document itself says."""
    documents = api_documents(golden_site)
    for day in documents["days.json"]["days"]:
        document = documents[f"days/{day['date']}.json"]
        assert document["modified"] == day["modified"]
        assert all(paper["modified"] <= day["modified"] for paper in document["papers"])
    months = [month["month"] for month in documents["papers.json"]["months"]]
    listed = [paper for month in months for paper in documents[f"papers/{month}.json"]["papers"]]
    assert len(listed) == documents["index.json"]["papers"]["count"]
    for paper in listed:
        assert documents[f"papers/{paper['id']}.json"]["modified"] == paper["modified"]


def test_an_empty_archive_has_valid_documents(empty_site: Path) -> None:
    documents = api_documents(empty_site)
    assert problems(documents) == []
    assert dead_addresses(empty_site) == []
    assert {name for name in documents if not name.startswith("schema/")} == {
        *("index.json", "days.json", "papers.json", "categories.json", "tags.json")
    }
    assert documents["index.json"]["latest"] is None


def test_a_rebuild_removes_what_is_no_more(own_golden: Path) -> None:
    project = own_golden
    (project / "site" / "api" / "v1" / "days" / "2020-01-01.json").write_text("{}\n")
    before = contents(project / "data")
    run_generator(project, "build")
    assert not (project / "site" / "api" / "v1" / "days" / "2020-01-01.json").exists()
    assert contents(project / "data") == before


@needs_shared
def test_days_of_the_real_corpus_keep_the_schemas(tmp_path: Path) -> None:
    history = tmp_path / "history"
    history.mkdir()
    for name, raw in list(corpus_files().items())[::16]:
        (history / name).write_bytes(raw)
    project = make_project(tmp_path / "project")
    run_generator(project, "import", str(history))
    store = Store(project / "data")
    makers = api_makers(Archive.of(store.papers(), store.days()), SITE)
    documents = parsed({path: data for maker in makers for path, data in maker()})
    assert problems(documents) == []
    assert documents["index.json"]["papers"]["count"] > 200
    assert sum(bool(d.get("summaries")) for d in documents.values()) > 50


# --- The promise --------------------------------------------------------------------------------


def test_the_schemas_are_schemas_and_closed() -> None:
    for path in SCHEMAS.glob("*.json"):
        schema = json.loads(path.read_text())
        Draft202012Validator.check_schema(schema)
        assert schema["$id"] == path.name
        for where, part in objects(schema):
            assert part["additionalProperties"] is False, (path.name, where)
            assert set(part["required"]) == set(part["properties"]), (path.name, where)
            for name, field in part["properties"].items():
                assert field["description"].endswith("."), (path.name, where, name)


def objects(schema: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object that a schema describes, with the place of it."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield where, schema
        for key, part in schema.items():
            yield from objects(part, f"{where}/{key}")


def fields(part: Any, defs: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every field that a document can have, with its description: ``papers[].rank``."""
    part = defs[part["$ref"].rpartition("/")[2]] if "$ref" in part else part
    if "items" in part:
        yield from fields(part["items"], defs, f"{prefix}[]")
    for name, field in part.get("properties", {}).items():
        path = f"{prefix}.{name}" if prefix else name
        yield path, field["description"]
        yield from fields(field, defs, path)


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in SCHEMAS.glob("*.json") if path.stem != "common")
)
def test_the_document_describes_every_field(name: str) -> None:
    """The tables of docs/api.md are the schemas, word for word."""
    defs = json.loads((SCHEMAS / "common.json").read_text())["$defs"]
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    table = "\n".join(f"| `{field}` | {about} |" for field, about in fields(schema, defs))
    section = DOCUMENT.partition(f"Schema: `schema/{name}.json`.")[2].partition("\n## ")[0]
    assert f"|---|---|\n{table}\n" in section, f"the table should be:\n{table}"


def test_the_python_example_runs(
    golden_site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a copy whose addresses are those at which it is served."""
    (example,) = re.findall(r"```python\n(.*?)```", DOCUMENT, re.S)
    (tmp_path / "index.html").touch()
    with serving(tmp_path) as address:
        for path, data in contents(golden_site / "api").items():
            (tmp_path / "api" / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "api" / path).write_bytes(data.replace(SITE.url.encode(), address.encode()))
        exec(compile(example.replace("https://papers.example/", address), "api.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "3.0 An LLM kernel\n" in printed
    assert "  zh, by sample-model-2: 证明单头注意力只需" in printed


def test_a_page_of_another_site_may_read_it_where_the_recipes_serve_it() -> None:
    settings = json.loads((PROJECT / "vercel.json").read_text())
    (rule,) = [rule for rule in settings["headers"] if rule["source"] == "/api/(.*)"]
    assert rule["headers"] == [{"key": "Access-Control-Allow-Origin", "value": "*"}]


def test_the_served_types_are_right(served: str) -> None:
    for path, kind in {
        "api/v1/index.json": "application/json",
        "llms.txt": "text/plain; charset=utf-8",
        "robots.txt": "text/plain; charset=utf-8",
        "sitemap.xml": "application/xml; charset=utf-8",
    }.items():
        with urlopen(served + path) as answer:
            assert answer.headers["Content-Type"] == kind
