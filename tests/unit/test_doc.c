/* Documents: JSON by tables (what Python's json takes and refuses), YAML, the builder. */
#include "format/doc/doc.h"

#include "model.h"

static const struct {
    const char *what, *json, *want; /* the tree as show() prints it; NULL: refused */
} cases[] = {
    { "empty object", "{}", "{}" },
    { "empty array", " [ ] ", "[]" },
    { "scalars", "[true,false,null,0,-1.5e+10,\"x\"]", "[t,f,n,0,-1.5e+10,'x']" },
    { "a bare string", "\"a\"", "'a'" },
    { "a bare number", "12", "12" },
    { "Python's numbers", "[NaN,Infinity,-Infinity]", "[NaN,Infinity,-Infinity]" },
    { "members", "{\"a\":1,\"b\":{\"c\":[2]}}", "{a:1,b:{c:[2]}}" },
    { "escapes", "[\"\\u0041\\n\\/\\\"\"]", "['A\n/\"'e]" },
    { "an escaped key", "{\"\\u005ftarget_\":1}", "{_target_e:1}" },
    { "a pair", "[\"\\ud83d\\ude00\"]", "['\xF0\x9F\x98\x80'e]" },
    { "half a pair", "[\"\\ud83dx\"]", "['\xED\xA0\xBDx'e]" },
    { "twice the same key", "{\"a\":1,\"b\":2,\"a\":3}", "{a:1,b:2,a:3d}" },
    { "the same key, escaped", "{\"a\":1,\"\\u0061\":3}", "{a:1,ae:3d}" },
    { "many keys",
      "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"\\u0064\":8,\"a\":9}",
      "{a:1,b:2,c:3,d:4,e:5,f:6,g:7,de:8d,a:9d}" },
    { "a byte order mark", "\xEF\xBB\xBF[1]", "[1]" },
    { "UTF-8", "[\"\xC3\xA9\"]", "['\xC3\xA9']" },
    { "delete is no control", "[\"\x7F\"]", "['\x7F']" },
    { "nothing", "", NULL },
    { "blanks", "  ", NULL },
    { "a comma too many", "[1,]", NULL },
    { "a comma too many in an object", "{\"a\":1,}", NULL },
    { "no comma", "[1 2]", NULL },
    { "two values", "[1][2]", NULL },
    { "single quotes", "{'a':1}", NULL },
    { "a bare key", "{a:1}", NULL },
    { "a comment", "[1] // x", NULL },
    { "a comment first", "/* */ [1]", NULL },
    { "a leading zero", "[01]", NULL },
    { "a plus", "[+1]", NULL },
    { "no digits after the point", "[1.]", NULL },
    { "no digits before it", "[.5]", NULL },
    { "no exponent", "[1e]", NULL },
    { "hexadecimal", "[0x10]", NULL },
    { "a tab in a string", "[\"\t\"]", NULL },
    { "an unknown escape", "[\"\\x41\"]", NULL },
    { "half an escape", "[\"\\u00\"]", NULL },
    { "a sign among the digits", "[\"\\u-041\"]", NULL },
    { "no end", "[\"a\"", NULL },
    { "no end of a string", "[\"a", NULL },
    { "another bracket", "[1}", NULL },
    { "True of Python", "[True]", NULL },
    { "bytes that are not UTF-8", "[\"\xFF\"]", NULL },
    { "an overlong form", "[\"\xC0\xAF\"]", NULL },
    { "another blank", "[1,\v2]", NULL },
    { "a vertical tab behind", "[1]\f", NULL },
    { "minus alone", "[-]", NULL },
    { "a colon alone", "{:1}", NULL },
    { "no value", "{\"a\":}", NULL },
    { "no colon", "{\"a\" 1}", NULL },
};

