/* src/verdict: what a fact about a pickle means, and how findings make a verdict. */
#include "verdict/verdict.h"

#include "fact/pickle.h"
#include "test.h"

static const char *const packages[] = { "mypkg", "other.models" };
static const struct policy strict = { .name = "model" };
static const struct policy trusting = { .name = "model",
                                        .trust_classes = packages,
                                        .trust_classes_n = 2 };

struct row {
    enum fact_kind kind;
    const char *subject;
    unsigned flags;
    const char *detail, *refs; /* refs: names with a space between them */
    const char *want;          /* the rule, or "" */
};

static struct fact fact_of(const struct row *row)
{
    struct fact f = { .kind = row->kind,
                      .flags = row->flags,
                      .subject = span_text(row->subject),
                      .detail = span_text(row->detail ? row->detail : "") };
    const char *at = row->refs ? row->refs : "";

    while (*at) {
        size_t n = strcspn(at, " ");

        if (f.refs_n < FACT_REFS_MAX)
            f.refs[f.refs_n] = span_of(at, n);
        f.refs_n++;
        at += n;
        at += strspn(at, " ");
    }
    return f;
}

static void check_rows(const struct row *rows, size_t n, const struct policy *policy)
{
    for (size_t i = 0; i < n; i++) {
        struct fact f = fact_of(&rows[i]);
        enum pratique_severity severity;
        const struct pratique_rule *rule = verdict_pickle(&f, policy, &severity);
        const char *id = rule ? rule->id : "";

        CHECK(strcmp(id, rows[i].want) == 0, "row %zu, %s %s %#x %s: \"%s\", not \"%s\"", i,
              fact_kind_name(rows[i].kind), rows[i].subject, rows[i].flags,
              rows[i].detail ? rows[i].detail : "", id, rows[i].want);
        CHECK(!rule || severity == rule->severity, "row %zu: severity", i);
    }
}

#define CHECK_ROWS(rows, policy) check_rows(rows, sizeof(rows) / sizeof *(rows), policy)
#define GLOBAL                   FACT_PICKLE_GLOBAL
#define CALL                     FACT_PICKLE_CALL
#define METHOD                   FACT_PICKLE_METHOD
#define BUILD                    FACT_PICKLE_BUILD

TEST(verdict_of_globals)
{
    static const struct row rows[] = {
        { GLOBAL, "collections.OrderedDict", 0, NULL, NULL, "" },
        { GLOBAL, "torch.FloatStorage", 0, NULL, NULL, "" },
        { GLOBAL, "numpy.ndarray", 0, NULL, NULL, "" },
        { GLOBAL, "sklearn.svm._classes.SVC", 0, NULL, NULL, "" },
        { GLOBAL, "os.system", 0, NULL, NULL, "PKL001" },
        { GLOBAL, "posix.system", 0, NULL, NULL, "PKL001" },
        { GLOBAL, "builtins.eval", 0, NULL, NULL, "PKL002" },
        { GLOBAL, "importlib.import_module", 0, NULL, NULL, "PKL003" },
        { GLOBAL, "torch.storage._load_from_bytes", 0, NULL, NULL, "PKL020" },
        { GLOBAL, "torch.storage._load_from_bytes", PK_ONLY_CALLED, NULL, NULL, "" },
        { GLOBAL, "torch.load", PK_ONLY_CALLED, NULL, NULL, "PKL004" },
        { GLOBAL, "pickle.loads", 0, NULL, NULL, "PKL004" },
        { GLOBAL, "socket.socket", 0, NULL, NULL, "PKL005" },
        { GLOBAL, "builtins.open", 0, NULL, NULL, "PKL006" },
        { GLOBAL, "operator.attrgetter", 0, NULL, NULL, "PKL007" },
        { GLOBAL, "ctypes.CDLL", 0, NULL, NULL, "PKL008" },
        { GLOBAL, "sys.modules", 0, NULL, NULL, "PKL009" },
        { GLOBAL, "antigravity.webbrowser.open", 0, NULL, NULL, "PKL010" },
        { GLOBAL, "this.s", 0, NULL, NULL, "PKL010" },
        { GLOBAL, "logging.os.system", PK_DOTTED, NULL, NULL, "PKL001" },
        { GLOBAL, "a.b.io.open", PK_DOTTED, NULL, NULL, "PKL006" },
        { GLOBAL, "a.b.io.open", 0, NULL, NULL, "PKL020" },
        { GLOBAL, "mypkg.Model", 0, NULL, NULL, "PKL020" },
        { GLOBAL, "__main__.Net", 0, NULL, NULL, "PKL020" },
        { GLOBAL, "collections.OrderedDict.fromkeys", PK_DOTTED, NULL, NULL, "PKL020" },
        { GLOBAL, "numpy.memmap", 0, NULL, NULL, "PKL020" },
        { GLOBAL, "builtins.getattr", 0, NULL, NULL, "" },
        { GLOBAL, "mypkg.Model", PK_WEAK, NULL, NULL, "" },
        { GLOBAL, "os.system", PK_WEAK, NULL, NULL, "PKL001" },
        { GLOBAL, "builtins.getattr", PK_WEAK, NULL, NULL, "" },
        { GLOBAL, "", PK_EXT, NULL, NULL, "" },
        { GLOBAL, "", 0, NULL, NULL, "PKL020" },
        { GLOBAL, "copyreg.extension_code(3)", PK_EXT, NULL, NULL, "PKL020" },
    };

    CHECK_ROWS(rows, &strict);
}

