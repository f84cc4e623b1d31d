/* The Python parser: what it accepts, what it says of the rest and where, trees, sweeps. */
#include "format/python/parse.h"

#include <glob.h>
#include <stdlib.h>

#include "../fuzz/harness.h"
#include "test.h"

struct parsed {
    struct harness h;
    struct py_tree t;
    struct py_fault fault;
    enum pratique_status status;
};

static void parse(struct parsed *p, struct span text, enum py_mode mode)
{
    harness_init(&p->h);
    p->status = py_parse(&p->h.scan, text, mode, &p->t, &p->fault);
}

static void done(struct parsed *p)
{
    uint64_t left;

    py_tree_close(&p->t);
    left = p->h.budget.memory_left;
    harness_free(&p->h);
    harness_init(&p->h);
    CHECK(left == p->h.budget.memory_left, "memory is given back");
    harness_free(&p->h);
}

/* ---- what is refused, why and where ---- */

static const struct {
    const char *source;
    unsigned line, column;
    const char *reason;
} refused[] = {
    { "print 'x'\n", 1, 1, "Missing parentheses in call to 'print'. Did you mean print(...)?" },
    { "x = 1\n  y = 2\n", 2, 3, "unexpected indent" },
    { "if x:\n    a\n  b\n", 3, 3, "unindent does not match any outer indentation level" },
    { "if x:\n\ta\n        b\n", 3, 9, "inconsistent use of tabs and spaces in indentation" },
    { "if x:\npass\n", 2, 1, "expected an indented block after 'if' statement on line 1" },
    { "def f()\n", 1, 8, "expected ':'" },
    { "x = 'abc\n", 1, 5, "unterminated string literal (detected at line 1)" },
    { "'''a\nb\n", 1, 1, "unterminated triple-quoted string literal (detected at line 2)" },
    { "f'a\n", 1, 1, "unterminated f-string literal (detected at line 1)" },
    { "f'{x'\n", 1, 5, "f-string: expecting '}'" },
    { "f'{}'\n", 1, 4, "f-string: valid expression required before '}'" },
    { "f'}'\n", 1, 3, "f-string: single '}' is not allowed" },
    { "f'{x!z}'\n", 1, 6, "f-string: invalid conversion character: expected 's', 'r', or 'a'" },
    { "(]\n", 1, 2, "closing parenthesis ']' does not match opening parenthesis '('" },
    { "(\n]\n", 2, 1, "closing parenthesis ']' does not match opening parenthesis '(' on line 1" },
    { "x = (1,\n", 1, 5, "'(' was never closed" },
    { ")\n", 1, 1, "unmatched ')'" },
    { "x = 1 \\ 2\n", 1, 8, "unexpected character after line continuation character" },
    { "x \\", 1, 3, "unexpected EOF while parsing" },
    { "0777\n", 1, 1,
      "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal "
      "integers" },
    { "1__0\n", 1, 2, "invalid decimal literal" },
    { "0b12\n", 1, 4, "invalid digit '2' in binary literal" },
    { "1abc\n", 1, 2, "invalid decimal literal" },
    { "'\\x4'\n", 1, 1,
      "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-2: truncated \\xXX "
      "escape" },
    { "b'\\x4'\n", 1, 1, "(value error) invalid \\x escape at position 0" },
    { "b'\xc3\xa9'\n", 1, 1, "bytes can only contain ASCII literal characters" },
    { "'a' b'b'\n", 1, 1, "cannot mix bytes and nonbytes literals" },
    { "\xc3\xa9t\xc3\xa9 = 1 \xe2\x82\xac\n", 1, 9, "invalid character '\xe2\x82\xac' (U+20AC)" },
    { "f() = 1\n", 1, 1, "cannot assign to function call" },
    { "x = 1 = y\n", 1, 5, "cannot assign to literal" },
    { "None = 1\n", 1, 1, "cannot assign to None" },
    { "del f()\n", 1, 5, "cannot delete function call" },
    { "a, b += 1\n", 1, 1, "'tuple' is an illegal expression for augmented assignment" },
    { "(a, b): int\n", 1, 1, "only single target (not tuple) can be annotated" },
    { "*a, *b = c\n", 1, 5, "multiple starred expressions in assignment" },
    { "*a\n", 1, 1, "can't use starred expression here" },
    { "__debug__ = 1\n", 1, 1, "cannot assign to __debug__" },
    { "return\n", 1, 1, "'return' outside function" },
    { "yield\n", 1, 1, "'yield' outside function" },
    { "await x\n", 1, 1, "'await' outside function" },
    { "def f(): await x\n", 1, 10, "'await' outside async function" },
    { "def f(): [x async for x in y]\n", 1, 13,
      "asynchronous comprehension outside of an asynchronous function" },
    { "break\n", 1, 1, "'break' outside loop" },
    { "continue\n", 1, 1, "'continue' not properly in loop" },
    { "def f(a, a): pass\n", 1, 10, "duplicate argument 'a' in function definition" },
    { "def f(a=1, b): pass\n", 1, 12,
      "parameter without a default follows parameter with a default" },
    { "f(a=1, b)\n", 1, 8, "positional argument follows keyword argument" },
    { "f(a=1, a=2)\n", 1, 8, "keyword argument repeated: a" },
    { "f(x for x in y, 1)\n", 1, 3, "Generator expression must be parenthesized" },
    { "def f():\n    x = 1\n    global x\n", 3, 12,
      "name 'x' is assigned to before global declaration" },
    { "def f(x):\n    global x\n", 2, 12, "name 'x' is parameter and global" },
    { "nonlocal x\n", 1, 1, "nonlocal declaration not allowed at module level" },
    { "def f():\n    nonlocal x\n", 2, 14, "no binding for nonlocal 'x' found" },
    { "def f(): from x import *\n", 1, 10, "import * only allowed at module level" },
    { "x\nfrom __future__ import division\n", 2, 1,
      "from __future__ imports must occur at the beginning of the file" },
    { "from __future__ import braces\n", 1, 24, "not a chance" },
    { "[x := 1 for x in y]\n", 1, 2,
      "assignment expression cannot rebind comprehension iteration variable 'x'" },
    { "match x:\n case _: pass\n case 1: pass\n", 2, 7,
      "wildcard makes remaining patterns unreachable" },
    { "match x:\n case [a, a]: pass\n", 2, 11, "multiple assignments to name 'a' in pattern" },
    { "match x:\n case 1 | a.b | [c]: pass\n", 2, 7, "alternative patterns bind different names" },
    { "try: pass\nexcept: pass\nexcept A: pass\n", 3, 1, "default 'except:' must be last" },
    { "try: pass\nexcept A, B as c: pass\n", 2, 8,
      "multiple exception types must be parenthesized when using 'as'" },
    { "type X[T, T] = int\n", 1, 11, "duplicate type parameter 'T'" },
    { "x = 1 <> 2\n", 1, 7, "invalid syntax" },
    { "a b\n", 1, 3, "invalid syntax" },
};

