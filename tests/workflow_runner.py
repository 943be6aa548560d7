"""Runs a workflow's own steps on this machine, in the place of GitHub's runner.

Every ``run:`` is executed as it stands, with bash as GitHub calls it. Every ``uses:`` has a known
stand-in: a clone of ``origin``, the Python that runs the tests, a folder for the cache, a tar of
the site. Each job starts in an empty folder. ``python -m pip install`` is recorded and not done.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.expressions import condition, substitute

# What the stand-in for a runner understands; anything else in the file fails the test.
_JOB_KEYS = {
    *("needs", "if", "runs-on", "timeout-minutes", "permissions", "steps", "environment", "env"),
}
_STEP_KEYS = {"name", "id", "if", "uses", "with", "run", "env", "timeout-minutes"}
_PYTHON = """\
#!/bin/bash
printf '%s\\n' "$*" >>"{commands}"
if [[ "$1 $2 $3" == "-m pip install" ]]; then exit 0; fi
exec "{python}" "$@"
"""


@dataclass
class Step:
    """A step that ran, or was passed over."""

    name: str
    outcome: str  # success, failure, skipped
    output: str = ""


@dataclass
class Run:
    """What became of a run: each job's result and steps, and what readers would see."""

    results: dict[str, str] = field(default_factory=dict)
    steps: dict[str, list[Step]] = field(default_factory=dict)
    summary: str = ""
    commands: list[str] = field(default_factory=list)
    deployed: Path | None = None

    @property
    def green(self) -> bool:
        """Whether GitHub would show the run as successful."""
        return all(result in ("success", "skipped") for result in self.results.values())

    def outcome(self, job: str, name: str) -> str:
        """A step's outcome."""
        return next(step.outcome for step in self.steps[job] if step.name == name)

    def log(self) -> str:
        """All output, to be shown where a test fails."""
        return "\n".join(
            f"--- {job} / {step.name}: {step.outcome}\n{step.output}"
            for job, steps in self.steps.items()
            for step in steps
        )


def commands_in(log: str) -> list[str]:
    """The commands that GitHub's runner would obey in a step's log.

    As in its ActionCommandManager: ``::name::`` at a line's beginning, ``##[name]`` anywhere, none
    between ``::stop-commands::TOKEN`` and ``::TOKEN::``
    (https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs).
    """
    found, stopped_by = [], ""
    for line in re.split(r"[\r\n]+", log):
        command = re.match(r"\s*::([\w-]+)[^:]*::(.*)", line) or re.search(
            r"##\[([\w-]+)[^]]*\](.*)", line
        )
        if command is None:
            continue
        if stopped_by:
            stopped_by = "" if command[1] == stopped_by else stopped_by
        elif command[1] == "stop-commands":
            stopped_by = command[2]
        else:
            found.append(line.strip())
    return found


class Runner:
    """Runs workflows against the bare repository ``origin``; keeps caches from run to run."""

    def __init__(self, folder: Path, origin: Path, *, base_url: str) -> None:
        self.origin, self.base_url = origin, base_url
        self.caches: dict[str, Path] = {}
        # Called with the clone after a checkout in the named job: what a test prepares there.
        self.after_checkout: Callable[[str, Path], None] = lambda job, clone: None
        self._folder = folder
        self._number = 0

    def run(
        self,
        workflow: Path,
        *,
        inputs: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
        until: str | None = None,
    ) -> Run:
        """Run the workflow once, whole or up to a job."""
        self._number += 1
        place = self._folder / f"run{self._number}"
        _make_tools(place)
        document = yaml.load(workflow.read_text(), Loader=yaml.BaseLoader)
        if document["defaults"] != {"run": {"shell": "bash"}}:
            raise ValueError("these defaults are not understood")
        done = Run()
        context: dict[str, Any] = {
            "inputs": dict(inputs or {}),
            "secrets": dict(secrets or {}),
            "github": {
                "ref": "refs/heads/main",
                "ref_name": "main",
                "run_id": str(self._number),
                "run_attempt": "1",
            },
            "needs": {},
        }
        for name, job in document["jobs"].items():
            done.results[name] = _Job(name, place, context, done, self).run(job)
            context["needs"][name] = {"result": done.results[name]}
            if name == until:
                break
        commands = place / "commands"
        done.commands = commands.read_text().splitlines() if commands.exists() else []
        return done