TEST(verdict_of_calls)
{
    static const struct row rows[] = {
        { CALL, "collections.OrderedDict", PK_REDUCE, "collections.OrderedDict()", NULL, "" },
        { CALL, "collections.OrderedDict", PK_NEWOBJ, NULL, NULL, "" },
        { CALL, "datetime.datetime", PK_REDUCE, NULL, NULL, "" },
        { CALL, "datetime.datetime", PK_NEWOBJ, NULL, NULL, "PKL023" },
        { CALL, "os.system", PK_REDUCE, "os.system(\"id\")", NULL, "PKL001" },
        { CALL, "posix.system", PK_OBJ, NULL, NULL, "PKL001" },
        { CALL, "subprocess.Popen", PK_NEWOBJ, NULL, NULL, "PKL001" },
        { CALL, "builtins.eval", PK_REDUCE, NULL, NULL, "PKL002" },
        { CALL, "mypkg.run", PK_REDUCE, NULL, NULL, "PKL021" },
        { CALL, "mypkg.Model", PK_NEWOBJ, NULL, NULL, "PKL021" },
        { CALL, "sklearn.svm._classes.SVC", PK_NEWOBJ, NULL, NULL, "" },
        { CALL, "sklearn.svm._classes.SVC", PK_REDUCE, NULL, NULL, "PKL023" },
        { CALL, "sklearn.svm._classes.SVC", PK_OBJ | PK_ARGS_NONE, NULL, NULL, "" },
        { CALL, "sklearn.svm._classes.SVC", PK_OBJ, NULL, NULL, "PKL023" },
        { CALL, "torch.FloatStorage", PK_REDUCE, NULL, NULL, "PKL023" },
        { CALL, "numpy.ndarray", PK_REDUCE, NULL, NULL, "PKL023" },
        { CALL, "numpy.ndarray", PK_NEWOBJ, NULL, NULL, "PKL023" },
        { CALL, "numpy.recarray", PK_NEWOBJ, NULL, NULL, "PKL023" },
        { CALL, "numpy.memmap", PK_REDUCE, NULL, NULL, "PKL006" },
        { CALL, "numpy.memmap", PK_NEWOBJ, NULL, NULL, "PKL006" },
        { CALL, "numpy.core.multiarray._reconstruct", PK_REDUCE | PK_ARGS_REF0, NULL,
          "numpy.ndarray", "" },
        { CALL, "builtins.list", PK_REDUCE | PK_ARGS_UNKNOWN, NULL, NULL, "" },
        { CALL, "torch.storage._load_from_bytes", PK_REDUCE, NULL, NULL, "PKL004" },
        { CALL, "torch.storage._load_from_bytes", PK_REDUCE | PK_ARGS_INSPECTED, NULL, NULL, "" },
        { CALL, "builtins.type", PK_REDUCE, "builtins.type(None)", NULL, "" },
        { CALL, "builtins.type", PK_REDUCE, "builtins.type(\"X\", (), {})", NULL, "PKL002" },
        { CALL, "_codecs.encode", PK_REDUCE, NULL, NULL, "PKL023" },
        { CALL, "_codecs.encode", PK_REDUCE | PK_FIRST_PLAIN_IDENT,
          "_codecs.encode(\"\", \"latin1\")", NULL, "" },
        { CALL, "numpy.core._ufunc_reconstruct", PK_REDUCE | PK_FIRST_PLAIN_IDENT,
          "numpy.core._ufunc_reconstruct(\"os\", \"system\")", NULL, "PKL023" },
        { CALL, "joblib.numpy_pickle_compat.NDArrayWrapper", PK_NEWOBJ, NULL, NULL, "PKL021" },
        { FACT_PICKLE_CALL_COMPUTED, "builtins.getattr", PK_REDUCE, NULL, NULL, "PKL028" },
        { FACT_PICKLE_CALL_COMPUTED, "operator.itemgetter", PK_REDUCE, NULL, NULL, "PKL028" },
        { FACT_PICKLE_CALL_COMPUTED, "what a persistent id stands for", PK_REDUCE, NULL, NULL,
          "PKL028" },
        { FACT_PICKLE_CALL_COMPUTED, "functools.partial", PK_REDUCE, NULL, NULL, "" },
    };

    CHECK_ROWS(rows, &strict);
}

