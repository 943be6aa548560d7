"""The recipes of docs/hosting.md: any static server, nginx, Docker, Vercel, cron."""

from __future__ import annotations

import fcntl
import fnmatch
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import feedparser
import pytest
from playwright.sync_api import Browser, Page, expect

from generator.update.sources.calendar import EASTERN
from tests.chromium import wait_until
from tests.loopback import Answer, Loopback
from tests.projects import PROJECT, make_project, run_generator, serving
from tests.rss import Item, feed

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
HOSTING = (PROJECT / "docs" / "hosting.md").read_text()
NOBODY = 65534


# --- Below a path of a host that has other sites ------------------------------------------------


@pytest.fixture(scope="module")
def under_a_path(golden: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The golden site below ``/repo/``, its address with a slash.

    As on GitHub Pages: another site at the root, the 404 page wherever something is missing.
    """
    folder = tmp_path_factory.mktemp("under")
    root = folder / "root"
    root.mkdir()
    (root / "index.html").write_text("<title>Another site</title>")
    with serving(root) as address:
        project = shutil.copytree(golden, folder / "project", symlinks=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DAYBOOK_SITE_URL", f"{address}repo")
            run_generator(project, "build")
        shutil.copytree(project / "site", root / "repo")
        shutil.copy(project / "site" / "404.html", root)
        yield f"{address}repo/"


@pytest.mark.browser
def test_everything_works_below_a_path(browser: Browser, under_a_path: str) -> None:
    page = browser.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("response", lambda answer: wrong.append(answer.url) if answer.status >= 400 else None)
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(under_a_path) else wrong.append(asked.url),
    )
    page.goto(under_a_path)
    page.locator(".strip a.d").first.click()
    expect(page).to_have_url(under_a_path + "days/2026-02-04/")
    page.get_by_role("link", name="A quiet LLM").first.click()
    expect(page).to_have_url(under_a_path + "papers/2602.90002/")
    page.goto(f"{under_a_path}search/?q=sparse")
    page.wait_for_selector("#search-status[data-done=true][data-total]")
    hits = page.locator("#results > li h2 a").evaluate_all("links => links.map((a) => a.href)")
    assert f"{under_a_path}papers/math/0309136/?highlight=sparse" in hits
    page.goto(next(hit for hit in hits if "0309136" in hit))
    wait_until(page, "CSS.highlights.get('search')?.size > 0")
    assert wrong == []
    page.close()


@pytest.mark.browser
def test_the_header_box_leads_to_a_paper_below_a_path(
    window: Callable[..., Page], under_a_path: str
) -> None:
    page = window()
    page.goto(under_a_path + "papers/math/0309136/")
    page.locator("#search").press_sequentially("quiet")
    page.locator("#search-list [role=option]", has_text="A quiet LLM").first.click()
    page.wait_for_url(f"{under_a_path}papers/2602.90002/**")


@pytest.mark.browser
def test_the_404_page_has_its_looks_and_leads_back_below_a_path(
    browser: Browser, under_a_path: str
) -> None:
    page = browser.new_page()
    failed: list[str] = []
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    answer = page.goto(under_a_path + "papers/no/such/paper/")
    assert answer is not None
    assert answer.status == 404
    assert failed == [under_a_path + "papers/no/such/paper/"]  # style and scripts were found
    page.locator("header a").first.click()
    expect(page).to_have_url(under_a_path)
    page.close()


def test_feeds_below_a_path_lead_to_pages(under_a_path: str) -> None:
    read = feedparser.parse(under_a_path + "feed.xml")
    assert read.entries
    for entry in read.entries:
        assert entry.link.startswith(under_a_path)
        assert _get(entry.link)[0] == 200


def test_what_programs_read_has_addresses_below_the_path(under_a_path: str) -> None:
    assert f"Sitemap: {under_a_path}sitemap.xml" in _get(f"{under_a_path}robots.txt")[2].decode()
    index = json.loads(_get(f"{under_a_path}api/v1/index.json")[2])
    assert index["latest"] == f"{under_a_path}api/v1/latest.json"
    (paper, *_) = json.loads(_get(index["latest"])[2])["papers"]
    assert _get(paper["url"])[0] == _get(paper["page"])[0] == 200


def _get(address: str, **headers: str) -> tuple[int, Mapping[str, str], bytes]:
    host, _, path = address.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request(
        "GET", f"/{path}", headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {k.lower(): v for k, v in answer.getheaders()}, body


# --- nginx ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def nginx(golden_site: Path) -> Iterator[str]:
    """Debian's nginx with the shipped configuration, not as root; the address with a slash."""
    if NGINX is None:
        pytest.skip("no nginx on this machine (Debian's package nginx-light)")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # pytest's folders are for their owner only.
    folder = Path(tempfile.mkdtemp(prefix="nginx-test-"))
    shutil.copytree(golden_site, folder / "site")
    shipped = (PROJECT / "deploy" / "nginx.conf").read_text()
    for old, new in (
        ("listen 8080;", f"listen 127.0.0.1:{port};"),
        ("root /srv/daybook;", f"root {folder}/site;"),
        ("/tmp/daybook-nginx", f"{folder}/run/daybook-nginx"),
    ):
        assert old in shipped
        shipped = shipped.replace(old, new)
    (folder / "nginx.conf").write_text(shipped)
    (folder / "run").mkdir()
    command = [NGINX, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    if os.geteuid() == 0:
        os.chown(folder / "run", NOBODY, NOBODY)
        folder.chmod(0o755)
        who = (f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
        command = ["setpriv", *who, *command]
    log = (folder / "log").open("w+")
    server = subprocess.Popen(command, stderr=log)
    try:
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert server.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/"
        # Nothing was wrong with the configuration, and nothing needed root.
        assert not re.search(r"\[(warn|alert|emerg)\]", (folder / "log").read_text())
    finally:
        server.terminate()
        server.wait()
        log.close()
        shutil.rmtree(folder)


def test_nginx_compresses_texts(nginx: str) -> None:
    for path in ("", "feed.xml", "assets/daybook.css", "assets/daybook.js", "search/lunr.js"):
        status, headers, body = _get(nginx + path, Accept_Encoding="gzip")
        assert status == 200, path
        assert headers["content-encoding"] == "gzip", path
        assert "accept-encoding" in headers["vary"].lower()
        assert len(body) < len(_get(nginx + path)[2])


def test_nginx_says_what_may_be_kept(nginx: str, golden_site: Path) -> None:
    def caching(path: str) -> str:
        return _get(nginx + path)[1]["cache-control"]

    for path in ("", "days/2026-02-05/", "search/parts.json", "assets/daybook.js", "no/such/page"):
        assert caching(path) == "no-cache", path
    found = [
        path.relative_to(golden_site).as_posix()
        for pattern in ("search/*/terms/*", "search/*/names/*", "main.*.min.css")
        for path in golden_site.rglob(pattern)
    ]
    assert len(found) >= 3
    for path in found:
        assert caching(path).endswith("immutable"), path


def test_nginx_lets_pages_of_other_sites_read_the_data_api(nginx: str) -> None:
    status, headers, _ = _get(f"{nginx}api/v1/latest.json")
    assert status == 200
    assert headers["access-control-allow-origin"] == "*"
    assert headers["content-type"].startswith("application/json")
    assert "access-control-allow-origin" not in _get(nginx)[1]
    assert _get(f"{nginx}llms.txt")[1]["content-type"] == "text/plain; charset=utf-8"


def test_nginx_sends_what_each_page_allows(nginx: str, golden_site: Path) -> None:
    for path in ("", "papers/2602.90001/", "no/such/page", "assets/search/worker.js"):
        _, headers, body = _get(nginx + path)
        assert headers["content-security-policy"].endswith("; frame-ancestors 'self'")
        if path.endswith(".js"):
            continue
        allowed = headers["content-security-policy"].removesuffix("; frame-ancestors 'self'")
        assert f'content="{allowed}"' in body.decode()
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" not in _get(f"{nginx}feed.xml")[1]


def test_nginx_asks_again_and_hears_that_nothing_changed(nginx: str) -> None:
    tag = _get(nginx + "days/")[1]["etag"]
    assert _get(nginx + "days/", If_None_Match=tag)[0] == 304


def test_nginx_has_the_404_page_and_the_slash(nginx: str, golden_site: Path) -> None:
    status, _, body = _get(nginx + "papers/no/such/")
    assert (status, body) == (404, (golden_site / "404.html").read_bytes())
    status, headers, _ = _get(nginx + "papers/2602.90001")
    assert (status, headers["location"]) == (301, "/papers/2602.90001/")
    assert _get(nginx + "papers/2602.90001/")[0] == 200


# --- Docker -----------------------------------------------------------------------------------


def _instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions and their arguments."""
    text = (PROJECT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    pairs = [line.split(maxsplit=1) for line in lines]
    return [(name, rest) for name, rest in pairs]


def _ignored(folder: str, names: list[str]) -> set[str]:
    """What .dockerignore keeps out of the image, for copytree."""
    patterns = (PROJECT / ".dockerignore").read_text().split()
    below = Path(folder).relative_to(PROJECT)
    return {
        name
        for name in names
        for pattern in patterns
        if fnmatch.fnmatch((below / name).as_posix(), pattern)
        or (pattern.startswith("**/") and fnmatch.fnmatch(name, pattern[3:]))
    }


def test_the_steps_of_the_dockerfile_make_the_site(tmp_path: Path, golden_site: Path) -> None:
    image, tools = tmp_path / "image", tmp_path / "tools"
    image.mkdir()
    tools.mkdir()
    python = tools / "python"
    python.write_text(
        f'#!/bin/bash\n[[ "$*" == "-m pip install"*"-r requirements.lock" ]] && exec test -f '
        f'requirements.lock\nexec "{sys.executable}" "$@"\n'
    )
    python.chmod(0o755)
    environment = {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    stage = 0
    for name, rest in _instructions():
        if name == "FROM":
            stage += 1
        elif stage == 1 and name == "COPY":
            *sources, target = rest.split()
            assert target == "./"
            if sources == ["."]:
                shutil.copytree(PROJECT, image, ignore=_ignored, dirs_exist_ok=True)
                shutil.rmtree(image / "data", ignore_errors=True)
                shutil.copytree(golden_site.parent / "data", image / "data")
            else:
                for source in sources:
                    shutil.copy(PROJECT / source, image)
        elif stage == 1 and name == "ENV":
            variable, _, value = rest.partition("=")
            environment[variable] = "https://papers.example/" if value.startswith("$") else value
        elif stage == 1 and name == "RUN":
            subprocess.run(["bash", "-ec", rest], cwd=image, env=environment, check=True)
    assert not {".git", ".venv", "tests", "site.new"} & {path.name for path in image.iterdir()}
    written = (image / "site" / "papers" / "2602.90001" / "index.html").read_text()
    assert 'rel="canonical" href="https://papers.example/papers/2602.90001/"' in written


def test_the_image_serves_what_was_built_and_not_as_root() -> None:
    instructions = _instructions()
    last = instructions[[name for name, _ in instructions].index("COPY", 5) :]
    stages = [rest for name, rest in instructions if name == "FROM"]
    assert [stage.partition(":")[0] for stage in stages] == ["python", "nginx"]
    work = dict(instructions)["WORKDIR"]
    configuration = (PROJECT / "deploy" / "nginx.conf").read_text()
    root = re.search(r"root (\S+);", configuration)
    port = re.search(r"listen (\d+);", configuration)
    assert root
    assert port
    assert ("COPY", f"--from=build {work}/site {root[1]}") in last
    assert ("COPY", "deploy/nginx.conf /etc/nginx/nginx.conf") in last
    assert ("USER", "nginx") in last
    assert ("EXPOSE", port[1]) in last
    assert int(port[1]) > 1023
    assert re.search(r"^user\b", configuration, re.M) is None


# --- Vercel -----------------------------------------------------------------------------------


def _redirected(path: str) -> str | None:
    """Where vercel.json sends a path. Its patterns are regular expressions after each name."""
    for rule in json.loads((PROJECT / "vercel.json").read_text())["redirects"]:
        pattern = re.sub(r":(\w+)\(((?:[^()]|\([^()]*\))*)\)", r"(?P<\1>\2)", rule["source"])
        pattern = re.sub(r"(?<![?(]):(\w+)", r"(?P<\1>[^/]+)", pattern)
        if found := re.fullmatch(pattern, path):
            return re.sub(r":(\w+)", lambda name: found[name[1]], rule["destination"])
    return None


def test_vercel_gives_every_page_its_slash_and_leaves_files_alone(golden_site: Path) -> None:
    settings = json.loads((PROJECT / "vercel.json").read_text())
    # With true, Vercel takes the slash *away* from /papers/2602.90001/: it sees an extension there.
    assert "trailingSlash" not in settings
    assert settings["cleanUrls"] is False
    for file in golden_site.rglob("*"):
        path = "/" + file.relative_to(golden_site).as_posix()
        if file.name == "index.html" and path != "/index.html":
            page = path.removesuffix("/index.html")
            assert _redirected(page) == f"{page}/"
            assert _redirected(f"{page}/") is None
        if file.is_file():
            assert _redirected(path) is None


def test_vercel_sends_the_policy_with_all_but_feeds(golden_site: Path) -> None:
    rules = json.loads((PROJECT / "vercel.json").read_text())["headers"]
    (rule,) = [r for r in rules if r["headers"][0]["key"] == "Content-Security-Policy"]
    for file in golden_site.rglob("*.*"):
        path = "/" + file.relative_to(golden_site).as_posix().removesuffix("index.html")
        assert bool(re.fullmatch(rule["source"], path)) == (file.suffix not in {".xml", ".opml"})


def test_serve_sends_what_each_page_allows(served: str) -> None:
    for path in ("", "papers/2602.90001/", "no/such/page"):
        _, headers, body = _get(served + path)
        allowed = headers["content-security-policy"].removesuffix("; frame-ancestors 'self'")
        assert f'content="{allowed}"' in body.decode()
        assert headers["referrer-policy"] == "same-origin"
    worker = _get(f"{served}assets/search/worker.js")[1]["content-security-policy"]
    assert worker.startswith("default-src 'none'")
    assert "content-security-policy" not in _get(f"{served}feed.xml")[1]


def test_vercels_commands_make_the_site(tmp_path: Path, golden_site: Path) -> None:
    settings = json.loads((PROJECT / "vercel.json").read_text())
    project = make_project(tmp_path / "project")
    shutil.copytree(golden_site.parent / "data", project / "data")
    assert settings["installCommand"].endswith(" -r requirements.lock")
    (project / ".venv").symlink_to(sys.prefix)
    environment = {**os.environ, "VERCEL_PROJECT_PRODUCTION_URL": "daybook.example.app"}
    environment.pop("DAYBOOK_SITE_URL", None)
    subprocess.run(
        ["sh", "-ec", settings["buildCommand"]], cwd=project, env=environment, check=True
    )
    page = project / settings["outputDirectory"] / "days" / "2026-02-05" / "index.html"
    assert 'rel="canonical" href="https://daybook.example.app/days/2026-02-05/"' in page.read_text()


# --- cron -------------------------------------------------------------------------------------


def _crontab() -> str:
    """The command of the crontab line in the document."""
    line = re.search(r"^ {4}\d+ \d+ \* \* 1-5 +(.*)$", HOSTING, re.M)
    assert line
    return line[1]


@pytest.fixture
def home(tmp_path: Path, arxiv: Loopback) -> Path:
    """A home folder with a project that is ready, and today's announcements."""
    project = make_project(tmp_path / "daybook", feeds=arxiv.url, categories="cs.LG")
    shutil.copytree(PROJECT / "deploy", project / "deploy")
    (project / ".venv").symlink_to(sys.prefix)
    return tmp_path


def _cron(home: Path) -> str:
    """What cron would mail."""
    done = subprocess.run(
        ["/bin/sh", "-c", _crontab()],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def test_cron_is_silent_when_all_is_well(home: Path, arxiv: Loopback) -> None:
    today = datetime.now(EASTERN).date()
    arxiv.on("/rss/cs.LG", Answer(200, feed("cs.LG", today, Item())))
    assert _cron(home) == ""
    assert (home / "daybook" / "site" / "papers" / "2601.90001" / "index.html").is_file()


def test_cron_mails_what_went_wrong_and_still_builds(home: Path) -> None:
    mailed = _cron(home)
    assert "No feed could be read" in mailed
    assert (home / "daybook" / "site" / "index.html").is_file()


def test_cron_never_runs_twice_at_once(home: Path) -> None:
    (home / "daybook" / ".cache").mkdir()
    lock = home / "daybook" / ".cache" / "daily.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        _cron(home)
    assert not (home / "daybook" / "site").exists()