static const struct {
    const char *what, *yaml, *want;
} yamls[] = {
    { "mapping", "a: 1\nb: [x, 'y', \"z\"]\n", "{a:1,b:['x','y','z']}" },
    { "booleans", "[yes, No, ON, off, ~, null, '']", "[t,f,t,f,n,n,'']" },
    { "numbers", "[1, -2.5, 1e3, .inf, 0x1F, 1.2.3]", "[1,-2.5,1e3,.inf,0x1F,1.2.3]" },
    { "words", "[e1, abc, '-', 1st]", "['e1','abc','-','1st']" },
    { "a tag", "a: !!python/object/apply:os.system [x]",
      "{a:<tag:yaml.org,2002:python/object/apply:os.system>['x']}" },
    { "a handle", "%TAG !p! tag:yaml.org,2002:python/\n---\n!p!name:os.system x",
      "<tag:yaml.org,2002:python/name:os.system>'x'" },
    { "verbatim", "!<tag:yaml.org,2002:python/none> x", "<tag:yaml.org,2002:python/none>'x'" },
    { "percent", "!!python%2Fname:os.system x", "<tag:yaml.org,2002:python/name:os.system>'x'" },
    { "a local tag", "a: !Ref b", "{a:<!Ref>'b'}" },
    { "a tagged key", "? !!python/name:os.system x\n: 1",
      "{o:<tag:yaml.org,2002:python/name:os.system>'x',x:1}" },
    { "a container as a key", "? [a, !x b]\n: 1\nc: 2", "{o:['a',<!x>'b'],o:1d,c:2}" },
    { "alias of a scalar", "a: &x os.system\nb: *x", "{a:'os.system',b:'os.system'}" },
    { "alias of a container", "a: &x [1]\nb: *x", "{a:[1],b:*x}" },
    { "two documents", "a: 1\n---\nb: 2\n", "[{a:1},{b:2}]" },
    { "twice the same key", "a: 1\na: 2\n", "{a:1,a:2d}" },
    { "folded", "a: >\n  b\n  c\n", "{a:'b c\n'}" },
    { "an odd key", "1: x\ntrue: y", "{1o:'x',trueo:'y'}" },
    { "not closed", "[a, b", NULL },
    { "a tab", "a:\n\t- b", NULL },
    { "not a mapping", "a: b: c", NULL },
};

struct shown {
    char text[4096];
    size_t n;
};

static void show_text(struct shown *out, struct span s)
{
    if (s.n < sizeof out->text - out->n - 64) {
        memcpy(out->text + out->n, s.p, s.n);
        out->n += s.n;
    }
    out->text[out->n] = 0;
}

static void show_value(struct shown *out, const struct doc *d, doc_id id)
{
    static const char *const words[] = { "n", "f", "t" };
    enum doc_kind kind = doc_kind(d, id);

    if (doc_tag(d, id).n) {
        show_text(out, SPAN_LITERAL("<"));
        show_text(out, doc_tag(d, id));
        show_text(out, SPAN_LITERAL(">"));
    }
    if (kind <= DOC_TRUE)
        show_text(out, span_text(words[kind]));
    if (kind == DOC_STRING)
        show_text(out, SPAN_LITERAL("'"));
    if (kind == DOC_ALIAS)
        show_text(out, SPAN_LITERAL("*"));
    show_text(out, doc_text(d, id));
    if (kind == DOC_STRING)
        show_text(out, SPAN_LITERAL("'"));
    if (doc_flags(d, id) & DOC_ESCAPED)
        show_text(out, SPAN_LITERAL("e"));
}

/* The tree in short: d duplicate, e escaped, o odd key. */
static void show(struct shown *out, const struct doc *d, doc_id id)
{
    bool object = doc_kind(d, doc_parent(d, id)) == DOC_OBJECT;
    enum doc_kind kind = doc_kind(d, id);
    bool container = kind == DOC_ARRAY || kind == DOC_OBJECT;

    if (object) {
        show_text(out, doc_key(d, id));
        show_text(out, doc_flags(d, id) & DOC_KEY_ESCAPED ? SPAN_LITERAL("e") : SPAN_EMPTY);
        show_text(out, doc_flags(d, id) & DOC_KEY_ODD ? SPAN_LITERAL("o") : SPAN_EMPTY);
        show_text(out, SPAN_LITERAL(":"));
    }
    show_value(out, d, id);
    if (container) {
        show_text(out, kind == DOC_OBJECT ? SPAN_LITERAL("{") : SPAN_LITERAL("["));
        for (doc_id c = doc_first(d, id); c != DOC_NONE; c = doc_next(d, c)) {
            if (c != doc_first(d, id))
                show_text(out, SPAN_LITERAL(","));
            show(out, d, c);
        }
        show_text(out, kind == DOC_OBJECT ? SPAN_LITERAL("}") : SPAN_LITERAL("]"));
    }
    if (doc_flags(d, id) & DOC_DUPLICATE)
        show_text(out, SPAN_LITERAL("d"));
}

/* Reads in, in a block of its exact size, and compares what it is with want. */
static void check(enum pratique_status (*read)(struct doc *, struct scan *, struct span),
                  struct span in, const char *what, const char *want)
{
    struct bench b;
    struct doc d;
    struct shown out = { .n = 0 };
    enum pratique_status st;
    uint8_t *copy = malloc(in.n ? in.n : 1);
    uint64_t memory;

