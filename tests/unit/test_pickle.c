/* The pickle machine: what it tells of single pickles, and what it refuses to guess. */
#include "../fuzz/harness.h"
#include "fact/pickle.h"
#include "format/pickle/pickle.h"
#include "test.h"

#define BYTES(s)                                                                                   \
    {                                                                                              \
        (const uint8_t *)(s), sizeof(s) - 1                                                        \
    }

struct row {
    const char *what;
    struct span in;
    enum pratique_status status;
    const char *facts; /* "KIND subject;KIND subject": each must be told, in any order */
};

static const struct row rows[] = {
    { "None", BYTES("N."), PRATIQUE_OK, "" },
    { "GLOBAL and REDUCE", BYTES("cos\nsystem\n(S'id'\ntR."), PRATIQUE_OK,
      "PICKLE_GLOBAL os.system;PICKLE_CALL os.system" },
    { "STACK_GLOBAL", BYTES("\x80\x04\x8c\x02os\x8c\x06system\x93)R."), PRATIQUE_OK,
      "PICKLE_GLOBAL os.system;PICKLE_CALL os.system" },
    { "names through the memo",
      BYTES("\x80\x04\x8c\x02os\x94\x30\x8c\x06system\x94\x30h\x00h\x01\x93)R."), PRATIQUE_OK,
      "PICKLE_CALL os.system" },
    { "a name with escapes", BYTES("\x80\x04S'o\\x73'\nV\\u0073ystem\n\x93)R."), PRATIQUE_OK,
      "PICKLE_CALL os.system" },
    { "a computed name",
      BYTES("\x80\x04\x8c\x02os"
            "cstr\nupper\n)R\x93)R."),
      PRATIQUE_OK, "PICKLE_NAME_COMPUTED a computed name;PICKLE_CALL (a computed name)" },
    { "Python 2 names in protocol 2",
      BYTES("\x80\x02"
            "c__builtin__\neval\n)R."),
      PRATIQUE_OK, "PICKLE_CALL builtins.eval" },
    { "no such mapping in protocol 3",
      BYTES("\x80\x03"
            "c__builtin__\neval\n)R."),
      PRATIQUE_OK, "PICKLE_CALL __builtin__.eval" },
    { "INST", BYTES("(S'id'\nios\nsystem\n."), PRATIQUE_OK, "PICKLE_CALL os.system" },
    { "OBJ", BYTES("(cos\nsystem\nS'id'\no."), PRATIQUE_OK, "PICKLE_CALL os.system" },
    { "NEWOBJ",
      BYTES("\x80\x02"
            "cmod\nCls\n)\x81."),
      PRATIQUE_OK, "PICKLE_CALL mod.Cls" },
    { "NEWOBJ_EX",
      BYTES("\x80\x04"
            "cmod\nCls\n)}\x92."),
      PRATIQUE_OK, "PICKLE_CALL mod.Cls" },
    { "the result of a call is called", BYTES("cm\nf\n)R)R."), PRATIQUE_OK,
      "PICKLE_CALL m.f;PICKLE_CALL_COMPUTED m.f" },
    { "_reconstructor makes an instance",
      BYTES("ccopyreg\n_reconstructor\n(cm\nC\nc__builtin__\n"
            "object\nNtR}b."),
      PRATIQUE_OK, "PICKLE_CALL copyreg._reconstructor;PICKLE_CALL m.C;PICKLE_BUILD m.C" },
    { "_reconstructor runs its base", BYTES("ccopyreg\n_reconstructor\n(cm\nC\ncm\nB\nS'x'\ntR."),
      PRATIQUE_OK, "PICKLE_CALL m.B" },
    { "APPEND to an object", BYTES("cm\nC\n)RNa."), PRATIQUE_OK, "PICKLE_METHOD m.C" },
    { "APPEND to a global", BYTES("csys\npath\nS'/x'\na."), PRATIQUE_OK, "PICKLE_METHOD sys.path" },
    { "SETITEM on a global", BYTES("cos\nenviron\nS'a'\nS'b'\ns."), PRATIQUE_OK,
      "PICKLE_METHOD os.environ" },
    { "BUILD of a global", BYTES("cm\nC\n}b."), PRATIQUE_OK, "PICKLE_BUILD m.C" },
    { "BUILD with None of plain data goes on", BYTES("]Nbcos\nsystem\n)R."), PRATIQUE_OK,
      "PICKLE_CALL os.system" },
    { "an extension code", BYTES("\x80\x02\x82\x05)R."), PRATIQUE_OK,
      "PICKLE_EXT extension registry;PICKLE_CALL copyreg.extension_code(5)" },
    { "a persistent id", BYTES("Pfoo\n."), PRATIQUE_OK, "PICKLE_PERSID " },
    { "memo index 2^32-1",
      BYTES("\x80\x02Nr\xff\xff\xff\xff"
            "0j\xff\xff\xff\xff."),
      PRATIQUE_OK, "" },
    { "memo index beyond any memo", BYTES("Np99999999999999999999\n."), PRATIQUE_E_FORMAT,
      "PICKLE_STOPPED a memo index that is none" },
    { "what ran before a truncation", BYTES("cos\nsystem\n(S'id'\ntRX\xff\xff"), PRATIQUE_E_FORMAT,
      "PICKLE_CALL os.system;PICKLE_STOPPED an argument that reaches past the end" },
    { "no STOP", BYTES("N"), PRATIQUE_E_FORMAT, "PICKLE_STOPPED the data end before STOP" },
    { "a frame that lies", BYTES("\x80\x04\x95\xff\0\0\0\0\0\0\0cos\nsystem\n)R."),
      PRATIQUE_E_FORMAT, "PICKLE_FRAME FRAME;PICKLE_CALL os.system" },
    { "a protocol of the future",
      BYTES("\x80\x63"
            "cos\nsystem\n)R."),
      PRATIQUE_E_FORMAT, "PICKLE_PROTOCOL PROTO;PICKLE_CALL os.system" },
    { "LONG4 beyond the file", BYTES("\x80\x02\x8b\xff\xff\xff\x7f."), PRATIQUE_E_FORMAT,
      "PICKLE_STOPPED an argument that reaches past the end" },
    { "BINBYTES8 of 2^64-1", BYTES("\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\xff."),
      PRATIQUE_E_FORMAT, "PICKLE_STOPPED an argument that reaches past the end" },
    { "POP below a mark", BYTES("N(0N."), PRATIQUE_OK, "" },
    { "REDUCE across a mark", BYTES("cm\nf\n()R."), PRATIQUE_E_FORMAT,
      "PICKLE_STOPPED unexpected MARK found" },
    { "an unknown opcode", BYTES("N\xff."), PRATIQUE_E_FORMAT, "PICKLE_STOPPED an unknown opcode" },
    { "a call of a string", BYTES("S'x'\n)R."), PRATIQUE_E_FORMAT,
      "PICKLE_STOPPED a call of what cannot be called" },
    { "base64 of a pickle", BYTES("S'Y29zCnN5c3RlbQooUydpZCcKdFIu'\n."), PRATIQUE_OK,
      "PICKLE_EMBEDDED base64 constant" },
    { "a pickle in bytes",
      BYTES("\x80\x03"
            "C\x0f"
            "cos\nsystem\n)R. ."),
      PRATIQUE_OK, "PICKLE_EMBEDDED constant" },
};

