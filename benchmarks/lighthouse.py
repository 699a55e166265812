"""What Lighthouse says of the form: performance, accessibility and best practices on a slow phone. Each must be 100.

Lighthouse is a program for Node, fetched at one version when there is Node; where there is none, nothing is measured
and nothing is claimed. Search optimisation is left out: a secret link asks not to be found.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.form import a_link
from tests.support import chromium
from tests.support.online import clinic_online

VERSION = "lighthouse@12.8.2"
CATEGORIES = ("performance", "accessibility", "best-practices")
PATIENCE_SECONDS = 600


def scores(link: str, folder: Path) -> dict[str, float]:
    """Run Lighthouse on a page and give its scores, 0 to 100."""
    report = folder / "lighthouse.json"
    flags = f"--chrome-flags=--headless=new {' '.join(chromium.flags())}"
    only = f"--only-categories={','.join(CATEGORIES)}"
    command = ["npx", "--yes", VERSION, link, only, "--output=json", f"--output-path={report}", "--quiet", flags]
    where = {**os.environ, "CHROME_PATH": str(chromium.provide()), "HOME": str(folder)}
    subprocess.run(command, env=where, check=True, timeout=PATIENCE_SECONDS, capture_output=True)
    found = json.loads(report.read_text(encoding="utf-8"))["categories"]
    return {name: 100 * found[name]["score"] for name in CATEGORIES}


def main() -> int:
    """Print the three scores; give 1 when one is under 100."""
    if shutil.which("npx") is None:
        print("not measured: there is no Node on this machine")
        return 0
    with TemporaryDirectory() as place, clinic_online(Path(place)) as world:
        try:
            found = scores(a_link(world), Path(place))
        except (subprocess.SubprocessError, OSError) as error:
            print(f"not measured: {VERSION} did not run ({type(error).__name__})")
            return 0
    for name, score in found.items():
        print(f"{name:16} {score:.0f} (limit 100)")
    return int(min(found.values()) < 100)


if __name__ == "__main__":
    sys.exit(main())