    bench_init(&b);
    memory = b.budget.memory_left;
    if (copy) {
        memcpy(copy, in.p, in.n);
        st = read(&d, &b.scan, span_of(copy, in.n));
        if (st == PRATIQUE_OK)
            show(&out, &d, 0);
        if (want)
            CHECK(st == PRATIQUE_OK && strcmp(out.text, want) == 0, "%s: %d, %s (%s)", what, st,
                  out.text, b.scan.error.msg);
        else
            CHECK(st == PRATIQUE_E_FORMAT && b.scan.error.msg[0], "%s: %d, %s", what, st, out.text);
        doc_free(&d);
        CHECK(b.budget.memory_left == memory, "%s: memory given back", what);
    }
    free(copy);
    bench_free(&b);
}

TEST(doc_json_as_python)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(doc_json, span_text(cases[i].json), cases[i].what, cases[i].want);
    check(doc_json,
          SPAN_LITERAL("\xFF\xFE[\0"
                       "1\0]\0"),
          "UTF-16 with a mark", "[1]");
    check(doc_json,
          SPAN_LITERAL("\0[\0"
                       "1\0]"),
          "UTF-16 without one", "[1]");
    check(doc_json,
          SPAN_LITERAL("[\0\0\0"
                       "1\0\0\0]\0\0\0"),
          "UTF-32", "[1]");
    check(doc_json,
          SPAN_LITERAL("[\0\0\0"
                       "1\0\0\0]\0\0"),
          "UTF-32, cut", NULL);
    check(doc_json, SPAN_LITERAL("[\"\0\"]"), "a NUL in a string", NULL);
    check(doc_json, SPAN_LITERAL("[1]\0"), "a NUL behind", NULL);
}

TEST(doc_yaml_trees)
{
    for (size_t i = 0; i < sizeof yamls / sizeof *yamls; i++)
        check(doc_yaml, span_text(yamls[i].yaml), yamls[i].what, yamls[i].want);
    check(doc_yaml,
          SPAN_LITERAL("\xFF\xFE"
                       "a\0:\0 \0"
                       "1\0"),
          "UTF-16", "{a:1}");
}

/* Opens n containers, and closes them. */
static char *nested(size_t n, char open, char close)
{
    char *text = malloc(2 * n + 1);

    if (text) {
        memset(text, open, n);
        memset(text + n, close, n);
        text[2 * n] = 0;
    }
    return text;
}

TEST(doc_depth)
{
    struct bench b;
    struct doc d;
    char *fits = nested(1000, '[', ']'), *deep = nested(1001, '[', ']');

    bench_init(&b);
    CHECK(fits && doc_json(&d, &b.scan, span_text(fits)) == PRATIQUE_OK && d.n == 1000, "1000");
    doc_free(&d);
    CHECK(deep && doc_json(&d, &b.scan, span_text(deep)) == PRATIQUE_E_FORMAT &&
              b.scan.error.offset == 1000,
          "1001: %s", b.scan.error.msg);
    doc_free(&d);
    CHECK(deep && doc_yaml(&d, &b.scan, span_text(deep)) == PRATIQUE_E_FORMAT, "1001 of YAML");
    doc_free(&d);
    free(fits);
    free(deep);
    bench_free(&b);
}

TEST(doc_looks)
{
    struct bench b;
    struct doc d;
    uint32_t line, column;
    struct span in = SPAN_LITERAL("{\"a\": \"x\",\n \"b\": {\"c\": [1, 2]},\n  \"a\": \"y\"}");

    bench_init(&b);
    CHECK(doc_json(&d, &b.scan, in) == PRATIQUE_OK, "reads");
    CHECK(span_is(doc_get_text(&d, 0, "a"), "y"), "the last member counts");
    CHECK(doc_get(&d, 0, "z") == DOC_NONE && doc_get(&d, DOC_NONE, "a") == DOC_NONE, "no such");
    CHECK(doc_is(&d, doc_get(&d, 0, "a"), "y") && !doc_is(&d, 0, "y"), "is");
    doc_place(&d, doc_get(&d, 0, "a"), &line, &column);
    CHECK(line == 3 && column == 9, "at %u:%u", line, column);
    doc_place(&d, doc_first(&d, 0), &line, &column);
    CHECK(line == 1 && column == 8, "at %u:%u", line, column);
    CHECK(doc_count(&d, 0) == 3 && doc_count(&d, doc_get(&d, 0, "a")) == 0, "counts");
    CHECK(doc_parent(&d, 0) == DOC_NONE && doc_parent(&d, doc_first(&d, 0)) == 0, "parents");
    CHECK(doc_walk(&d, (doc_id)d.n - 1) == DOC_NONE && doc_walk(&d, DOC_NONE) == DOC_NONE, "ends");
    doc_free(&d);
    bench_free(&b);
}

