"""One system call of a command fails, and what the operator then sees and has.

A command runs in a forked child in which ``shim.c`` stands before the C library. Whatever call it
was: the command ends with a documented code and one message, no traceback; the store is as before
it or as after it; and the same command, run again, brings what it would have brought.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import subprocess
import tempfile
import traceback
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from generator.cli.commands import main
from generator.cli.exits import ExitCode
from generator.store.store import Store
from tests.projects import contents, timeless

SHIM = Path(__file__).with_name("shim.c")


@dataclass(frozen=True)
class Fault:
    """How a call fails: with which error (0: it writes half of its bytes), once or from then on."""

    error: int
    stays: bool = False


FAULTS = {
    "EIO": Fault(errno.EIO),
    "EACCES": Fault(errno.EACCES),
    "ENOSPC": Fault(errno.ENOSPC),
    "a full disk": Fault(errno.ENOSPC, stays=True),
    "a short write": Fault(0),
}


@dataclass(frozen=True)
class Scenario:
    """A command in a project's folder, and the folders whose content it answers for."""

    name: str
    project: Path
    arguments: tuple[str, ...]
    made: tuple[str, ...]


@dataclass(frozen=True)
class Ended:
    """How a run ended: its code, what it said, and the call that failed ("" where none did)."""

    code: int
    said: str
    struck: str


def compile_shim(folder: Path) -> Path:
    """Compile the shim; return its path. Raises CalledProcessError, FileNotFoundError."""
    made = folder / "shim.so"
    command = ["cc", "-O1", "-shared", "-fPIC", "-o", made, SHIM, "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return made


class Injection:
    """A scenario that is run again and again from the same start."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._shim = ctypes.CDLL(None)
        self._shim.seen.restype = ctypes.c_long
        self._shim.struck.restype = ctypes.c_char_p
        self._seen = 0
        self._kept = Path(tempfile.mkdtemp()) / "start"
        shutil.copytree(scenario.project, self._kept, symlinks=True)
        self._before = self._state()
        ended = self._run(0, Fault(errno.EIO))
        assert ended.code == 0, ended.said
        self._after = self._state()

    def points(self, fault: Fault) -> int:
        """Return how many calls of the command such a fault can strike."""
        self._restart()
        assert self._run(0, fault).code == 0
        return self._seen

    def problems(self, point: int, fault: Fault) -> list[str]:
        """Let the n-th call fail; return what an operator would complain of, a line each."""
        self._restart()
        ended = self._run(point, fault)
        found = [f"{ended.struck}: {problem}" for problem in self._complaints(ended)]
        again = self._run(0, fault)
        if again.code:
            found.append(f"{ended.struck}: the next run ends with {again.code}: {again.said[:300]}")
        elif self._state() != self._after:
            found.append(f"{ended.struck}: the next run does not bring everything")
        return found

    def _complaints(self, ended: Ended) -> list[str]:
        found = []
        if ended.code not in set(ExitCode) - {ExitCode.PROBLEMS_FOUND}:
            found.append(f"it ends with {ended.code}: {ended.said[-300:]}")
        if "Traceback" in ended.said:
            found.append(f"a traceback: {ended.said[-300:]}")
        elif ended.code and "daybook: " not in ended.said:
            found.append(f"code {ended.code} without a message: {ended.said}")
        data = self.scenario.project / "data"
        found += [f"the store: {problem}" for problem in Store(data).check()]
        state = self._state()
        if not ended.code and state != self._after:
            found.append("it says that it is done, and is not")
        whole = (self._before["data"], self._after["data"])
        if ended.code != ExitCode.INCOMPLETE and state["data"] not in whole:
            found.append("the store is neither as before nor as after")
        if "site" in self.scenario.made and state["site"] not in (
            self._before["site"],
            self._after["site"],
        ):
            found.append("the site is neither the old one nor the new one")
        return found

    def _state(self) -> dict[str, dict[str, bytes]]:
        project = self.scenario.project
        return {name: timeless(contents(project / name)) for name in self.scenario.made}

    def _restart(self) -> None:
        shutil.rmtree(self.scenario.project)
        shutil.copytree(self._kept, self.scenario.project, symlinks=True)

    def _run(self, point: int, fault: Fault) -> Ended:
        """Run the command in a child; its n-th call fails, or none with 0."""
        said = self._kept.with_name("said")
        arm = (ctypes.c_long(point), fault.error, int(fault.stays))
        self._shim.arm(os.fsencode(self.scenario.project), *arm)
        child = os.fork()
        if child == 0:
            os._exit(_in_child(self.scenario, said))
        status = os.waitpid(child, 0)[1]
        self._seen, struck = self._shim.seen(), os.fsdecode(self._shim.struck())
        self._shim.arm(b"", ctypes.c_long(0), 0, 0)
        return Ended(os.waitstatus_to_exitcode(status), said.read_text(), struck)


def _in_child(scenario: Scenario, said: Path) -> int:
    os.chdir(scenario.project)
    with said.open("w", buffering=1) as out, redirect_stderr(out), redirect_stdout(out):
        os.dup2(out.fileno(), 2)
        try:
            return main(["-q", *scenario.arguments])
        except BaseException:  # noqa: BLE001 - the interpreter would say so, too
            traceback.print_exc(file=out)
            return 1
