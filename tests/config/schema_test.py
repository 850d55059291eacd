"""Checks docs/config.schema.json against the files that the parser is tested with.

usage: schema_test.py <source tree>

The schema accepts good/ and refuses bad/ at exactly the paths that the parser names in the .expected
file. beyond_schema/ has errors that a schema cannot express, so it accepts them, or that are not JSON
for Python either. Exit status 0 if all of that holds.
"""

import json
import math
import pathlib
import re
import sys

import jsonschema


def pointer(parts):
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "".join("/" + re.sub(r"[\x00-\x1f\x7f]", lambda c: f"\\u{ord(c[0]):04x}", part)
                   for part in escaped)


def paths_of(error):
    """The paths at which the parser reports this error."""
    place = list(error.absolute_path)
    if error.validator == "additionalProperties":
        return [pointer(place + [key]) for key in error.instance
                if key not in error.schema["properties"]]
    if "propertyNames" in error.absolute_schema_path:
        return [pointer(place + [error.instance])]
    return [pointer(place)]


def expected_paths(file):
    """From lines like '  line 3: /defaults/mode is 1, must be ...' or '...: /x: unknown key'."""
    text = file.read_text(encoding="utf-8")
    found = re.findall(r"\bline \d+: (.*?)(?: is |: )", text)
    return sorted({"" if path == "the document" else path for path in found})


def finite(text):
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def load(file):
    """As JSON is defined: Python would also take NaN, and a number that no double can hold."""
    return json.loads(file.read_text(encoding="utf-8"), parse_constant=finite, parse_float=finite)


def main():
    tree = pathlib.Path(sys.argv[1])
    schema = load(tree / "docs/config.schema.json")
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)
    faults = []

    def files(folder):
        found = sorted((tree / "tests/config" / folder).glob("*.json"))
        if not found:
            faults.append(f"{folder}: no files")
        return found

    def refused_at(file):
        errors = validator.iter_errors(load(file))
        return sorted({path for error in errors for path in paths_of(error)})

    for file in files("good") + [tree / "examples/athena.json"]:
        for path in refused_at(file):
            faults.append(f"{file}: refused at '{path}'")

    for file in files("bad"):
        found, expected = refused_at(file), expected_paths(file.with_suffix(".expected"))
        if not expected or found != expected:
            faults.append(f"{file}: refused at {found}, the parser says {expected}")

    for file in files("beyond_schema"):
        try:
            found = refused_at(file)
        except ValueError:  # not JSON, or not UTF-8
            continue
        if found:
            faults.append(f"{file}: the schema sees it, at {found}: it belongs to bad/")

    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