TEST(verdict_of_trampolines)
{
    static const char *const partial = "functools.partial",
                             *const rebuild = "torch._tensor._rebuild_from_type_v2";
    const struct row rows[] = {
        { CALL, partial, PK_REDUCE | PK_ARGS_REF0, NULL, "builtins.int", "" },
        { CALL, partial, PK_REDUCE | PK_ARGS_REF0, NULL, "torch.nn.modules.normalization.LayerNorm",
          "" },
        { CALL, partial, PK_REDUCE | PK_ARGS_REF0, NULL, "mypkg.run", "PKL031" },
        { CALL, partial, PK_REDUCE | PK_ARGS_REF0, NULL, "os.system", "PKL031" },
        { CALL, partial, PK_REDUCE | PK_ARGS_REF0, NULL, "functools.partial", "PKL031" },
        { CALL, partial, PK_REDUCE | PK_ARGS_REF0, NULL, "builtins.getattr", "PKL031" },
        { CALL, partial, PK_REDUCE | PK_ARGS_REF0, NULL, "numpy.ndarray", "PKL031" },
        { CALL, partial, PK_REDUCE | PK_ARGS_REF0, NULL, "numpy.memmap", "PKL031" },
        { CALL, partial, PK_REDUCE | PK_ARGS_REF0, NULL, "builtins.type", "PKL031" },
        { CALL, partial, PK_REDUCE | PK_ARGS_CALLED, NULL, NULL, "PKL031" },
        { CALL, partial, PK_REDUCE | PK_ARGS_UNKNOWN | PK_ARGS_REF0, NULL, "builtins.int",
          "PKL031" },
        { CALL, partial, PK_REDUCE | PK_ARGS_REF0, NULL,
          "builtins.int builtins.str builtins.list builtins.set builtins.dict builtins.bool "
          "builtins.float builtins.tuple builtins.bytes",
          "PKL031" },
        { CALL, rebuild, PK_REDUCE | PK_ARGS_REF0 | PK_ARGS_CALLED, NULL,
          "torch._utils._rebuild_tensor_v2 torch.nn.parameter.Parameter", "" },
        { CALL, rebuild, PK_REDUCE | PK_ARGS_REF0 | PK_ARGS_CALLED, NULL,
          "torch._utils._rebuild_tensor_v2 mypkg.Tensor", "PKL031" },
        { CALL, rebuild, PK_REDUCE | PK_ARGS_CALLED, NULL, "torch.nn.parameter.Parameter",
          "PKL031" },
        { CALL, "pandas.core.indexes.base._new_Index", PK_REDUCE | PK_ARGS_REF0, NULL,
          "pandas.core.indexes.base.Index", "" },
        { CALL, "pandas.core.indexes.base._new_Index", PK_REDUCE | PK_ARGS_REF0, NULL, "os.popen",
          "PKL031" },
        { BUILD, partial, PK_ARGS_REF0, NULL, "builtins.int", "" },
        { BUILD, partial, PK_ARGS_REF0, NULL, "numpy.ndarray", "PKL031" },
        { BUILD, partial, PK_ARGS_REF0, NULL, "mypkg.run", "PKL031" },
        { BUILD, partial, 0, NULL, NULL, "PKL031" },
    };

    CHECK_ROWS(rows, &strict);
}

