#!/usr/bin/env python3
"""What a release is made of: an SBOM (CycloneDX 1.6, JSON), or the licences and notices of all of it.

    sbom.py sbom VERSION SECONDS COMMIT       SECONDS: when the commit was made, since 1970
    sbom.py notices
    sbom.py versions                          a line "name version" for every package, as in packaging/versions.txt

Read from Package.resolved, what packaging/build checked out, and Debian's records of the libraries that are linked into the program.
"""

import datetime
import json
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Of these, the archive is linked into the program: Debian's name, the package that says its licence, its SPDX expression.
SYSTEM = [("libyaml-dev", "MIT"), ("libsqlite3-dev", "blessing"), ("libpcre2-dev", "BSD-3-Clause"),
          ("libmd-dev", "BSD-3-Clause"), ("zlib1g-dev", "Zlib")]
MIT = {"grdb.swift"}
ICU = "Copyright (C) 2016 and later: Unicode, Inc. and others.\nLicense & terms of use: https://www.unicode.org/copyright.html"


def pins():
    """The Swift packages that were resolved."""
    return sorted(json.loads((ROOT / "Package.resolved").read_text())["pins"], key=lambda pin: pin["identity"])


def debian(package):
    """The version that is installed; None where there is no record of it."""
    asked = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True)
    return asked.stdout or None


def swift_version():
    text = subprocess.check_output(["swift", "--version"], text=True, stderr=subprocess.DEVNULL)
    return text.split("Swift version ")[1].split()[0]


def component(name, version, licence, purl, kind="library"):
    found = {"type": kind, "bom-ref": purl, "name": name, "purl": purl, "licenses": [{"license": {"id": licence}}]}
    return found | ({"version": version} if version else {})


def components():
    for pin in pins():
        version = pin["state"]["version"]
        path = pin["location"].removeprefix("https://").removesuffix(".git")
        licence = "MIT" if pin["identity"] in MIT else "Apache-2.0"
        yield component(pin["identity"], version, licence, f"pkg:swift/{path}@{version}")
    version = swift_version()
    yield component("swift", version, "Apache-2.0", f"pkg:generic/swift@{version}")
    for package, licence in SYSTEM:
        if version := debian(package):
            yield component(package, version, licence, f"pkg:deb/debian/{package}@{version.replace('+', '%2B').replace(':', '%3A')}")


def sbom(version, seconds, commit):
    made = datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    parts = list(components())
    program = component("muster", version, "Apache-2.0", f"pkg:generic/muster@{version}", "application")
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'muster ' + commit)}",
        "metadata": {"timestamp": made, "component": program | {"properties": [{"name": "commit", "value": commit}]}},
        "components": parts,
        "dependencies": [{"ref": program["bom-ref"], "dependsOn": [part["bom-ref"] for part in parts]}],
    }


def notices():
    """Every licence and notice, each below the name of what it belongs to."""
    checkouts = {path.name.lower(): path for path in (ROOT / ".build/packaging/swift/checkouts").iterdir()}
    for pin in pins():
        folder = checkouts[pin["location"].removesuffix(".git").rpartition("/")[2].lower()]
        files = sorted(path for path in folder.iterdir() if path.stem in ("LICENSE", "NOTICE", "COPYING"))
        if not files:
            sys.exit(f"error: {pin['identity']} has no licence file")
        for path in files:
            yield f"{pin['identity']} {pin['state']['version']}: {path.name}", path.read_text()
    licence = Path(shutil.which("swift")).resolve().parent.parent / "share/swift/LICENSE.txt"
    yield f"swift {swift_version()}, its libraries, and what they hold of libdispatch and ICU", licence.read_text()
    yield "ICU, in Swift's libraries", ICU
    for package, _ in SYSTEM:
        path = Path("/usr/share/doc") / package / "copyright"
        if path.exists():
            yield f"{package} {debian(package)}", path.read_text(errors="replace")


def main(what, *arguments):
    if what == "sbom":
        print(json.dumps(sbom(*arguments), indent=2))
    elif what == "versions":
        print("\n".join(f"{pin['identity']} {pin['state']['version']}" for pin in pins()))
    else:
        for title, text in notices():
            print(f"{'=' * 100}\n{title}\n{'=' * 100}\n\n{text.strip()}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
