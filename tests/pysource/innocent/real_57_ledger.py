"""Double entry book-keeping in plain text."""
import collections
import datetime
import decimal
import io
import re
from dataclasses import dataclass, field
from typing import List

D = decimal.Decimal
HEAD = re.compile(r"(\d{4})-(\d\d)-(\d\d)\s+(.*)")
POSTING = re.compile(r"\s+(\S+(?: \S+)*?)(?:\s{2,}(-?\d+(?:\.\d+)?))?\s*$")


@dataclass
class Transaction:
    date: datetime.date
    text: str
    postings: List[tuple] = field(default_factory=list)

    def close(self):
        missing = [i for i, (_, a) in enumerate(self.postings) if a is None]
        total = sum(a for _, a in self.postings if a is not None)
        if len(missing) == 1:
            i = missing[0]
            self.postings[i] = (self.postings[i][0], -total)
        elif missing or total:
            raise ValueError("%s %s: does not balance (%s)" % (self.date, self.text, total))
        return self


def read(f):
    current = None
    for number, line in enumerate(f, 1):
        if not line.strip() or line.startswith(";"):
            continue
        if m := HEAD.match(line):
            if current:
                yield current.close()
            current = Transaction(datetime.date(*map(int, m.groups()[:3])), m[4])
        elif current and (m := POSTING.match(line)):
            current.postings.append((m[1], D(m[2]) if m[2] else None))
        else:
            raise SyntaxError("line %d: %r" % (number, line))
    if current:
        yield current.close()


def balances(transactions):
    totals = collections.defaultdict(D)
    for t in transactions:
        for account, amount in t.postings:
            parts = account.split(":")
            for i in range(len(parts)):
                totals[":".join(parts[:i + 1])] += amount
    return dict(totals)


book = io.StringIO("""; open accounts
2024-01-02 exec. salary
    assets:bank      100.00
    income:system
2024-01-03 pickles and sockets
    expenses:food  12.50
    assets:bank
""")
b = balances(read(book))
assert b["assets"] == D("87.50") and b["income:system"] == D(-100)
