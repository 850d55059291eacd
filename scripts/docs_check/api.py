"""The public names of bulwark, from Doxygen's XML.

usage: api.py <folder of the XML> <file to compare with> [--write]

Prints a unified diff if they differ, exit status 1; with --write, writes the file. Exit status 3:
the XML is from another version of Doxygen than the file, which may format the same names differently.
"""

import difflib
import pathlib
import re
import sys
import xml.etree.ElementTree as xml
from typing import NamedTuple

VERSION = "1.9.4"
HEAD = f"""\
# The public names of bulwark, without "bulwark::". They are grouped by header, in the order of their
# declarations. A change in this file is a change of the public interface or of its meaning.
# scripts/api --write writes it from the XML of Doxygen {VERSION}; without --write, scripts/api compares.
"""
HEADER = re.compile(r"(?:.*/)?include/(bulwark/[^/]+\.hpp)$")


class Line(NamedTuple):
    header: str
    line: int
    nth: int  # index among several on one line: values of an enumeration, members of a class
    text: str


def tidy(text: str) -> str:
    """In the format of the library, and without its namespace."""
    text = re.sub(r"\bbulwark::", "", " ".join(text.split()))
    text = re.sub(r"(?<=\w)<\s+", "<", re.sub(r"(?<=[\w>)*&\]])\s+>", ">", text))
    text = re.sub(r"\s+,", ",", text)
    text = re.sub(r" ([&*]+)(?=[\w),>]|$)", r"\1 ", text)
    return re.sub(r"([&*]) (?=[),>])", r"\1", text).strip()


def text_of(element: xml.Element, name: str) -> str:
    found = element.find(name)
    return "" if found is None else "".join(found.itertext())


def template_of(element: xml.Element) -> str:
    parameters = element.find("templateparamlist")
    if parameters is None:
        return ""
    listed = []
    for parameter in parameters.findall("param"):
        kind, name, default = (tidy(text_of(parameter, key)) for key in ("type", "declname", "defval"))
        listed.append(" ".join(filter(None, (kind, name))) + (f" = {default}" if default else ""))
    return joined(f"template <{', '.join(listed)}>", requires_of(element)) + " "


def requires_of(element: xml.Element) -> str:
    requires = tidy(text_of(element, "requiresclause"))
    return f"requires {requires}" if requires else ""


def place(element: xml.Element) -> tuple[str, int] | None:
    """Header and line of its declaration in a public header."""
    location = element.find("location")
    if location is None:
        return None
    found = HEADER.match(location.get("declfile") or location.get("file") or "")
    return (found[1], int(location.get("declline") or location.get("line") or 0)) if found else None


def joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def of_member(member: xml.Element, scope: str) -> list[str]:
    """The lines of a member of a class or of a namespace."""
    kind, name = member.get("kind"), scope + tidy(text_of(member, "name"))
    declared, initial = tidy(text_of(member, "type")), tidy(text_of(member, "initializer"))
    flags = [word for word, given in (
        ("static", member.get("static") == "yes"),
        ("explicit", member.get("explicit") == "yes"),
        ("virtual", member.get("virt") in ("virtual", "pure-virtual")),
        ("protected", member.get("prot") == "protected")) if given]
    if kind == "function" or (kind == "friend" and member.find("argsstring") is not None
                              and text_of(member, "argsstring")):
        arguments = re.sub(r"\s*(?<![=!<>])=(?!=)\s*", " = ", tidy(text_of(member, "argsstring")))
        template = template_of(member)
        return [joined(template.strip(), "friend" if kind == "friend" else "", *flags,
                       "" if declared or "->" not in arguments else "guide", declared, name + arguments,
                       "" if template else requires_of(member))]
    if kind == "typedef":
        return [joined(template_of(member).strip(), *flags, f"using {name} = {declared}")]
    if kind == "variable":
        value = initial if initial.startswith(("=", "{")) or not initial else f"= {initial}"
        return [joined(template_of(member).strip(), *flags, declared, name, value)]
    if kind == "enum":
        strong = "enum class" if member.get("strong") == "yes" else "enum"
        lines = [f"{strong} {name}" + (f" : {declared}" if declared else "")]
        for value in member.findall("enumvalue"):
            lines.append(joined(f"{name}::{text_of(value, 'name')}", tidy(text_of(value, "initializer"))))
        return lines
    if kind == "define":
        parameters = [text_of(parameter, "defname") for parameter in member.findall("param")]
        # Without its value, which may be the version.
        return [f"#define {text_of(member, 'name')}" + (f"({', '.join(parameters)})" if parameters else "")]
    return []