/* The root of many members is asked by the table of its keys; one with a key twice is not. */
TEST(doc_gets_of_many)
{
    struct bench b;
    struct doc d;
    struct span once = SPAN_LITERAL("{\"a\":1,\"b\":{\"a\":7,\"z\":8},\"c\":3,\"d\":4,\"e\":5,"
                                    "\"f\":6,\"\\u0067\":{},\"h\":9}"),
                twice = SPAN_LITERAL("{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,"
                                     "\"\\u0061\":[],\"h\":9}");

    bench_init(&b);
    CHECK(doc_json(&d, &b.scan, once) == PRATIQUE_OK, "reads");
    for (const char *key = "abcdefgh"; *key; key++) {
        char name[2] = { *key, 0 };

        CHECK(span_is(doc_key(&d, doc_get(&d, 0, name)), name), "%s", name);
    }
    CHECK(doc_get(&d, 0, "z") == DOC_NONE && doc_get(&d, 0, "") == DOC_NONE, "not of the root");
    CHECK(span_is(doc_text(&d, doc_get(&d, doc_get(&d, 0, "b"), "z")), "8"), "of another object");
    doc_free(&d);
    CHECK(doc_json(&d, &b.scan, twice) == PRATIQUE_OK, "reads");
    CHECK(doc_kind(&d, doc_get(&d, 0, "a")) == DOC_ARRAY, "the last counts");
    CHECK(span_is(doc_text(&d, doc_get(&d, 0, "g")), "7"), "another");
    doc_free(&d);
    bench_free(&b);
}

/* Lines are counted on and back from where they were counted to. */
TEST(doc_places_in_any_order)
{
    static const struct span in = { (const uint8_t *)"[\n\n1,\n 2,3,\n\n\n  4]", 18 };
    static const struct {
        doc_id id;
        uint32_t line, column;
    } want[] = { { 0, 1, 1 }, { 1, 3, 1 }, { 2, 4, 2 }, { 3, 4, 4 }, { 4, 7, 3 } };
    struct bench b;
    struct doc d;
    uint32_t line, column;

    bench_init(&b);
    CHECK(doc_json(&d, &b.scan, in) == PRATIQUE_OK, "reads: %s", b.scan.error.msg);
    for (size_t i = 0; i < 25; i++)
        for (size_t k = 0; k < 2; k++) { /* from each to each */
            size_t n = k ? i % 5 : i / 5;

            doc_place(&d, want[n].id, &line, &column);
            CHECK(line == want[n].line && column == want[n].column, "%zu: %u:%u", n, line, column);
        }
    doc_free(&d);
    bench_free(&b);
}

TEST(doc_built)
{
    struct bench b;
    struct doc d;
    struct shown out = { .n = 0 };
    struct span in = SPAN_LITERAL("key value");
    bool ok;

    bench_init(&b);
    doc_begin(&d, &b.scan, in, "MessagePack");
    d.line = 0;
    ok = doc_open(&d, DOC_OBJECT, 0) && doc_put_key(&d, span_of(in.p, 3), 0) &&
         doc_put(&d, DOC_BYTES, 4, span_from(in, 4), 0) &&
         doc_put_tag(&d, SPAN_LITERAL("ext:42")) &&
         doc_put_key(&d, SPAN_LITERAL("7"), DOC_KEY_ODD) &&
         doc_put(&d, DOC_NUMBER, 5, SPAN_LITERAL("12"), 0) && doc_close(&d, 9);
    CHECK(ok && doc_end(&d) == PRATIQUE_OK, "builds");
    show(&out, &d, 0);
    CHECK(strcmp(out.text, "{key:<ext:42>value,7o:12}") == 0, "%s", out.text);
    CHECK(doc_offset(&d, 1) == 4 && doc_offset(&d, 2) == 5, "offsets");
    doc_free(&d);
    doc_begin(&d, &b.scan, in, "MessagePack");
    CHECK(doc_open(&d, DOC_ARRAY, 0) && doc_end(&d) == PRATIQUE_E_FORMAT, "not closed");
    doc_free(&d);
    bench_free(&b);
}
