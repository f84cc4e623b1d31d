/* schema.json: what its nodes do, as facts. */
#include "format/skops/skops.h"

#include "fact/pickle.h"
#include "model.h"

#define NODE(module, class, loader, more)                                                          \
    "{\"__class__\": \"" class "\", \"__module__\": \"" module "\", \"__loader__\": \"" loader     \
                               "\"" more "}"
#define STR_KEY       NODE("builtins", "str", "TypeNode", "")
#define LIST(content) NODE("builtins", "list", "ListNode", ", \"content\": [" content "]")
#define DICT(types, content)                                                                       \
    NODE("builtins", "dict", "DictNode",                                                           \
         ", \"key_types\": " LIST(types) ", \"content\": {" content "}")

static const struct {
    const char *what, *json;
    enum fact_kind kind; /* of the fact that must be there; FACT_KINDS: none but READ */
    const char *subject;
    uint32_t flags;
    size_t facts; /* in all, without READ */
} rows[] = {
    { "plain data", DICT(STR_KEY, "\"a\": " LIST("")), FACT_KINDS, "", 0, 0 },
    { "a string", NODE("builtins", "str", "JsonNode", ", \"content\": \"1\""), FACT_KINDS, "", 0,
      0 },
    { "a type", NODE("posix", "system", "TypeNode", ""), FACT_PICKLE_GLOBAL, "posix.system", 0, 1 },
    { "a function", NODE("numpy", "log1p", "FunctionNode", ""), FACT_PICKLE_GLOBAL, "numpy.log1p",
      0, 1 },
    { "a function of protocol 0",
      NODE("x", "y", "FunctionNode",
           ", \"content\": {\"module_path\": \"os\", \"function\": \"system\"}"),
      FACT_PICKLE_GLOBAL, "os.system", 0, 1 },
    { "an object", NODE("sklearn.pipeline", "Pipeline", "ObjectNode", ""), FACT_PICKLE_CALL,
      "sklearn.pipeline.Pipeline", PK_NEWOBJ, 1 },
    { "an object with state",
      NODE("a", "B", "ObjectNode", ", \"content\": " DICT(STR_KEY, "\"x\": " LIST(""))),
      FACT_PICKLE_BUILD, "a.B", 0, 2 },
    { "an object with a special attribute",
      NODE("a", "B", "ObjectNode", ", \"content\": " DICT(STR_KEY, "\"__class__\": " LIST(""))),
      FACT_PICKLE_BUILD, "a.B", PK_STATE_DUNDER, 3 },
    { "a constructor",
      NODE("subprocess", "Popen", "ConstructorFromReduceNode", ", \"content\": " LIST("")),
      FACT_PICKLE_CALL, "subprocess.Popen", PK_REDUCE, 1 },
    { "a container of another class", NODE("a", "B", "ListNode", ", \"content\": []"),
      FACT_PICKLE_CALL, "a.B", PK_REDUCE, 1 },
    { "an array class that is called",
      NODE("os", "system", "NdArrayNode", ", \"type\": \"numpy\", \"file\": \"1.npy\""),
      FACT_PICKLE_CALL, "os.system", PK_REDUCE, 1 },
    { "an operator", NODE("operator", "methodcaller", "OperatorFuncNode", ", \"attrs\": " LIST("")),
      FACT_PICKLE_CALL, "operator.methodcaller", PK_REDUCE, 1 },
    { "a partial",
      NODE("functools", "partial", "PartialNode",
           ", \"content\": {\"func\": " NODE("os", "system", "FunctionNode", "") "}"),
      FACT_PICKLE_CALL, "functools.partial", PK_REDUCE, 2 },
    { "a method",
      NODE("a", "B", "MethodNode",
           ", \"content\": {\"func\": \"run\", \"obj\": " NODE("a", "B", "ObjectNode", "") "}"),
      FACT_PICKLE_GLOBAL, "a.B.run", PK_DOTTED, 2 },
    { "a key type that is a function",
      DICT(NODE("os", "system", "TypeNode", ""), "\"id\": " LIST("")), FACT_PICKLE_CALL,
      "os.system", PK_REDUCE, 2 },
    { "a key type that is made", DICT(NODE("a", "B", "PartialNode", ""), "\"id\": " LIST("")),
      FACT_PICKLE_CALL_COMPUTED, "a.B", PK_REDUCE, 2 },
    { "a bit generator",
      NODE("numpy.random._generator", "Generator", "RandomGeneratorNode",
           ", \"content\": {\"bit_generator\": {\"content\": {\"bit_generator\": {\"content\": "
           "\"\\\"seed\\\"\"}}}}"),
      FACT_PICKLE_CALL, "numpy.random.seed", PK_REDUCE, 1 },
    { "a bit generator without name",
      NODE("numpy.random._generator", "Generator", "RandomGeneratorNode", ", \"content\": {}"),
      FACT_SKOPS_LOADER, "numpy.random._generator.Generator", 0, 1 },
    { "a loader of tomorrow", NODE("a", "B", "EvalNode", ""), FACT_SKOPS_LOADER, "EvalNode", 0, 1 },
    { "a node in a place of its own",
      "{\"x\": [{\"y\": " NODE("os", "system", "TypeNode", "") "}]}", FACT_PICKLE_GLOBAL,
      "os.system", 0, 1 },
    { "an escaped key",
      "{\"__class__\": \"system\", \"__module__\": \"os\", "
      "\"__\\u006Coader__\": \"TypeNode\"}",
      FACT_PICKLE_GLOBAL, "os.system", 0, 1 },
    { "a dot in a class", NODE("torch", "serialization.os.system", "TypeNode", ""),
      FACT_PICKLE_GLOBAL, "torch.serialization.os.system", PK_DOTTED, 1 },
    { "twice the same", LIST(NODE("a", "B", "TypeNode", "") "," NODE("a", "B", "TypeNode", "")),
      FACT_PICKLE_GLOBAL, "a.B", 0, 1 },
};