TEST(pyparse_refused)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct parsed p;

        parse(&p, span_text(refused[i].source), PY_FILE);
        CHECK(p.status == PRATIQUE_E_FORMAT, "%s: status %d", refused[i].source, p.status);
        CHECK(p.fault.line == refused[i].line && p.fault.column == refused[i].column &&
                  strcmp(p.fault.reason, refused[i].reason) == 0,
              "%s: %u:%u %s", refused[i].source, p.fault.line, p.fault.column, p.fault.reason);
        done(&p);
    }
}

TEST(pyparse_nul)
{
    struct parsed p;

    parse(&p, SPAN_LITERAL("x = 1\ny\0z\n"), PY_FILE);
    CHECK(p.status == PRATIQUE_E_FORMAT && p.fault.line == 2 && p.fault.column == 2 &&
              p.fault.offset == 7,
          "%u:%u %s", p.fault.line, p.fault.column, p.fault.reason);
    done(&p);
}

/* ---- trees ---- */

static const char *const kinds[PY_KINDS] = {
#define NODE(kind) [N_##kind] = #kind,
#include "format/python/ast.def"
#undef NODE
};

struct text {
    char p[2048];
    size_t n;
};

static void put(struct text *out, const char *s, size_t n)
{
    if (n < sizeof out->p - out->n) {
        memcpy(out->p + out->n, s, n);
        out->n += n;
        out->p[out->n] = '\0';
    }
}

static void puts_to(struct text *out, const char *s)
{
    put(out, s, strlen(s));
}

static void print_list(struct text *out, const struct py_tree *t, uint32_t i);

static bool is_leaf(const struct py_node *n)
{
    return (n->kind >= N_INT && n->kind <= N_STR) || n->kind == N_FTEXT;
}

