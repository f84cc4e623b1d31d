"""A validator for a part of JSON Schema."""
import json
import re
from typing import Any, Iterator

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


class Invalid(Exception):
    def __init__(self, errors):
        super().__init__("; ".join(errors))
        self.errors = errors


def is_type(value: Any, name: str) -> bool:
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


class Validator:
    def __init__(self, schema: dict):
        self.schema = schema

    def errors(self, value: Any, schema=None, path: str = "$") -> Iterator[str]:
        schema = self.schema if schema is None else schema
        if "$ref" in schema:
            schema = self.resolve(schema["$ref"])
        for key, rule in schema.items():
            check = getattr(self, "check_" + key, None)
            if check is not None:
                yield from check(value, rule, path)

    def resolve(self, reference: str) -> dict:
        node = self.schema
        for part in reference.lstrip("#/").split("/"):
            node = node[part]
        return node

    def check_type(self, value, rule, path):
        names = [rule] if isinstance(rule, str) else rule
        if not any(is_type(value, n) for n in names):
            yield "%s: %s is expected" % (path, " or ".join(names))

    def check_enum(self, value, rule, path):
        if value not in rule:
            yield "%s: %r is none of %s" % (path, value, rule)

    def check_required(self, value, rule, path):
        for name in rule:
            if isinstance(value, dict) and name not in value:
                yield "%s: %s is missing" % (path, name)

    def check_properties(self, value, rule, path):
        if isinstance(value, dict):
            for name, schema in rule.items():
                if name in value:
                    yield from self.errors(value[name], schema, path + "." + name)

    def check_items(self, value, rule, path):
        if isinstance(value, list):
            for i, item in enumerate(value):
                yield from self.errors(item, rule, "%s[%d]" % (path, i))

    def check_pattern(self, value, rule, path):
        if isinstance(value, str) and not re.search(rule, value):
            yield "%s: does not match %s" % (path, rule)

    def check_minimum(self, value, rule, path):
        if is_type(value, "number") and value < rule:
            yield "%s: less than %s" % (path, rule)

    def validate(self, value):
        errors = list(self.errors(value))
        if errors:
            raise Invalid(errors)


schema = json.loads("""{"type": "object", "required": ["exec"], "definitions": {"n": {"type": "integer"}},
    "properties": {"exec": {"enum": ["eval", "os.system"]}, "n": {"$ref": "#/definitions/n"}}}""")
Validator(schema).validate({"exec": "eval", "n": 1})
assert len(list(Validator(schema).errors({"n": "x"}))) == 2