TEST(verdict_of_getattr)
{
    static const struct row rows[] = {
        { CALL, "builtins.getattr", PK_REDUCE | PK_ARGS_REF0 | PK_FIRST_PLAIN_IDENT, NULL,
          "mypkg.Outer", "PKL030" },
        { CALL, "builtins.getattr", PK_REDUCE | PK_ARGS_CALLED | PK_FIRST_PLAIN_IDENT, NULL, NULL,
          "PKL030" },
        { CALL, "builtins.getattr", PK_REDUCE | PK_ARGS_REF0 | PK_FIRST_PLAIN_IDENT | PK_RESOLVED,
          NULL, "mypkg.Outer", "" },
        { CALL, "builtins.getattr", PK_REDUCE | PK_ARGS_REF0, NULL, "mypkg.Outer", "PKL007" },
        { CALL, "builtins.getattr", PK_REDUCE | PK_ARGS_UNKNOWN, NULL, NULL, "PKL007" },
        { CALL, "builtins.getattr", PK_REDUCE | PK_FIRST_PLAIN_IDENT, NULL, "a.b c.d", "PKL007" },
        { METHOD, "builtins.getattr", PK_APPEND, NULL, NULL, "PKL007" },
        { BUILD, "builtins.getattr", 0, NULL, NULL, "PKL007" },
    };

    CHECK_ROWS(rows, &strict);
}

TEST(verdict_of_objects)
{
    static const struct row rows[] = {
        { METHOD, "collections.OrderedDict", PK_SETITEM, NULL, NULL, "" },
        { METHOD, "collections.OrderedDict", PK_APPEND, NULL, NULL, "PKL023" },
        { METHOD, "collections.deque", PK_APPEND, NULL, NULL, "" },
        { METHOD, "builtins.set", PK_ADD, NULL, NULL, "" },
        { METHOD, "types.SimpleNamespace", PK_APPEND, NULL, NULL, "PKL023" },
        { METHOD, "pandas.core.frame.DataFrame", PK_SETITEM, NULL, NULL, "PKL023" },
        { METHOD, "torch.nn.modules.container.Sequential", PK_SETITEM, NULL, NULL, "PKL023" },
        { METHOD, "mypkg.Bag", PK_APPEND, NULL, NULL, "PKL022" },
        { METHOD, "os.system", PK_APPEND, NULL, NULL, "PKL001" },
        { METHOD, "collections.OrderedDict", PK_SETITEM | PK_ON_GLOBAL, NULL, NULL, "PKL024" },
        { METHOD, "mypkg.Bag", PK_SETITEM | PK_ON_GLOBAL, NULL, NULL, "PKL024" },
        { METHOD, "what a persistent id stands for", PK_SETITEM | PK_ON_PERSID, NULL, NULL,
          "PKL022" },
        { METHOD, "collections.OrderedDict", 0, NULL, NULL, "PKL023" },
        { METHOD, "collections.OrderedDict", PK_SETITEM | PK_STATE_DUNDER_LIVE, NULL, NULL,
          "PKL025" },
        { BUILD, "sklearn.svm._classes.SVC", PK_ARGS_CALLED, NULL, NULL, "PKL023" },
        { BUILD, "sklearn.tree._tree.Tree", PK_ARGS_CALLED, NULL, NULL, "" },
        { BUILD, "sklearn.svm._classes.SVC", 0, NULL, NULL, "" },
        { BUILD, "torch.nn.modules.linear.Linear", 0, NULL, NULL, "" },
        { BUILD, "numpy.core.multiarray._reconstruct", 0, NULL, NULL, "" },
        { BUILD, "numpy.dtype", 0, NULL, NULL, "" },
        { BUILD, "numpy.dtype", PK_STATE_FORGED, NULL, NULL, "PKL041" },
        { BUILD, "types.SimpleNamespace", 0, NULL, NULL, "" },
        { BUILD, "types.SimpleNamespace", PK_ARGS_CALLED, NULL, NULL, "PKL023" },
        { BUILD, "types.SimpleNamespace", PK_STATE_METHOD_LIVE, "append", NULL, "PKL025" },
        { BUILD, "types.SimpleNamespace", PK_STATE_DUNDER_LIVE, "__setstate__", NULL, "PKL025" },
        { BUILD, "types.SimpleNamespace", PK_STATE_DUNDER, "__version__", NULL, "PKL026" },
        { BUILD, "types.SimpleNamespace", PK_STATE_DUNDER, "__class__", NULL, "PKL027" },
        { BUILD, "types.SimpleNamespace", PK_STATE_DUNDER, "__setstate__", NULL, "PKL027" },
        { BUILD, "types.SimpleNamespace", PK_STATE_DUNDER, "__reduce_ex__", NULL, "PKL027" },
        { BUILD, "types.SimpleNamespace", PK_STATE_SLOTS, NULL, NULL, "PKL023" },
        { BUILD, "datetime.datetime", 0, NULL, NULL, "PKL023" },
        { BUILD, "mypkg.Model", 0, NULL, NULL, "PKL022" },
        { BUILD, "mypkg.Model", PK_STATE_METHOD_LIVE, "append", NULL, "PKL025" },
        { BUILD, "mypkg.Model", PK_ON_GLOBAL, NULL, NULL, "PKL024" },
        { BUILD, "os.system", 0, NULL, NULL, "PKL001" },
        { BUILD, "scipy.stats._continuous_distns.norm_gen", 0, NULL, NULL, "PKL022" },
        { BUILD, "scipy.spatial._ckdtree.cKDTree", 0, NULL, NULL, "PKL022" },
        { BUILD, "logging.getLogger", 0, NULL, NULL, "PKL023" },
    };

    CHECK_ROWS(rows, &strict);
}

