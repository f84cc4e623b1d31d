"""A tiny template language: {{ name }}, {% if %}, {% for %}; interpreted, never compiled to Python."""
import html
import re
from typing import Any, Dict, List

SPLIT = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.S)


class TemplateError(Exception):
    pass


class Node:
    def render(self, context: Dict[str, Any]) -> str:
        raise NotImplementedError


class Text(Node):
    def __init__(self, text):
        self.text = text

    def render(self, context):
        return self.text


class Value(Node):
    def __init__(self, expression):
        name, *self.filters = [p.strip() for p in expression.split("|")]
        self.path = name.split(".")

    def resolve(self, context):
        value = context
        for part in self.path:
            if not isinstance(value, dict) or part not in value:
                return ""
            value = value[part]
        return value

    def render(self, context):
        value = self.resolve(context)
        for f in self.filters:
            value = FILTERS[f](value)
        return value if "safe" in self.filters else html.escape(str(value))


class Block(Node):
    def __init__(self, children: List[Node]):
        self.children = children

    def render(self, context):
        return "".join(c.render(context) for c in self.children)


class If(Block):
    def __init__(self, condition, children):
        super().__init__(children)
        self.condition = Value(condition)

    def render(self, context):
        return super().render(context) if self.condition.resolve(context) else ""


class For(Block):
    def __init__(self, head, children):
        super().__init__(children)
        self.name, _, source = head.split(None, 2)
        self.source = Value(source)

    def render(self, context):
        return "".join(super(For, self).render({**context, self.name: x}) for x in self.source.resolve(context))


FILTERS = {"upper": lambda v: str(v).upper(), "length": len, "safe": str, "join": ", ".join}
TAGS = {"if": If, "for": For}


def parse(parts, until=None):
    nodes = []
    for part in parts:
        if part.startswith("{{"):
            nodes.append(Value(part[2:-2]))
        elif part.startswith("{%"):
            word, _, rest = part[2:-2].strip().partition(" ")
            if word == until:
                return nodes
            if word not in TAGS:
                raise TemplateError("unknown tag: " + word)
            nodes.append(TAGS[word](rest, parse(parts, "end" + word)))
        elif part:
            nodes.append(Text(part))
    if until:
        raise TemplateError(until + " is missing")
    return nodes


def render(source, **context):
    return Block(parse(iter(SPLIT.split(source)))).render(context)


assert render("{% for x in xs %}<{{ x|upper }}>{% endfor %}", xs=["eval", "exec"]) == "<EVAL><EXEC>"
assert render("{{ a.b }}{% if no %}os.system('x'){% endif %}", a={"b": "<"}) == "&lt;"
