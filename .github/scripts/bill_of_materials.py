"""Print the bill of materials of a version: what Daybook needs to run, from requirements.lock.

CycloneDX 1.6, JSON (https://cyclonedx.org/docs/1.6/json/). The same files give the same bytes: it
has neither a date nor a number of its own. The hashes of each package's files are in the lock.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
_PIN = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)


def bill_of_materials(version: str, lock: str) -> dict[str, object]:
    """Return the document for a version of Daybook, from the text of its lock."""
    product = f"pkg:generic/daybook@{version}"
    packages = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{name}@{pinned}",
            "name": name,
            "version": pinned,
            "purl": f"pkg:pypi/{name}@{pinned}",
        }
        for name, pinned in sorted(_PIN.findall(lock))
    ]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": product,
                "name": "daybook",
                "version": version,
                "licenses": [{"license": {"id": "MIT"}}],
            }
        },
        "components": packages,
        "dependencies": [
            {"ref": product, "dependsOn": [package["bom-ref"] for package in packages]},
        ],
    }


if __name__ == "__main__":
    text = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    print(json.dumps(bill_of_materials(sys.argv[1], text), indent=2))