TEST(verdict_trusts_classes_and_no_functions)
{
    static const struct row rows[] = {
        { GLOBAL, "mypkg.Model", 0, NULL, NULL, "" },
        { GLOBAL, "mypkg.sub._Model", 0, NULL, NULL, "" },
        { GLOBAL, "other.models.Net", 0, NULL, NULL, "" },
        { GLOBAL, "mypkg.run", 0, NULL, NULL, "" },
        { GLOBAL, "mypkg.RUN", 0, NULL, NULL, "" },
        { GLOBAL, "mypkg._cy.__pyx_unpickle_Model", 0, NULL, NULL, "" },
        { GLOBAL, "mypkgs.Model", 0, NULL, NULL, "PKL020" },
        { GLOBAL, "mypkg", 0, NULL, NULL, "PKL020" },
        { GLOBAL, "other.Net", 0, NULL, NULL, "PKL020" },
        { GLOBAL, "mypkg.os.system", PK_DOTTED, NULL, NULL, "PKL001" },
        { GLOBAL, "mypkg.os", 0, NULL, NULL, "PKL006" },
        { GLOBAL, "mypkg.subprocess.Popen", PK_DOTTED, NULL, NULL, "PKL001" },
        { GLOBAL, "os.system", 0, NULL, NULL, "PKL001" },
        { CALL, "mypkg.Model", PK_NEWOBJ, NULL, NULL, "" },
        { CALL, "mypkg.model", PK_NEWOBJ, NULL, NULL, "" },
        { CALL, "mypkg.Model", PK_REDUCE, NULL, NULL, "PKL021" },
        { CALL, "mypkg.Model", PK_REDUCE | PK_ARGS_NONE, NULL, NULL, "" },
        { CALL, "mypkg.Model", PK_REDUCE | PK_ARGS_NUMBERS, NULL, NULL, "" },
        { CALL, "mypkg.Model", PK_REDUCE, NULL, "builtins.int", "PKL021" },
        { CALL, "mypkg.Model", PK_REDUCE | PK_ARGS_UNKNOWN, NULL, NULL, "PKL021" },
        { CALL, "mypkg.run", PK_REDUCE, NULL, NULL, "PKL021" },
        { CALL, "mypkg.run", PK_OBJ, NULL, NULL, "PKL021" },
        { CALL, "mypkg.__pyx_unpickle_Model", PK_REDUCE | PK_ARGS_REF0, NULL, "mypkg.Model", "" },
        { METHOD, "mypkg.Bag", PK_APPEND, NULL, NULL, "" },
        { METHOD, "mypkg.bag", PK_APPEND, NULL, NULL, "" },
        { METHOD, "mypkg.Bag", PK_APPEND | PK_ON_GLOBAL, NULL, NULL, "PKL024" },
        { BUILD, "mypkg.Model", 0, NULL, NULL, "" },
        { BUILD, "mypkg.Model", PK_STATE_METHOD_LIVE, "append", NULL, "PKL025" },
        { BUILD, "yourpkg.Model", 0, NULL, NULL, "PKL022" },
    };

    CHECK_ROWS(rows, &trusting);
}

