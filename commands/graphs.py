"""Units and their links as a tree of text, as Graphviz DOT, and as Mermaid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from domain.texts import visible
from domain.values import dataclass

Edges = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Node:
    """A unit in a drawing: its name, and its state in a word."""

    name: str
    state: str
    alarming: bool = False


def tree(nodes: Mapping[str, Node], edges: Edges) -> list[str]:
    """Return one line for each unit, indented under what it hangs on.

    A unit with several above it stands under each; what is under it is drawn once.
    """
    below: dict[str, list[str]] = {}
    for source, target in edges:
        below.setdefault(source, []).append(target)
    targets = {target for _, target in edges}
    tops = [code for code in nodes if code not in targets]
    drawn: set[str] = set()
    lines: list[str] = []
    # Where links run in a circle, no unit is on top: each ring is drawn from its first.
    for code in [*tops, *nodes]:
        if code not in drawn:
            lines.append(_line(code, nodes[code]))
            lines += _branches(code, nodes, below, drawn, "")
    return lines


def _branches(
    code: str,
    nodes: Mapping[str, Node],
    below: Mapping[str, Sequence[str]],
    drawn: set[str],
    indent: str,
) -> Iterator[str]:
    drawn.add(code)
    under = below.get(code, ())
    for number, child in enumerate(under, start=1):
        last = number == len(under)
        again = child in drawn
        yield f"{indent}{'└─ ' if last else '├─ '}{_line(child, nodes[child])}"
        if not again:
            yield from _branches(child, nodes, below, drawn, indent + ("   " if last else "│  "))


def _line(code: str, node: Node) -> str:
    return f"{node.name} {code} {node.state}"


def dot(nodes: Mapping[str, Node], edges: Edges) -> str:
    """Return the graph in Graphviz's language."""
    lines = ["digraph lianluo {", "  rankdir=LR;", "  node [shape=box];"]
    for code, node in nodes.items():
        label = f"{_dot_text(node.name)}\\n{_dot_text(code)} {_dot_text(node.state)}"
        colour = ", color=red" if node.alarming else ""
        lines.append(f'  "{_dot_text(code)}" [label="{label}"{colour}];')
    lines += [f'  "{_dot_text(source)}" -> "{_dot_text(target)}";' for source, target in edges]
    return "\n".join([*lines, "}", ""])


def _dot_text(text: str) -> str:
    return visible(text).replace("\\", "\\\\").replace('"', '\\"')


def mermaid(nodes: Mapping[str, Node], edges: Edges) -> str:
    """Return the graph in Mermaid's language; its nodes are numbered, for a code may be a word."""
    ids = {code: f"n{number}" for number, code in enumerate(nodes)}
    lines = ["graph LR"]
    for code, node in nodes.items():
        label = _mermaid_text(f"{node.name} {code} {node.state}")
        lines.append(f'  {ids[code]}["{label}"]')
    lines += [f"  {ids[source]} --> {ids[target]}" for source, target in edges]
    alarming = [ids[code] for code, node in nodes.items() if node.alarming]
    if alarming:
        lines += ["  classDef overdue stroke:#c00", f"  class {','.join(alarming)} overdue"]
    return "\n".join([*lines, ""])


def _mermaid_text(text: str) -> str:
    return visible(text).replace("#", "#35;").replace('"', "#quot;")
