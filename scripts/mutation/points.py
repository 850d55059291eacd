"""Finds the places where a small fault can be seeded in C++.

This is a lexer and not a parser. It relies on clang-format: a binary operator has a space on either side, and
an operator in a type has not. A wrong guess does not compile, and does not count.
"""

import dataclasses
import re

WORDS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "&": "|", "|": "&", "<<": ">>", ">>": "<<",
    "+=": "-=", "-=": "+=", "|=": "&=", "&=": "|=", "&&": "||", "||": "&&",
}  # fmt: skip

BINARY = re.compile(r"(?<=\s)(?:<<|>>|[<>=!+\-|&]=|&&|\|\||[<>+\-*/%&|])(?=\s)")
STEP = re.compile(r"\+\+|--")
NOT = re.compile(r"!(?=[\w(*])")
BOOLEAN = re.compile(r"\b(?:true|false)\b")
NUMBER = re.compile(r"(?<![\w.'])\d(?:'?\d)*(?![\d.'xXbB])")
DECLARES = re.compile(r"\s*(?:const )?\w[\w:<>]*[*&]? \w+ = ")
PURE = re.compile(r"\bvirtual\b[^;]*= $|\)[^;{}]* = $")
CONDITION = re.compile(r"\b(?:if|while) \(")

# Statements that cannot be removed, or that generate no code.
NOT_RUN = re.compile(
    r"^\s*(?:#|template\b|using\b|namespace\b|static_assert\b|requires\b|concept\b|friend\b|public:|private:|BULWARK_)"
)
NO_STATEMENT = re.compile(
    r"^(?:return\b.|throw\b|co_return\b.|goto\b|case\b|default\b|else\b|if\b|for\b|while\b|do\b|switch\b|try\b|catch\b"
    r"|assert\b|static_assert\b|using\b|static_cast<void>)"
)
JUMP = re.compile(r"^(?:return|co_return|break|continue);$")
# Text that may precede a statement on its line.
HEAD = re.compile(
    r"(?:if|while|for)(?: constexpr)? \(|else\b|(?:case\b[^;:]*(?:::[^;:]*)*|default|public|private):(?!:)"
)
# A call, an assignment or a step: a declaration has a space between a type and a name.
STATEMENT = re.compile(
    r"^(?:\+\+|--)?[*(]?[A-Za-z_][\w:]*(?:(?:\.|->)\w+|\[[^\]]*\]|\((?:[^()]|\([^()]*\))*\)|<[\w:, ]+>)*\)?"
    r"(?:\((?s:.*)\)|\+\+|--| [-+*/|&]?= (?s:.*))?;$"
)


@dataclasses.dataclass(frozen=True)
class Point:
    """One fault: the replacement of text[start:end] of a file."""

    file: str
    start: int
    end: int
    replacement: str
    kind: str
    line: int
    before: str  # the line or lines that change, with single spaces
    after: str

    def apply(self, text):
        return text[: self.start] + self.replacement + text[self.end :]

    def __str__(self):
        return f"{self.file}:{self.line}: {self.kind}\n    - {self.before}\n    + {self.after or '(nothing)'}"


def masked(text):
    """The text with comments, strings, characters and directives blanked out; all positions stay the same."""
    pattern = re.compile(
        r"//[^\n]*|/\*.*?\*/|R\"\((?:.*?)\)\"|\"(?:\\.|[^\"\\\n])*\"|(?<![\w'])'(?:\\.|[^'\\\n])+'"
        r"|^[ \t]*#(?:\\\n|[^\n])*",
        re.DOTALL | re.MULTILINE,
    )
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def squeezed(text):
    return " ".join(text.split())


def closing(code, start):
    """The position of the parenthesis that closes the one at start."""
    depth = 0
    for place in range(start, len(code)):
        depth += {"(": 1, ")": -1}.get(code[place], 0)
        if depth == 0:
            return place
    return -1


def has_one_of_its_own(condition):
    """Whether negating its one comparison, or its one "!", is the same as negating all of it."""
    if re.search(r"&&|\|\||\?", condition):
        return False
    return condition.startswith("!") or bool(re.search(r"\s(?:==|!=)\s", condition))


def numbers(digits):
    """The values next to a constant."""
    plain = int(digits.replace("'", ""))
    return [str(plain + 1)] + ([str(plain - 1)] if plain else [])


def statements(code):
    """Statements that may be removed, as pairs of positions: the first character and the one after the semicolon."""
    for match in re.finditer(r";", code):
        end = match.end()
        depth, place = 0, match.start() - 1
        # Back to the end of the previous statement, or the start of the block. A lambda makes the fault too large.
        while place >= 0:
            letter = code[place]
            if letter == ")":
                depth += 1
            elif letter == "(":
                depth -= 1
                if depth < 0:
                    break
            elif letter in ";{}" and depth == 0:
                break
            place -= 1
        if depth < 0:
            continue  # in the head of a for
        start = place + 1
        while True:
            start += len(code[start:end]) - len(code[start:end].lstrip())
            head = HEAD.match(code, start, end)
            if not head:
                break
            if head.group().endswith("("):
                start = closing(code, head.end() - 1) + 1
                if start == 0:
                    break
            else:
                start = head.end()
        text = code[start:end]
        if "{" in text or not start:
            continue
        if JUMP.match(text) or (
            STATEMENT.match(text) and not NO_STATEMENT.match(text) and not re.search(r"= (?:default|delete|0);$", text)
        ):
            yield start, end


def points_of(file, text):
    """Every fault that can be seeded in the file, in the order of their positions."""
    code = masked(text)
    found = []

    def add(start, end, replacement, kind):
        first = text.rfind("\n", 0, start) + 1
        last = text.find("\n", end)
        last = len(text) if last < 0 else last
        if NOT_RUN.match(code[first:last]):
            return
        before = squeezed(masked_comments(text[first:last]))
        after = squeezed(masked_comments(text[first:start] + replacement + text[end:last]))
        found.append(Point(file, start, end, replacement, kind, text.count("\n", 0, start) + 1, before, after))

    for match in BINARY.finditer(code):
        add(*match.span(), WORDS[match.group()], "operator")
    for match in STEP.finditer(code):
        add(*match.span(), "--" if match.group() == "++" else "++", "operator")
    for match in NOT.finditer(code):
        add(*match.span(), "", "negation")
    for match in CONDITION.finditer(code):
        start, end = match.end(), closing(code, match.end() - 1)
        inside = code[start:end]
        if end > 0 and ";" not in inside and not has_one_of_its_own(inside) and not DECLARES.match(inside):
            add(start, end, f"!({text[start:end]})", "negated condition")
    for match in BOOLEAN.finditer(code):
        add(*match.span(), "false" if match.group() == "true" else "true", "constant")
    for match in NUMBER.finditer(code):
        if code[match.end()] == ";" and PURE.search(code, max(0, match.start() - 200), match.start()):
            continue  # a pure virtual function
        for number in numbers(match.group()):
            add(*match.span(), number, "constant")
    for start, end in statements(code):
        add(start, end, ";" if code[:start].rstrip().endswith((")", "else", ":")) else "", "dropped statement")
    return sorted(found, key=lambda point: (point.start, point.end, point.replacement))


def masked_comments(text):
    return re.sub(r"//[^\n]*", "", text)