/* ---- whole verdicts ---- */

struct bench {
    struct arena arena;
    struct facts facts;
    const struct where *where;
    struct judged judged;
};

static void bench_open(struct bench *b)
{
    arena_init(&b->arena, 1 << 20);
    facts_init(&b->facts, &b->arena);
    b->where = facts_where(&b->facts, NULL, SPAN_LITERAL("model.pkl"));
}

static void bench_close(struct bench *b)
{
    facts_free(&b->facts);
    arena_reset(&b->arena);
}

static void add(struct bench *b, enum fact_kind kind, const char *subject, const char *detail,
                uint64_t offset)
{
    facts_add(&b->facts, &(struct fact){ .kind = kind,
                                         .flags = PK_REDUCE,
                                         .where = b->where,
                                         .offset = offset,
                                         .subject = span_text(subject),
                                         .detail = span_text(detail) });
}

static enum pratique_verdict judge(struct bench *b)
{
    CHECK(verdict_judge(&b->judged, &b->arena, &b->facts, &strict) == PRATIQUE_OK, "judge");
    return b->judged.verdict;
}

TEST(verdict_needs_something_read)
{
    struct bench b;

    bench_open(&b);
    CHECK(judge(&b) == PRATIQUE_UNDECIDED, "no facts at all");
    add(&b, CALL, "collections.OrderedDict", "", 1);
    CHECK(judge(&b) == PRATIQUE_UNDECIDED, "facts, and nothing read");
    add(&b, FACT_READ, "pickle", "", 0);
    CHECK(judge(&b) == PRATIQUE_ADMIT, "read, and nothing against it");
    CHECK(b.judged.n == 0, "%zu findings", b.judged.n);
    b.facts.full = true;
    CHECK(judge(&b) == PRATIQUE_UNDECIDED, "a fact was lost");
    bench_close(&b);
}

TEST(verdict_is_that_of_the_gravest)
{
    static const struct {
        const char *what;
        enum fact_kind kinds[4];
        enum pratique_verdict want;
    } rows[] = {
        { "info", { FACT_PICKLE_SEVERAL, FACT_READ, FACT_READ, FACT_READ }, PRATIQUE_ADMIT },
        { "low", { FACT_PICKLE_FRAME, FACT_READ, FACT_READ, FACT_READ }, PRATIQUE_ADMIT },
        { "medium", { FACT_PICKLE_EXT, FACT_READ, FACT_READ, FACT_READ }, PRATIQUE_HOLD },
        { "gap", { FACT_PICKLE_STOPPED, FACT_READ, FACT_READ, FACT_READ }, PRATIQUE_UNDECIDED },
        { "gap over medium",
          { FACT_PICKLE_EXT, FACT_PICKLE_STOPPED, FACT_READ, FACT_READ },
          PRATIQUE_UNDECIDED },
        { "high over gap",
          { FACT_PICKLE_STOPPED, FACT_PICKLE_NAME_COMPUTED, FACT_PICKLE_EXT, FACT_READ },
          PRATIQUE_REFUSE },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b;

        bench_open(&b);
        for (size_t k = 0; k < 4; k++)
            add(&b, rows[i].kinds[k], "x", "", k);
        CHECK(judge(&b) == rows[i].want, "%s: %s", rows[i].what,
              pratique_verdict_name(b.judged.verdict));
        bench_close(&b);
    }
}

