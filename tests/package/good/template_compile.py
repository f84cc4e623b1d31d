import re


class Template:
    def __init__(self, text):
        body = ["def render(ctx):", "    out = []"]
        for i, part in enumerate(re.split(r"\{\{(.*?)\}\}", text)):
            if i % 2:
                body.append(f"    out.append(str(ctx[{part.strip()!r}]))")
            else:
                body.append(f"    out.append({part!r})")
        body.append("    return ''.join(out)")
        namespace = {}
        exec(compile("\n".join(body), "<template>", "exec"), namespace)
        self.render = namespace["render"]
