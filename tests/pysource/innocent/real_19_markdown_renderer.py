"""A subset of Markdown to HTML."""
import html
import re

INLINE = [
    (re.compile(r"`([^`]+)`"), lambda m: "<code>%s</code>" % m[1]),
    (re.compile(r"\*\*(.+?)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"\*(.+?)\*"), r"<em>\1</em>"),
    (re.compile(r"\[(.+?)\]\((\S+?)\)"), r'<a href="\2">\1</a>'),
]
EXAMPLE = """
# Safety

Never use `eval(input())` or **os.system**.

- `subprocess.run(..., shell=True)` is worse
- see [the list](../list.md)

```
exec(open("x").read())
```
"""


def inline(text):
    text = html.escape(text, quote=False)
    for pattern, replacement in INLINE:
        text = pattern.sub(replacement, text)
    return text


class Renderer:
    def __init__(self):
        self.out, self.paragraph, self.list, self.code = [], [], False, None

    def flush(self):
        if self.paragraph:
            self.out.append("<p>%s</p>" % inline(" ".join(self.paragraph)))
            self.paragraph = []
        if self.list:
            self.out.append("</ul>")
            self.list = False

    def line(self, line):
        if line.startswith("```"):
            self.fence()
        elif self.code is not None:
            self.code.append(line)
        elif m := re.match(r"(#{1,6})\s+(.*)", line):
            self.flush()
            self.out.append("<h%d>%s</h%d>" % (len(m[1]), inline(m[2]), len(m[1])))
        elif m := re.match(r"[-*]\s+(.*)", line):
            if not self.list:
                self.flush()
                self.out.append("<ul>")
                self.list = True
            self.out.append("<li>%s</li>" % inline(m[1]))
        elif not line.strip():
            self.flush()
        else:
            self.paragraph.append(line.strip())

    def fence(self):
        if self.code is None:
            self.flush()
            self.code = []
        else:
            self.out.append("<pre>%s</pre>" % html.escape("\n".join(self.code)))
            self.code = None

    def render(self, text):
        for line in text.splitlines():
            self.line(line)
        self.flush()
        return "\n".join(self.out)


assert "<h1>Safety</h1>" in Renderer().render(EXAMPLE)
