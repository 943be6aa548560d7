"""Fuzz every target with atheris for some minutes: ``make fuzz MINUTES=10``, see CONTRIBUTING.md.

atheris is libFuzzer, which follows what an input reaches in the code; each target gets a process of
its own and an equal share of the time. What escapes or takes long is kept in ``.cache/fuzz``: make
it a test in tests/fuzz/test_finds.py.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

_FOLDER = Path(".cache/fuzz")
_LONGEST = 20_000  # bytes of an input
_SECONDS = 10  # for one such input: linear readers take a hundredth, also under load


def fuzz_all(minutes: float, names: list[str]) -> int:
    """Fuzz the targets one after the other and print a line on each; return how many failed."""
    from tests.fuzz.targets import TARGETS, seeds

    names = names or list(TARGETS)
    seconds = max(1, round(minutes * 60 / len(names)))
    finds = 0
    print(f"{'target':10} {'inputs':>10} {'seconds':>8}  finds")
    for name in names:
        corpus, found = _FOLDER / "corpus" / name, _FOLDER / "finds" / name
        corpus.mkdir(parents=True, exist_ok=True)
        found.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(seeds(name)):
            (corpus / f"seed{number}").write_bytes(data)
        ended = subprocess.run(
            [
                *(sys.executable, "-m", "tests.fuzz.atheris_fuzz", "--one", name, str(corpus)),
                *(f"-max_total_time={seconds}", f"-max_len={_LONGEST}", f"-timeout={_SECONDS}"),
                *(f"-artifact_prefix={found}/", "-print_final_stats=1"),
            ],
            stderr=subprocess.STDOUT,
            stdout=subprocess.PIPE,
            check=False,
        )
        log = ended.stdout.decode("utf-8", "replace")
        _FOLDER.joinpath(f"{name}.log").write_text(log)
        done = re.search(r"Done (\d+) runs in (\d+) second", log)
        last = re.findall(r"^#(\d+)", log, re.MULTILINE)
        inputs, took = done.groups() if done else (last[-1] if last else "0", "-")
        kept = sorted(path.name for path in found.iterdir())
        finds += len(kept) or ended.returncode != 0
        shown = ", ".join(kept) or ("none" if not ended.returncode else f"see {name}.log")
        print(f"{name:10} {inputs:>10} {took:>8}  {shown}", flush=True)
    return finds


def fuzz_one(name: str) -> None:
    """Hand a target to libFuzzer, which ends the process."""
    import atheris

    with atheris.instrument_imports(include=["generator"]):  # all would take a minute
        from tests.fuzz.targets import REFUSALS, TARGETS
    target = TARGETS[name]

    def once(data: bytes) -> None:
        try:
            target(data)
        except REFUSALS:
            return

    atheris.Setup([sys.argv[0], *sys.argv[3:]], once)
    atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        fuzz_one(sys.argv[2])
    else:
        sys.exit(fuzz_all(float(sys.argv[1]), sys.argv[2:]) > 0)