/* NAME, "literal", or (KIND op atom [a] [b] [c]); lists that are empty are "-". */
static void print(struct text *out, const struct py_tree *t, const struct py_node *n)
{
    struct span atom = py_atom_text(&t->atoms, n->atom), text = py_node_text(t, n);
    char op[16];

    if (n->kind == N_NAME || is_leaf(n)) {
        put(out, (const char *)text.p, text.n);
        return;
    }
    puts_to(out, "(");
    puts_to(out, kinds[n->kind]);
    if (n->op) {
        snprintf(op, sizeof op, " #%u", n->op);
        puts_to(out, op);
    }
    if (n->atom) {
        puts_to(out, " ");
        put(out, (const char *)atom.p, atom.n);
    }
    print_list(out, t, n->a);
    print_list(out, t, n->b);
    if (n->kind != N_IMPORT_FROM)
        print_list(out, t, n->c);
    puts_to(out, ")");
}

static void print_list(struct text *out, const struct py_tree *t, uint32_t i)
{
    if (!i)
        return;
    puts_to(out, " [");
    for (; i; i = py_node(t, i)->next) {
        print(out, t, py_node(t, i));
        if (py_node(t, i)->next)
            puts_to(out, " ");
    }
    puts_to(out, "]");
}

static const struct {
    const char *source, *tree;
} trees[] = {
    { "x", "[(EXPR [x])]" },
    { "a.b(c, *d, e=1, **f)[g:h:i, 2]",
      "[(EXPR [(SUBSCRIPT [(CALL [(ATTRIBUTE b [a])] [c (STARRED [d]) (KEYWORD e [1]) "
      "(DOUBLE_STARRED [f])])] [(TUPLE [(SLICE [g] [h] [i]) 2])])])]" },
    { "a + b * c ** -d", "[(EXPR [(BINARY #1 [a] [(BINARY #3 [b] [(BINARY #8 [c] [(UNARY #15 "
                         "[d])])])])])]" },
    { "a - b - c", "[(EXPR [(BINARY #2 [(BINARY #2 [a] [b])] [c])])]" },
    { "not a or b and c or d", "[(EXPR [(BOOL #19 [(UNARY #14 [a]) (BOOL #18 [b c]) d])])]" },
    { "a < b not in c is not d", "[(EXPR [(COMPARE [a] [(COMPARE_ITEM #22 [b]) (COMPARE_ITEM #27 "
                                 "[c]) (COMPARE_ITEM #29 [d])])])]" },
    { "a if b else c if d else e", "[(EXPR [(IF_ELSE [b] [a] [(IF_ELSE [d] [c] [e])])])]" },
    { "lambda a, /, b=1, *c, d, **e: f",
      "[(EXPR [(LAMBDA [(ARG #30 a) (ARG #31 b [1]) (ARG #32 c) (ARG #33 d) (ARG #34 e)] "
      "[f])])]" },
    { "a = b, c = *d, e", "[(ASSIGN [a (TUPLE [b c])] [(TUPLE [(STARRED [d]) e])])]" },
    { "a: b = c", "[(ANNASSIGN [a] [b] [c])]" },
    { "a //= b", "[(AUGASSIGN #6 [a] [b])]" },
    { "[a for b in c if d if e for f in g]",
      "[(EXPR [(LIST_COMP [a] [(COMP_FOR [b] [c] [d e]) (COMP_FOR [f] [g])])])]" },
    { "{a: b, **c}", "[(EXPR [(DICT [(DICT_ITEM [a] [b]) (DOUBLE_STARRED [c])])])]" },
    { "f(x for x in y)", "[(EXPR [(CALL [f] [(GENERATOR [x] [(COMP_FOR [x] [y])])])])]" },
    { "(y := x)", "[(EXPR [(NAMED [y] [x])])]" },
    { "'a' f'b{c!r:>{d}}e' ", "[(EXPR [(STRINGS ['a' (FSTRING [b (FVALUE #114 [c] [> (FVALUE "
                              "[d])]) e])])])]" },
    { "import a.b as c, d", "[(IMPORT [(ALIAS c [a b]) (ALIAS [d])])]" },
    { "from ..a.b import c as d, e", "[(IMPORT_FROM [(ALIAS d [c]) (ALIAS [e])] [a b])]" },
    { "from . import *", "[(IMPORT_FROM)]" },
    { "if a: b\nelif c: d\nelse: e", "[(IF [a] [(BLOCK [(EXPR [b])])] [(IF [c] [(BLOCK [(EXPR "
                                     "[d])])] [(BLOCK [(EXPR [e])])])])]" },
    { "try: a\nexcept b as c: d\nfinally: e",
      "[(TRY [(BLOCK [(EXPR [a])])] [(HANDLER c [b] [(BLOCK [(EXPR [d])])])] [(NOTHING) (BLOCK "
      "[(EXPR [e])])])]" },
    { "with (a as b, c): d",
      "[(WITH [(WITH_ITEM [a] [b]) (WITH_ITEM [c])] [(BLOCK [(EXPR [d])])])]" },
    { "with (a, b): d", "[(WITH [(WITH_ITEM [a]) (WITH_ITEM [b])] [(BLOCK [(EXPR [d])])])]" },
    { "@a\ndef f[T](b: c = d) -> e: pass",
      "[(FUNCTION f [(ARG #31 b [c] [d])] [(BLOCK [(PASS)])] [(DECORATOR [a]) (TYPE_PARAMS "
      "[(TYPE_PARAM #31 T)]) (RETURNS [e])])]" },
    { "class C(a, b=c): pass", "[(CLASS C [a (KEYWORD b [c])] [(BLOCK [(PASS)])])]" },
    { "type X[*T] = y", "[(TYPE_ALIAS X [y] [(TYPE_PARAMS [(TYPE_PARAM #32 T)])])]" },
    { "match a, b:\n case {1: c, **d} | C(e, f=_) as g if h: pass",
      NULL }, /* alternatives bind different names */
    { "match a:\n case [1, *_, b], {'k': C(x, y=_)} if h: pass",
      "[(MATCH [a] [(CASE [(PATTERN_SEQUENCE [(PATTERN_SEQUENCE [(PATTERN_VALUE [1]) "
      "(PATTERN_STAR) (PATTERN_CAPTURE b)]) (PATTERN_MAPPING [(PATTERN_PAIR ['k'] "
      "[(PATTERN_CLASS [C] [(PATTERN_CAPTURE x) (PATTERN_KEYWORD y [(PATTERN_CAPTURE)])])])])])] "
      "[(BLOCK [(PASS)])] [h])])]" },
    { "match(a)\nmatch = 1", "[(EXPR [(CALL [match] [a])]) (ASSIGN [match] [1])]" },
};