static bool has_fact(const struct facts *facts, const char *want, size_t n)
{
    const char *space = memchr(want, ' ', n);
    struct span kind = span_of(want, (size_t)(space - want));
    struct span subject = span_of(space + 1, n - kind.n - 1);

    for (size_t i = 0; i < facts->n; i++)
        if (span_is(kind, fact_kind_name(facts->list[i].kind)) &&
            span_equal(facts->list[i].subject, subject))
            return true;
    return false;
}

static enum pratique_status run(struct harness *h, struct span in, struct pickle_end *end)
{
    static const struct pickle_options options = { .joblib = true };

    harness_init(h);
    return pickle_run(&h->scan, in, 0, &options, end);
}

TEST(pickle_tells)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        struct pickle_end end;
        struct harness h;
        enum pratique_status st = run(&h, row->in, &end);

        CHECK(st == row->status, "%s: status %s", row->what, pratique_status_name(st));
        for (const char *at = row->facts; *at;) {
            size_t n = strcspn(at, ";");

            CHECK(has_fact(&h.facts, at, n), "%s: not told: %.*s", row->what, (int)n, at);
            at += n + (at[n] == ';');
        }
        harness_free(&h);
    }
}

/* The flags of the one fact of a kind, or 0. */
static uint32_t flags_of(struct span in, enum fact_kind kind)
{
    struct pickle_end end;
    struct harness h;
    uint32_t flags = 0;

    (void)run(&h, in, &end);
    for (size_t i = 0; i < h.facts.n; i++)
        if (h.facts.list[i].kind == kind)
            flags |= h.facts.list[i].flags;
    harness_free(&h);
    return flags;
}