TEST(verdict_refuses_though_a_fact_was_lost)
{
    struct bench b;

    bench_open(&b);
    add(&b, CALL, "os.system", "os.system(\"id\")", 3);
    b.facts.full = true;
    CHECK(judge(&b) == PRATIQUE_REFUSE, "refuse wins");
    bench_close(&b);
}

TEST(verdict_merges_what_is_the_same)
{
    struct bench b;

    bench_open(&b);
    add(&b, FACT_READ, "pickle", "", 0);
    add(&b, GLOBAL, "os.system", "", 2);
    add(&b, CALL, "os.system", "os.system(\"b\")", 9);
    add(&b, CALL, "os.system", "os.system(\"a\")", 20);
    add(&b, CALL, "os.system", "os.system(\"a\")", 10);
    add(&b, GLOBAL, "mypkg.f", "", 30);
    add(&b, GLOBAL, "mypkg.g", "", 31);
    CHECK(judge(&b) == PRATIQUE_REFUSE, "refuse");
    CHECK(b.judged.n == 4, "%zu findings", b.judged.n);
    CHECK(strcmp(b.judged.findings[0].detail, "os.system(\"b\")") == 0, "first by offset: %s",
          b.judged.findings[0].detail);
    CHECK(b.judged.findings[1].count == 2 && b.judged.findings[1].offset == 10,
          "the same call twice, told at its first");
    CHECK(strcmp(b.judged.findings[2].subject, "mypkg.f") == 0 &&
              strcmp(b.judged.findings[2].path, "model.pkl") == 0,
          "then the less grave");
    bench_close(&b);
}

/* An unknown name that is called as well is one finding: the call. */
TEST(verdict_tells_a_name_once)
{
    struct bench b;

    bench_open(&b);
    add(&b, FACT_READ, "pickle", "", 0);
    add(&b, GLOBAL, "mypkg.run", "", 2);
    add(&b, CALL, "mypkg.run", "mypkg.run(1)", 9);
    CHECK(judge(&b) == PRATIQUE_HOLD, "hold");
    CHECK(b.judged.n == 1 && strcmp(b.judged.findings[0].rule->id, "PKL021") == 0, "%zu findings",
          b.judged.n);
    bench_close(&b);
}

TEST(verdict_does_not_depend_on_the_order_of_facts)
{
    static const char *const names[] = { "os.system", "mypkg.A", "mypkg.B", "builtins.eval",
                                         "c.d" };
    char first[4000] = "", text[4000];

    for (size_t turn = 0; turn < 5; turn++) {
        struct bench b;
        size_t n = 0;

        bench_open(&b);
        add(&b, FACT_READ, "pickle", "", 0);
        for (size_t i = 0; i < 5; i++)
            add(&b, CALL, names[(i + turn) % 5], "", (i + turn) % 5 * 10);
        (void)judge(&b);
        text[0] = 0;
        for (size_t i = 0; i < b.judged.n; i++)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s %s\n",
                                  b.judged.findings[i].rule->id, b.judged.findings[i].subject);
        if (turn == 0)
            memcpy(first, text, sizeof first);
        CHECK(strcmp(first, text) == 0, "turn %zu:\n%s", turn, text);
        bench_close(&b);
    }
}

TEST(verdict_without_memory_is_undecided)
{
    struct bench b;
    struct arena tiny;
    struct judged judged = { .verdict = PRATIQUE_ADMIT };

    bench_open(&b);
    add(&b, FACT_READ, "pickle", "", 0);
    add(&b, CALL, "os.system", "os.system(\"id\")", 3);
    arena_init(&tiny, 16);
    CHECK(verdict_judge(&judged, &tiny, &b.facts, &strict) == PRATIQUE_E_NOMEM, "status");
    CHECK(judged.verdict == PRATIQUE_UNDECIDED && judged.n == 0, "undecided");
    arena_reset(&tiny);
    bench_close(&b);
}