TEST(pyparse_trees)
{
    for (size_t i = 0; i < sizeof trees / sizeof trees[0]; i++) {
        struct parsed p;
        struct text out = { .n = 0 };

        parse(&p, span_text(trees[i].source), PY_FILE);
        CHECK((p.status == PRATIQUE_OK) == (trees[i].tree != NULL), "%s: %s", trees[i].source,
              p.fault.reason);
        if (p.status == PRATIQUE_OK && trees[i].tree) {
            print_list(&out, &p.t, py_node(&p.t, p.t.root)->a);
            CHECK(strcmp(out.p + 1, trees[i].tree) == 0, "%s:\n# %s\n# %s", trees[i].source,
                  out.p + 1, trees[i].tree);
        }
        done(&p);
    }
}

/* ---- places, names, comments ---- */

TEST(pyparse_positions)
{
    struct parsed p;
    struct py_position pos;

    parse(&p, SPAN_LITERAL("a\rb\r\n'\xc3\xa9'; c\n"), PY_FILE);
    CHECK(p.status == PRATIQUE_OK, "%s", p.fault.reason);
    pos = py_position(&p.t, 11);
    CHECK(pos.line == 3 && pos.column_utf8 == 7 && pos.column == 6, "%u:%u/%u", pos.line,
          pos.column_utf8, pos.column);
    done(&p);
}

TEST(pyparse_nfkc)
{
    struct parsed p;
    const struct py_node *call;

    /* fullwidth "eval" is eval, fullwidth "def" is a name and no keyword */
    parse(&p,
          SPAN_LITERAL("\xef\xbd\x85\xef\xbd\x96\xef\xbd\x81\xef\xbd\x8c(\xef\xbd\x84\xef\xbd\x85"
                       "\xef\xbd\x86)\n"),
          PY_FILE);
    CHECK(p.status == PRATIQUE_OK, "%s", p.fault.reason);
    call = py_node(&p.t, py_node(&p.t, py_node(&p.t, p.t.root)->a)->a);
    CHECK(call->kind == N_CALL &&
              span_is(py_atom_text(&p.t.atoms, py_node(&p.t, call->a)->atom), "eval"),
          "eval");
    CHECK(py_node(&p.t, call->b)->atom == W_KW_DEF, "def");
    done(&p);
}