static const struct fact *find(const struct bench *b, size_t row)
{
    for (size_t i = 0; i < b->facts.n; i++) {
        const struct fact *f = &b->facts.list[i];

        if (f->kind == rows[row].kind && span_is(f->subject, rows[row].subject) &&
            f->flags == rows[row].flags)
            return f;
    }
    return NULL;
}

TEST(skops_rows)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct bench b;

        CHECK(format_skops.looks_like(span_text(rows[i].json)), "%s: recognised", rows[i].what);
        bench_run(&b, &format_skops, span_text(rows[i].json), rows[i].what);
        CHECK(b.status == PRATIQUE_OK, "%s: %s", rows[i].what, b.scan.error.msg);
        CHECK(rows[i].kind == FACT_KINDS || find(&b, i), "%s: its fact", rows[i].what);
        CHECK(b.facts.n == rows[i].facts + 1, "%s: %zu facts", rows[i].what, b.facts.n - 1);
        bench_free(&b);
    }
}

TEST(skops_partial_names_its_function)
{
    struct bench b;
    const struct fact *f;

    bench_run(
        &b, &format_skops,
        span_text(NODE("functools", "partial", "PartialNode",
                       ", \"content\": {\"func\": " NODE("os", "system", "FunctionNode", "") "}")),
        "partial");
    f = bench_fact(&b, FACT_PICKLE_CALL);
    CHECK(f && f->refs_n == 1 && span_is(f->refs[0], "os.system"), "refs");
    bench_free(&b);
}

static const struct {
    const char *what;
    struct span in;
    bool looks, ok;
} others[] = {
    { "JSON of another kind", SPAN_LITERAL("{\"a\": 1}"), false, true },
    { "an array", SPAN_LITERAL("[{\"__loader__\": 1}]"), false, true },
    { "a key twice", SPAN_LITERAL("{\"__loader__\": \"JsonNode\", \"__loader__\": \"TypeNode\"}"),
      true, false },
    { "cut short", SPAN_LITERAL("{\"__loader__\": \"JsonNode\""), true, false },
    { "bytes after it", SPAN_LITERAL("{\"__loader__\": \"JsonNode\"} x"), true, false },
    { "UTF-16", SPAN_LITERAL("\xff\xfe{\0d\0e\0r\0"), true, false },
    { "UTF-16 of another kind", SPAN_LITERAL("\xff\xfe{\0\"\0"), false, false },
    { "UTF-16 without a mark", SPAN_LITERAL("{\0d\0e\0r\0"), true, false },
    { "UTF-32, big-endian", SPAN_LITERAL("\0\0\0{\0\0\0d\0\0\0e\0\0\0r"), true, false },
    { "UTF-8 with a mark", SPAN_LITERAL("\xef\xbb\xbf{\"__loader__\": \"JsonNode\"}"), true, true },
    { "a loader that is no text", SPAN_LITERAL("{\"__loader__\": 7}"), true, true },
};

TEST(skops_others)
{
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        struct bench b;

        CHECK(format_skops.looks_like(others[i].in) == others[i].looks, "%s: recognised",
              others[i].what);
        bench_run(&b, &format_skops, others[i].in, others[i].what);
        CHECK((b.status == PRATIQUE_OK) == others[i].ok, "%s: %s", others[i].what,
              b.scan.error.msg);
        bench_free(&b);
    }
}

/* Calls inside calls, 1000 deep over a wide bottom: time stays linear. */
TEST(skops_calls_in_calls)
{
    enum { DEPTH = 600, WIDE = 20000 };
    static const char head[] =
        "{\"__loader__\": \"ConstructorFromReduceNode\", \"__class__\": \"c\", "
        "\"__module__\": \"m\", \"content\": ";
    char *text = malloc(DEPTH * sizeof head + WIDE * 3 + 10), *at = text;
    struct bench b;

    if (!text)
        return;
    for (int i = 0; i < DEPTH; i++)
        at = stpcpy(at, head);
    *at++ = '[';
    for (int i = 0; i < WIDE; i++)
        at = stpcpy(at, i ? ",0" : "0");
    *at++ = ']';
    for (int i = 0; i < DEPTH; i++)
        *at++ = '}';
    bench_run(&b, &format_skops, span_of(text, (size_t)(at - text)), "deep");
    CHECK(b.status == PRATIQUE_OK, "%s", b.scan.error.msg);
    CHECK(bench_fact(&b, FACT_PICKLE_CALL), "the calls are told");
    bench_free(&b);
    free(text);
}

TEST(skops_sweep)
{
    bench_sweep(&format_skops, span_text(rows[11].json), "operator");
    bench_sweep(&format_skops, span_text(rows[16].json), "bit generator");
}
