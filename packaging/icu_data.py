#!/usr/bin/env python3
"""Makes a file with the part of ICU's data that Muster can meet, in place of all 34 MB of it.

    icu_data.py OUTPUT_FOLDER        prints its symbol and its path, as Sources/CBuildStamp/icu.c wants them

Foundation for Linux brings ICU with the data of every language. Muster speaks English and formats nothing by locale, so
locales beside `root` and `en` are never asked for; ICU falls back to `root` where one is not there, whatever LANG says. Left out
are also collation, converters of other encodings than Unicode's, transliteration, and names of all kinds. Normalisation, names
of hosts, time zones and the rules of Unicode's text segmentation stay.

The format is ICU's "common data" (icu4c/source/common/ucmndata.h): a header, a count, pairs of offsets of names and items,
sorted by name, then names and items; offsets count from the end of the header.
"""

import hashlib
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

ALIGNMENT = 16
# Bundles at the top are either a language's (en.res, zh_Hant.res) or data of all (supplementalData.res).
LOCALE = re.compile(r"^[a-z]{2,3}(_[A-Za-z0-9]*)*\.res$")
KEPT_LOCALES = {"root.res", "en.res", "en_US.res", "en_US_POSIX.res", "pool.res"}
# "res_index.res" looks like a locale and lists which there are; ICU asks it, and then finds them missing: root again.
INDEXES = {"res_index.res"}
# Converters, dictionaries for breaking lines, and profiles of StringPrep.
LEFT_OUT = (".cnv", ".dict", ".spp")
# Order of words, transliteration, and names of units, languages, regions and numbers.
UNUSED_FOLDERS = {"coll", "translit", "unit", "lang", "region", "rbnf"}
# Names of characters, and which look alike.
UNUSED = {"unames.icu", "confusables.cfu"}


def is_kept(name):
    """Whether an item such as `icudt76l/curr/en.res` stays."""
    folder, _, file = name.partition("/")[2].rpartition("/")
    if file.endswith(LEFT_OUT) or file in UNUSED or folder in UNUSED_FOLDERS:
        return False
    return file in KEPT_LOCALES | INDEXES or not LOCALE.match(file)


def items(data):
    """The header, and the items by name."""
    start, = struct.unpack_from("<H", data, 0)
    if data[2:4] != b"\xda\x27" or data[12:16] != b"CmnD" or data[8] != 0:
        sys.exit("error: this is not ICU's common data in little-endian order; link without it")
    count, = struct.unpack_from("<I", data, start)
    table = [struct.unpack_from("<II", data, start + 4 + 8 * place) for place in range(count)]
    ends = [offset for _, offset in table[1:]] + [len(data) - start]
    names = [data[start + at:data.index(b"\0", start + at)].decode() for at, _ in table]
    return data[:start], {name: data[start + at:start + end] for name, (_, at), end in zip(names, table, ends)}


def padded(data):
    return data + b"\0" * (-len(data) % ALIGNMENT)


def packed(header, kept):
    """The same format with fewer items."""
    names, places = b"", []
    for name in kept:
        places.append(len(names))
        names += name.encode() + b"\0"
    table = 4 + 8 * len(kept)
    names = padded(b"\0" * (len(header) % ALIGNMENT + table) + names)[len(header) % ALIGNMENT + table:]
    body, offsets = b"", []
    for data in kept.values():
        offsets.append(table + len(names) + len(body))
        body += padded(data)
    pairs = b"".join(struct.pack("<II", table + place, offset) for place, offset in zip(places, offsets))
    return header + struct.pack("<I", len(kept)) + pairs + names + body


def main(folder):
    tools = Path(shutil.which("swift")).resolve().parent
    archive = tools.parent / "lib/swift_static/linux/lib_FoundationICU.a"
    member = "icu_packaged_data.cpp.o"
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([tools / "llvm-ar", "x", "--output", folder, archive, member], check=True)
    symbol = next(line.split()[-1] for line in subprocess.check_output(
        [tools / "llvm-nm", folder / member], text=True).splitlines() if line.endswith("_dat"))
    subprocess.run([tools / "llvm-objcopy", "-O", "binary", "-j", ".rodata", folder / member, folder / "all.dat"], check=True)
    header, found = items((folder / "all.dat").read_bytes())
    kept = {name: data for name, data in found.items() if is_kept(name)}
    data = packed(header, kept)
    # By its digest, so that a build sees when it is another.
    made = folder / f"icu-{hashlib.sha256(data).hexdigest()[:16]}.dat"
    made.write_bytes(data)
    print(f"ICU's data: {len(kept)} of {len(found)} items, {len(data) / 1e6:.1f} MB", file=sys.stderr)
    print(symbol, made)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