TEST(pyparse_comments)
{
    static const char source[] = "# nothing\n# nosec one\nf(x, # NoSec\n  y) # pratique: allow\n"
                                 "z # nosecurity\n";
    struct parsed p;

    parse(&p, span_text(source), PY_FILE);
    CHECK(p.status == PRATIQUE_OK && p.t.comments_n == 4, "%u comments", p.t.comments_n);
    if (p.t.comments_n == 4) {
        CHECK(p.t.comments[0].statement == 10 && p.t.comments[0].statement_end == 21, "alone");
        CHECK(p.t.comments[1].statement == 22 && p.t.comments[1].statement_end == 57, "%u-%u",
              p.t.comments[1].statement, p.t.comments[1].statement_end);
        CHECK(p.t.comments[2].statement == 22 && p.t.comments[2].statement_end == 57, "second");
        CHECK(p.t.comments[3].statement == 58, "third");
    }
    done(&p);
}

TEST(pyparse_eval)
{
    static const struct {
        const char *source;
        bool good;
    } rows[] = {
        { " \t f(x)\n\n", true }, { "a, b", true },  { "(a := 1)", true }, { "", false },
        { "x = 1", false },       { "pass", false }, { "\nx", true },      { "a; b", false },
        { "(yield)", false },     { "x # c", true }, { "*a, b", true },    { "lambda: 0", true },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct parsed p;

        parse(&p, span_text(rows[i].source), PY_EVAL);
        CHECK((p.status == PRATIQUE_OK) == rows[i].good, "%s: %s", rows[i].source, p.fault.reason);
        done(&p);
    }
}

/* ---- bounds ---- */

static struct span repeat(const char *head, size_t n, const char *tail)
{
    size_t h = strlen(head), t = strlen(tail);
    char *p = malloc(h * n + t + 1);

    for (size_t i = 0; p && i < n; i++)
        memcpy(p + i * h, head, h);
    if (p)
        memcpy(p + h * n, tail, t);
    return span_of(p, p ? h * n + t : 0);
}

static const struct {
    const char *head;
    size_t n;
    const char *tail;
    enum pratique_status want;
} deep[] = {
    { "-", 5900, "1", PRATIQUE_OK },
    { "-", 100000, "1", PRATIQUE_E_FORMAT },
    { "lambda: ", 2990, "0", PRATIQUE_OK },
    { "lambda: ", 100000, "0", PRATIQUE_E_FORMAT },
    { "a if b else ", 2990, "c", PRATIQUE_OK },
    { "a if b else ", 100000, "c", PRATIQUE_E_FORMAT },
    { "not ", 2990, "x", PRATIQUE_OK },
    { "a**", 2000, "b", PRATIQUE_OK },
    { "(", 100000, "", PRATIQUE_E_FORMAT },
    { "f'{", 100000, "", PRATIQUE_E_FORMAT },
    { "f\"{", 1000, "", PRATIQUE_E_FORMAT },
    { "x + ", 300000, "1", PRATIQUE_OK },
    { "x.", 300000, "x", PRATIQUE_OK },
    { "'a' ", 300000, "", PRATIQUE_OK },
    { "x = ", 300000, "1", PRATIQUE_OK },
    { "x;", 300000, "x", PRATIQUE_OK },
    { "\\\n", 300000, "x", PRATIQUE_OK },
    { "\n", 300000, "x", PRATIQUE_OK },
};

TEST(pyparse_deep)
{
    for (size_t i = 0; i < sizeof deep / sizeof deep[0]; i++) {
        struct span s = repeat(deep[i].head, deep[i].n, deep[i].tail);
        struct parsed p;

        parse(&p, s, PY_FILE);
        CHECK(p.status == deep[i].want, "%s times %zu: status %d, %s", deep[i].head, deep[i].n,
              p.status, p.fault.reason);
        done(&p);
        free((void *)(uintptr_t)s.p);
    }
}

TEST(pyparse_budget)
{
    struct span s = repeat("x\n", 100000, "");
    struct harness h;
    struct py_tree t;
    struct py_fault fault;

    for (uint64_t memory = 0; memory < 4u << 20; memory = memory * 2 + 1000) {
        enum pratique_status st;

        harness_init(&h);
        h.budget.memory_left = memory;
        st = py_parse(&h.scan, s, PY_FILE, &t, &fault);
        CHECK(st == PRATIQUE_E_LIMIT && h.scan.error.status == st, "%u bytes: %d", (unsigned)memory,
              st);
        py_tree_close(&t);
        CHECK(h.budget.memory_left == memory, "%u bytes: given back", (unsigned)memory);
        harness_free(&h);
    }
    free((void *)(uintptr_t)s.p);
}

