import re

_CACHE = {}


def compile_template(text):
    code = ["def render(**v):", "    out = []"]
    for i, part in enumerate(re.split(r"\{\{(.*?)\}\}", text)):
        code.append(f"    out.append({part!r})" if i % 2 == 0 else f"    out.append(str(v[{part.strip()!r}]))")
    code.append("    return ''.join(out)")
    space = {}
    exec(compile("\n".join(code), "<template>", "exec"), space)
    return space["render"]


def render(text, **values):
    if text not in _CACHE:
        _CACHE[text] = compile_template(text)
    return _CACHE[text](**values)


HELLO = compile_template("Hello {{ name }}")