def listing(folder: pathlib.Path) -> str:
    lines: list[Line] = []
    inline: list[str] = []  # inline namespaces, which users do not name
    compounds = []
    for entry in xml.parse(folder / "index.xml").getroot().findall("compound"):
        if entry.get("kind") in ("class", "struct", "union", "namespace", "file", "concept"):
            compound = xml.parse(folder / f"{entry.get('refid')}.xml").getroot().find("compounddef")
            compounds.append(compound)
            if compound.get("kind") == "namespace" and compound.get("inline") == "yes":
                inline.append(text_of(compound, "compoundname").rpartition("::")[2] + "::")

    for compound in compounds:
        kind, name = compound.get("kind"), text_of(compound, "compoundname")
        if re.search(r"\bdetail\b", name.partition("<")[0]) or compound.get("prot") in ("private", "package"):
            continue
        where = place(compound)
        own = tidy(name)
        scope = "" if kind in ("file", "namespace") else re.sub(r"<.*>$", "", own) + "::"
        if kind == "namespace" and where and name.startswith("bulwark::") and compound.get("inline") != "yes":
            lines.append(Line(*where, 0, f"namespace {own}"))
            scope = f"{own}::"
        elif kind in ("class", "struct", "union", "concept") and where:
            bases = [joined(base.get("prot") if base.get("prot") != "public" else "",
                            "virtual" if base.get("virt") == "virtual" else "", tidy("".join(base.itertext())))
                     for base in compound.findall("basecompoundref") if base.get("prot") != "private"]
            final = " final" if compound.get("final") == "yes" else ""
            initial = tidy(text_of(compound, "initializer")) if kind == "concept" else ""
            lines.append(Line(*where, 0, template_of(compound) + f"{kind} {own}{final}"
                              + (f" : {', '.join(bases)}" if bases else "") + (f" {initial}" if initial else "")))
        for member in compound.iter("memberdef"):
            where = place(member)
            if where and member.get("prot") in ("public", "protected") and (
                    kind != "file" or member.get("kind") == "define"):
                lines += [Line(*where, nth, line) for nth, line in enumerate(of_member(member, scope), 1)]

    text, header = HEAD, ""
    for line in sorted(set(lines)):
        if line.header != header:
            header = line.header
            text += f"\n# {header}\n"
        shown = line.text
        for name in inline:
            shown = shown.replace(name, "")
        text += shown + "\n"
    return text


def main(arguments: list[str]) -> int:
    write = arguments[2:] == ["--write"]
    if len(arguments) != 2 and not write:
        print(__doc__, file=sys.stderr)
        return 2
    folder, file = map(pathlib.Path, arguments[:2])
    version = xml.parse(folder / "index.xml").getroot().get("version", "").partition(" ")[0]
    if version != VERSION:
        print(f"docs/api.txt is made from the XML of Doxygen {VERSION}; this is {version}, which may print the "
              "same names differently. Nothing was compared.", file=sys.stderr)
        return 3
    now = listing(folder)
    if write:
        file.write_text(now, encoding="utf-8")
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    difference = list(difflib.unified_diff(before.splitlines(), now.splitlines(), str(file), "the headers",
                                           lineterm=""))
    if difference:
        print("\n".join(difference))
        print("\nThe public names have changed. If that was intended, run scripts/api --write and add it to CHANGELOG.md.")
        return 1
    count = sum(1 for line in now.splitlines() if line and not line.startswith("# "))
    print(f"{file}: {count} public names, as in the headers")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