/* ---- sweeps: the sanitizers look on ---- */

static const char sweep[] =
    "from __future__ import annotations\n@d(1)\nasync def f[T: int](a, /, b=0x1F, *c: d, **e) -> g:"
    "\n\tasync with (a as b, c): await x\n\tglobal y\n\tif a: pass\n\telif (b := 1): return 1j\n"
    "\telse:\n\t\tx[1:2, ...] = y = f'a{b!r:>{c}}{{\\N{DASH}' \"x\\x41\", rb''\n"
    "match x:\n case [1 | -2.5, *b, c] | {'a': b, **c}: pass # nosec\n"
    "try: raise A from b\nexcept* (A, B) as e: del a\nfinally: assert a, '''\r\n\\\r'''\n"
    "\xc3\xa9 = lambda *a, b=1: (i async for i in {**j} if k not in l)\\\n ; type X = int\n";

static void try_bytes(const uint8_t *bytes, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1); /* of its exact size */
    struct parsed p;

    if (!copy)
        return;
    memcpy(copy, bytes, n);
    parse(&p, span_of(copy, n), PY_FILE);
    CHECK(p.status == PRATIQUE_OK || p.status == PRATIQUE_E_FORMAT, "%zu bytes: %d", n, p.status);
    done(&p);
    free(copy);
}

/* Memory runs out at every place that asks for some. */
TEST(pyparse_little_memory)
{
    static const char tail[] = "def f():\n x = 1\n def g(a=[i for i in (b)]): nonlocal x\n";
    struct span s = repeat(tail, 400, sweep + sizeof "from __future__ import annotations");
    unsigned stopped = 0, done_with = 0;

    for (uint64_t memory = 0; memory < 900000; memory += 1237) {
        struct harness h;
        struct py_tree t;
        struct py_fault fault;
        enum pratique_status st;

        harness_init(&h);
        h.budget.memory_left = memory;
        st = py_parse(&h.scan, s, PY_FILE, &t, &fault);
        CHECK(st == PRATIQUE_E_LIMIT || st == PRATIQUE_OK, "%u bytes: %d %s", (unsigned)memory, st,
              fault.reason);
        stopped += st == PRATIQUE_E_LIMIT;
        done_with += st == PRATIQUE_OK;
        py_tree_close(&t);
        CHECK(h.budget.memory_left == memory, "%u bytes: given back", (unsigned)memory);
        harness_free(&h);
    }
    CHECK(stopped > 50 && done_with > 50, "%u stopped, %u done", stopped, done_with);
    free((void *)(uintptr_t)s.p);
}

TEST(pyparse_truncated)
{
    struct parsed p;

    parse(&p, span_text(sweep), PY_FILE);
    CHECK(p.status == PRATIQUE_OK, "%u:%u %s", p.fault.line, p.fault.column, p.fault.reason);
    done(&p);
    for (size_t n = 0; n < sizeof sweep; n++)
        try_bytes((const uint8_t *)sweep, n);
}

TEST(pyparse_flipped)
{
    static const uint8_t flips[] = { 0x01, 0x20, 0x80, 0xff };
    uint8_t bytes[sizeof sweep - 1];

    memcpy(bytes, sweep, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        for (size_t k = 0; k < sizeof flips; k++) {
            bytes[i] ^= flips[k];
            try_bytes(bytes, sizeof bytes);
            bytes[i] ^= flips[k];
        }
}

/* ---- the corpus ---- */

static void corpus_file(const char *path)
{
    const char *name = strrchr(path, '/') + 1;
    static uint8_t data[1 << 20];
    FILE *f = fopen(path, "rb");
    struct parsed p;

    if (!f)
        return;
    parse(&p, span_of(data, fread(data, 1, sizeof data, f)), PY_FILE);
    fclose(f);
    CHECK((p.status == PRATIQUE_OK) == (name[0] == 'y'), "%s: %s", name, p.fault.reason);
    done(&p);
}

TEST(pyparse_corpus)
{
    glob_t g;

    CHECK(glob("tests/fuzz/corpus/pyparse/[yn]_*", 0, NULL, &g) == 0, "no corpus");
    for (size_t i = 0; i < g.gl_pathc; i++)
        corpus_file(g.gl_pathv[i]);
    globfree(&g);
}
