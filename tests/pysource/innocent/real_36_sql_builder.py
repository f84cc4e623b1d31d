"""Builds SQL from Python objects; parameters stay parameters."""
import sqlite3
from dataclasses import dataclass, field
from typing import Any, List, Tuple


class Expression:
    def __init__(self, sql: str, parameters: Tuple[Any, ...] = ()):
        self.sql, self.parameters = sql, parameters

    def __and__(self, other):
        return Expression("(%s AND %s)" % (self.sql, other.sql), self.parameters + other.parameters)

    def __or__(self, other):
        return Expression("(%s OR %s)" % (self.sql, other.sql), self.parameters + other.parameters)

    def __invert__(self):
        return Expression("NOT " + self.sql, self.parameters)


class Column:
    def __init__(self, name):
        self.name = name

    def _compare(self, operator, value):
        return Expression('"%s" %s ?' % (self.name, operator), (value,))

    def __eq__(self, value):
        return self._compare("=", value)

    def __lt__(self, value):
        return self._compare("<", value)

    def __gt__(self, value):
        return self._compare(">", value)

    def like(self, pattern):
        return self._compare("LIKE", pattern)


class Columns:
    def __getattr__(self, name):
        return Column(name)


c = Columns()


@dataclass
class Query:
    table: str
    columns: Tuple[str, ...] = ("*",)
    conditions: List[Expression] = field(default_factory=list)
    limit_to: int = 0

    def select(self, *columns):
        self.columns = columns
        return self

    def where(self, condition):
        self.conditions.append(condition)
        return self

    def limit(self, n):
        self.limit_to = n
        return self

    def compile(self):
        sql = "SELECT %s FROM %s" % (", ".join(self.columns), self.table)
        parameters = ()
        if self.conditions:
            sql += " WHERE " + " AND ".join(x.sql for x in self.conditions)
            parameters = sum((x.parameters for x in self.conditions), ())
        if self.limit_to:
            sql += " LIMIT %d" % self.limit_to
        return sql, parameters

    def run(self, db):
        return db.execute(*self.compile()).fetchall()


db = sqlite3.connect(":memory:")
db.executescript("create table calls (name text, system text, n int);"
                 "insert into calls values ('eval', 'a', 1), ('exec', 'b', 2), ('open', 'c', 3);")
rows = Query("calls").select("name").where((c.n > 1) & ~(c.system == "c")).limit(5).run(db)
assert rows == [("exec",)]
assert Query("calls").where(c.name.like("e%")).compile()[0].endswith('"name" LIKE ?')
