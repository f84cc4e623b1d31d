"""Message catalogues: plural forms, fallbacks, lazy strings."""
import functools
import json
import string
from pathlib import Path

RULES = {
    "en": lambda n: int(n != 1),
    "fr": lambda n: int(n > 1),
    "ja": lambda n: 0,
    "pl": lambda n: 0 if n == 1 else 1 if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else 2,
}


class Catalog:
    def __init__(self, language, messages, fallback=None):
        self.language, self.messages, self.fallback = language, messages, fallback

    @classmethod
    def load(cls, folder, language, fallback=None):
        path = Path(folder) / (language + ".json")
        return cls(language, json.loads(path.read_text(encoding="utf-8")), fallback)

    def get(self, key):
        if key in self.messages:
            return self.messages[key]
        return self.fallback.get(key) if self.fallback else key

    def gettext(self, key, **values):
        return string.Template(self.get(key)).safe_substitute(values)

    def ngettext(self, key, n, **values):
        forms = self.get(key)
        form = forms[RULES[self.language](n)] if isinstance(forms, list) else forms
        return string.Template(form).safe_substitute(values, n=n)


@functools.total_ordering
class Lazy:
    def __init__(self, f, *args):
        self._f, self._args = f, args

    def __str__(self):
        return self._f(*self._args)

    def __eq__(self, other):
        return str(self) == str(other)

    def __lt__(self, other):
        return str(self) < str(other)

    def __getattr__(self, name):
        return getattr(str(self), name)


en = Catalog("en", {"files": ["$n file is open", "$n files are open"], "warn": "Do not call eval()"})
fr = Catalog("fr", {"files": ["$n fichier ouvert", "$n fichiers ouverts"]}, en)
pl = Catalog("pl", {"files": ["$n plik", "$n pliki", "$n plików"]}, en)
assert fr.ngettext("files", 0) == "0 fichier ouvert"
assert [pl.ngettext("files", n) for n in (1, 3, 12)] == ["1 plik", "3 pliki", "12 plików"]
assert fr.gettext("warn") == "Do not call eval()" and Lazy(en.gettext, "warn").upper().startswith("DO")