TEST(pickle_flags)
{
    static const struct {
        const char *what;
        struct span in;
        enum fact_kind kind;
        uint32_t has, lacks;
    } flags[] = {
        { "plain arguments", BYTES("cm\nf\n(S'a'\nI1\ntR."), FACT_PICKLE_CALL, PK_REDUCE,
          PK_ARGS_CALLED | PK_ARGS_UNKNOWN | PK_ARGS_REF0 },
        { "a global first", BYTES("cm\nf\n(cn\ng\nS'a'\ntR."), FACT_PICKLE_CALL,
          PK_ARGS_REF0 | PK_FIRST_PLAIN_IDENT, PK_ARGS_CALLED },
        { "a dunder is no plain name", BYTES("cm\nf\n(cn\ng\nS'__a__'\ntR."), FACT_PICKLE_CALL,
          PK_ARGS_REF0, PK_FIRST_PLAIN_IDENT },
        { "a result among them", BYTES("cm\nf\n(cn\ng\n)RtR."), FACT_PICKLE_CALL, PK_ARGS_CALLED,
          0 },
        { "a result inside a tuple", BYTES("cm\nf\n((cn\ng\n)RttR."), FACT_PICKLE_CALL,
          PK_ARGS_CALLED, 0 },
        { "a list for arguments", BYTES("cm\nf\n]R."), FACT_PICKLE_CALL, PK_ARGS_UNKNOWN, 0 },
        { "plain state", BYTES("cm\nC\n)R}S'a'\nI1\nsb."), FACT_PICKLE_BUILD, 0,
          PK_STATE_DUNDER | PK_STATE_DUNDER_LIVE | PK_STATE_METHOD_LIVE },
        { "a dunder with data", BYTES("cm\nC\n)R}S'__x__'\nI1\nsb."), FACT_PICKLE_BUILD,
          PK_STATE_DUNDER, PK_STATE_DUNDER_LIVE },
        { "a dunder with a callable", BYTES("cm\nC\n)R}S'__setstate__'\ncm\nf\nsb."),
          FACT_PICKLE_BUILD, PK_STATE_DUNDER_LIVE, 0 },
        { "append with a callable", BYTES("cm\nC\n)R}S'append'\ncm\nf\nsb."), FACT_PICKLE_BUILD,
          PK_STATE_METHOD_LIVE, 0 },
        { "the same through the memo", BYTES("cm\nC\n)R}p0\n0g0\nS'append'\ncm\nf\ns0g0\nb."),
          FACT_PICKLE_BUILD, PK_STATE_METHOD_LIVE, 0 },
        { "slots", BYTES("cm\nC\n)R(N}S'append'\ncm\nf\nstb."), FACT_PICKLE_BUILD,
          PK_STATE_METHOD_LIVE | PK_STATE_SLOTS, 0 },
        { "a computed key", BYTES("cm\nC\n)R}cm\nk\n)Rcm\nf\nsb."), FACT_PICKLE_BUILD,
          PK_STATE_DUNDER_LIVE, 0 },
        { "a class is changed", BYTES("cm\nC\n}b."), FACT_PICKLE_BUILD, PK_ON_GLOBAL, 0 },
    };

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        uint32_t got = flags_of(flags[i].in, flags[i].kind);

        CHECK((got & flags[i].has) == flags[i].has, "%s: %x lacks %x", flags[i].what, got,
              flags[i].has);
        CHECK(!(got & flags[i].lacks), "%s: %x has %x", flags[i].what, got, flags[i].lacks);
    }
}

TEST(pickle_looks_like_one)
{
    static const struct {
        const char *what;
        struct span in;
        bool want;
    } likes[] = {
        { "PROTO", BYTES("\x80\x04N."), true },
        { "protocol 0", BYTES("cos\nsystem\n(S'id'\ntR."), true },
        { "a number in hex first", BYTES("I0xff\n0cos\nsystem\n(S'id'\ntR."), true },
        { "data alone", BYTES("(dp0\nS'a'\nI1\ns."), true },
        { "data, then a call", BYTES("N.cos\nsystem\n)R."), true },
        { "a call, then no STOP", BYTES("cos\nsystem\n)R\xff"), true },
        { "prose", BYTES("I love pickles.\n"), false },
        { "a version line", BYTES("Version 1\n.. note::\n   x\n"), false },
        { "a class", BYTES("class Foo:\n    pass\n"), false },
        { "a copyright line", BYTES("(c) Copyright 2020\nAll rights reserved.\n"), false },
        { "JSON", BYTES("{\"a\": 1}"), false },
        { "nothing", BYTES(""), false },
    };

    for (size_t i = 0; i < sizeof likes / sizeof *likes; i++)
        CHECK(pickle_looks_like(likes[i].in) == likes[i].want, "%s", likes[i].what);
}

/* Every cut and every flip of a byte ends, gives its memory back, and has its reason. */
TEST(pickle_sweeps)
{
    static const char whole[] = "\x80\x04\x95\x2a\0\0\0\0\0\0\0}\x94(\x8c\x01"
                                "a\x94]\x94(K\x01G\0\0\0\0\0\0\0\0e\x8c\x02os\x8c\x06system\x93\x94"
                                "\x85\x94R\x94h\x01h\x02u.";

    for (size_t i = 0; i < sizeof whole - 1; i++) {
        uint8_t flipped[sizeof whole];

        harness_run(&format_pickle, (const uint8_t *)whole, i);
        for (int bit = 0; bit < 8; bit++) {
            memcpy(flipped, whole, sizeof whole);
            flipped[i] ^= (uint8_t)(1 << bit);
            harness_run(&format_pickle, flipped, sizeof whole - 1);
        }
    }
    CHECK(true, "the sweep ended");
}

TEST(pickle_memory_is_bounded)
{
    struct pickle_end end;
    struct harness h;
    enum pratique_status st;
    static char many[65536];

    memset(many, '(', sizeof many);
    harness_init(&h);
    h.budget.memory_left = 64 * 1024;
    st = pickle_run(&h.scan, span_of(many, sizeof many), 0, &(struct pickle_options){ 0 }, &end);
    CHECK(st == PRATIQUE_E_LIMIT && h.budget.memory_left == 64 * 1024, "%s",
          pratique_status_name(st));
    harness_free(&h);
}
