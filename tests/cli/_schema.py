"""The part of JSON Schema that docs/report.schema.json uses, checked by hand."""

import re

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def is_type(value, name):
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def check(value, schema, root, at="$"):
    """Raises AssertionError where value is not what schema says."""
    if "$ref" in schema:
        assert schema["$ref"].startswith("#/$defs/"), schema["$ref"]
        return check(value, root["$defs"][schema["$ref"].split("/")[-1]], root, at)
    known = {"type", "properties", "required", "additionalProperties", "items", "enum", "const",
             "pattern", "minimum", "description", "title", "$schema", "$id", "$defs"}
    assert set(schema) <= known, f"{at}: this checker does not know {set(schema) - known}"
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    assert not types or any(is_type(value, t) for t in types), f"{at}: {value!r} is no {types}"
    assert "enum" not in schema or value in schema["enum"], f"{at}: {value!r}"
    assert "const" not in schema or value == schema["const"], f"{at}: {value!r}"
    if isinstance(value, str) and "pattern" in schema:
        assert re.search(schema["pattern"], value), f"{at}: {value!r}"
    if isinstance(value, int) and "minimum" in schema:
        assert value >= schema["minimum"], f"{at}: {value!r}"
    if isinstance(value, dict):
        missing = set(schema.get("required", [])) - set(value)
        assert not missing, f"{at}: without {missing}"
        properties = schema.get("properties", {})
        for key, inner in value.items():
            assert key in properties or schema.get("additionalProperties", True), f"{at}: {key}"
            if key in properties:
                check(inner, properties[key], root, f"{at}.{key}")
    if isinstance(value, list):
        for i, inner in enumerate(value):
            check(inner, schema.get("items", {}), root, f"{at}[{i}]")