class _Job:
    """One job of a run, in an empty folder below ``place``."""

    def __init__(
        self, name: str, place: Path, context: dict[str, Any], done: Run, runner: Runner
    ) -> None:
        self._name, self._place, self._done, self._runner = name, place, done, runner
        self._workspace, self._temporary = place / name, place / f"{name}.temp"
        self._context = {**context, "steps": {}, "runner": {"temp": str(self._temporary)}}
        self._environment: dict[str, str] = {}
        self._afterwards: list[Callable[[], None]] = []  # what actions do when a job has succeeded

    def run(self, job: dict[str, Any]) -> str:
        """Run the steps; return the result."""
        _understood(job, _JOB_KEYS)
        needs = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
        ready = all(self._done.results[need] == "success" for need in needs)
        if not condition(job.get("if", ""), self._context, _functions(ready)):
            return "skipped"
        self._workspace.mkdir()
        self._temporary.mkdir()
        self._environment.update(job.get("env", {}))
        steps = self._done.steps[self._name] = []
        good = True
        for step in job["steps"]:
            _understood(step, _STEP_KEYS)
            shown = step.get("name") or step.get("uses", "")
            if not condition(step.get("if", ""), self._context, _functions(good)):
                steps.append(Step(shown, "skipped"))
                continue
            if "run" in step:
                ran, outputs = self._execute(step, shown, self._temporary / str(len(steps)))
            else:
                ran, outputs = Step(shown, "success"), self._stand_in(step)
            steps.append(ran)
            good = good and ran.outcome == "success"
            if "id" in step:
                self._context["steps"][step["id"]] = {"outcome": ran.outcome, "outputs": outputs}
        for action in self._afterwards if good else ():
            action()
        return "success" if good else "failure"

    def _execute(
        self, step: dict[str, Any], shown: str, files: Path
    ) -> tuple[Step, dict[str, str]]:
        files.mkdir()
        names = ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STEP_SUMMARY")
        named = {name: files / name for name in names}
        for path in named.values():
            path.touch()
        script = files / "script.sh"
        script.write_text(substitute(step["run"], self._context))
        given = {**self._environment, **step.get("env", {})}
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self._workspace,
            env={
                "PATH": f"{self._place / 'tools'}{os.pathsep}{os.environ['PATH']}",
                "HOME": str(self._place / "home"),
                "CI": "true",
                "GITHUB_ACTIONS": "true",
                "RUNNER_TEMP": str(self._temporary),
                "PUSH_DELAY": "0",
                **{name: str(path) for name, path in named.items()},
                **{name: substitute(value, self._context) for name, value in given.items()},
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )
        self._done.summary += named["GITHUB_STEP_SUMMARY"].read_text()
        self._environment.update(_assignments(named["GITHUB_ENV"]))
        outcome = "failure" if ended.returncode else "success"
        return Step(shown, outcome, ended.stdout), _assignments(named["GITHUB_OUTPUT"])

    def _stand_in(self, step: dict[str, Any]) -> dict[str, str]:
        action = step["uses"].partition("@")[0]
        values = {k: substitute(v, self._context) for k, v in step.get("with", {}).items()}
        paths = values.get("path", "").split()
        artifact = self._place / "artifact.tar"
        if action == "actions/checkout":
            self._check_out(values["ref"].removeprefix("refs/heads/"))
        elif action == "actions/setup-python":
            pass  # the tools' python is there
        elif action in ("actions/cache", "actions/cache/restore"):
            self._restore(values["key"], values["restore-keys"])
            if action == "actions/cache":
                self._afterwards.append(lambda: self._save(values["key"], paths))
        elif action == "actions/cache/save":
            self._save(values["key"], paths)
        elif action == "actions/configure-pages":
            return {"base_url": self._runner.base_url}
        elif action == "actions/upload-pages-artifact":
            with tarfile.open(artifact, "w") as archive:
                archive.add(self._workspace / values["path"], arcname=".")
        elif action == "actions/deploy-pages":
            self._done.deployed = self._place / "deployed"
            with tarfile.open(artifact) as archive:
                archive.extractall(self._done.deployed, filter="data")
            return {"page_url": self._runner.base_url}
        else:
            raise ValueError(f"no stand-in for {action}")
        return {}

    def _check_out(self, branch: str) -> None:
        url = f"file://{self._runner.origin}"
        command = ["git", "clone", "-q", "--depth=1", "--branch", branch, url, "."]
        subprocess.run(command, cwd=self._workspace, check=True)
        self._runner.after_checkout(self._name, self._workspace)

    def _restore(self, key: str, prefix: str) -> None:
        caches = self._runner.caches
        names = [name for name in reversed(caches) if name == key or name.startswith(prefix)]
        if names:
            shutil.copytree(caches[names[0]], self._workspace, dirs_exist_ok=True)

    def _save(self, key: str, paths: list[str]) -> None:
        kept = self._runner.caches[key] = self._place / "cache" / key
        for path in paths:
            shutil.copytree(self._workspace / path, kept / path)


def _make_tools(place: Path) -> None:
    """A home without settings, and a ``python`` that installs nothing."""
    (place / "home").mkdir(parents=True)
    (place / "tools").mkdir()
    python = place / "tools" / "python"
    python.write_text(_PYTHON.format(commands=place / "commands", python=sys.executable))
    python.chmod(0o755)


def _functions(good: bool) -> dict[str, Callable[[], bool]]:
    return {
        "success": lambda: good,
        "failure": lambda: not good,
        "always": lambda: True,
        "cancelled": lambda: False,
    }


def _assignments(path: Path) -> dict[str, str]:
    pairs = (line.partition("=") for line in path.read_text().splitlines())
    return {name: value for name, _, value in pairs}


def _understood(mapping: Mapping[str, Any], known: set[str]) -> None:
    if unknown := mapping.keys() - known:
        raise ValueError(f"these keys are not understood: {sorted(unknown)}")
