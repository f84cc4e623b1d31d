/* src/verdict: policies, Python facts, allowances, excuses; by facts made by hand. */
#include "fact/python.h"
#include "rules/pynames.h"
#include "test.h"
#include "verdict/policy_file.h"
#include "verdict/threats.h"
#include "verdict/verdict.h"

#define UPLOAD  POLICY_BIT(UPLOAD)
#define SOURCE  POLICY_BIT(SOURCE)
#define PACKAGE POLICY_BIT(PACKAGE)
#define MODEL   POLICY_BIT(MODEL)

struct py {
    enum fact_kind kind;
    const char *subject;
    unsigned flags;
    const char *arg, *call, *function, *span;
    uint32_t line;
};

#define PY(kind, subject, flags)                                                                   \
    {                                                                                              \
        FACT_##kind, subject, flags, NULL, NULL, NULL, NULL, 0                                     \
    }

static struct fact fact_of(const struct py *row, const struct where *where)
{
    struct fact f = { .kind = row->kind,
                      .flags = row->flags,
                      .where = where,
                      .offset = PRATIQUE_NO_OFFSET,
                      .line = row->line ? row->line : 1,
                      .column = 1,
                      .subject = span_text(row->subject),
                      .detail = span_text(row->call ? row->call : ""),
                      .refs_n = PY_REFS };

    f.refs[PY_REF_FUNCTION] = span_text(row->function ? row->function : "");
    f.refs[PY_REF_ARG] = span_text(row->arg ? row->arg : "");
    f.refs[PY_REF_CALL] = span_text(row->call ? row->call : "");
    f.refs[PY_REF_SPAN] = span_text(row->span ? row->span : "");
    return f;
}

/* The facts of one file, judged. */
struct court {
    struct arena arena;
    struct facts facts;
    const struct where *where;
    struct judged judged;
};

static void court_open(struct court *c, const char *path)
{
    *c = (struct court){ 0 };
    arena_init(&c->arena, (size_t)64 << 20);
    facts_init(&c->facts, &c->arena);
    c->where = facts_where(&c->facts, NULL, span_text(path));
    facts_add(&c->facts, &(struct fact){ .kind = FACT_READ,
                                         .where = c->where,
                                         .subject = SPAN_LITERAL("python"),
                                         .detail = SPAN_EMPTY });
}

static void court_add(struct court *c, const struct py *row)
{
    struct fact f = fact_of(row, c->where);

    facts_add(&c->facts, &f);
}

static void court_excuse(struct court *c, const char *ids, const char *why, uint32_t first,
                         uint32_t line, unsigned flags)
{
    struct fact f = { .kind = FACT_PY_EXCUSE,
                      .flags = flags,
                      .where = c->where,
                      .offset = PRATIQUE_NO_OFFSET,
                      .line = line,
                      .number = first,
                      .subject = span_text(ids),
                      .detail = span_text(why),
                      .refs = { SPAN_LITERAL("# nosec") },
                      .refs_n = 1 };

    facts_add(&c->facts, &f);
}

static void court_judge(struct court *c, const struct policy *policy)
{
    CHECK(verdict_judge(&c->judged, &c->arena, &c->facts, policy) == PRATIQUE_OK, "judge");
}

static void court_close(struct court *c)
{
    facts_free(&c->facts);
    arena_reset(&c->arena);
}

static const struct pratique_finding *find(const struct court *c, const char *rule)
{
    for (size_t i = 0; i < c->judged.n; i++)
        if (strcmp(c->judged.findings[i].rule->id, rule) == 0)
            return &c->judged.findings[i];
    return NULL;
}

TEST(policies_by_what_an_artifact_is)
{
    static const struct {
        const char *format;
        unsigned want;
    } rows[] = {
        { "zip (torch)", MODEL },
        { "zip (torch, several folders)", MODEL },
        { "zip (npz)", MODEL },
        { "tar (torch tar)", MODEL },
        { "torch legacy", MODEL },
        { "pickle", MODEL },
        { "npy", MODEL },
        { "safetensors", MODEL },
        { "ONNX", MODEL },
        { "known (XGBoost model (old binary))", MODEL },
        { "zip (torch) + pickle", MODEL },
        { "zip (torch) + text", UPLOAD },
        { "pickle + zip", UPLOAD },
        { "zip", UPLOAD },
        { "zip (wheel)", PACKAGE },
        { "tar (sdist)", PACKAGE },
        { "text", UPLOAD },
        { "python", UPLOAD },
        { "gzip", UPLOAD },
        { "Parquet", MODEL },
        { "known (WebP image)", UPLOAD },
        { "known (ONNXX)", UPLOAD },
        { "", UPLOAD },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(policy_for_format(rows[i].format) == rows[i].want, "%s", rows[i].format);
}

TEST(policies_have_names)
{
    char name[POLICY_SET_MAX];

    policy_set_name(name, UPLOAD | SOURCE);
    CHECK(strcmp(name, "upload,source") == 0, "%s", name);
    CHECK(policy_find(SPAN_LITERAL("source")) == SOURCE, "source");
    CHECK(policy_find(SPAN_LITERAL("sources")) == 0, "sources");
    CHECK(policy_of_rule(rule_row(RULE_UPL001)) == UPLOAD, "UPL001");
    CHECK(policy_of_rule(rule_row(RULE_SRC010)) == SOURCE, "SRC010");
    CHECK(policy_of_rule(rule_row(RULE_PYS001)) == 0, "PYS001");
}

TEST(python_facts_fire_by_policy)
{
    static const struct {
        unsigned in_force;
        struct py fact;
        const char *want; /* "" none, "?" not known */
        enum pratique_severity severity;
    } rows[] = {
        { UPLOAD, PY(PY_NAME, "os.system", PY_CALLED), "UPL001", PRATIQUE_HIGH },
        { UPLOAD, PY(PY_NAME, "os.system", PY_REFERENCED), "UPL001", PRATIQUE_HIGH },
        { UPLOAD | MODEL, PY(PY_NAME, "os.system", PY_CALLED), "UPL001", PRATIQUE_HIGH },
        { UPLOAD, PY(PY_NAME, "os.system", PY_CALLED | PY_GUESSED), "UPL001", PRATIQUE_MEDIUM },
        { SOURCE, PY(PY_NAME, "os.system", PY_CALLED), "", PRATIQUE_INFO },
        { MODEL, PY(PY_NAME, "os.system", PY_CALLED), "", PRATIQUE_INFO },
        { UPLOAD, PY(TEXT_NAME, "os.system", 0), "UPL001", PRATIQUE_MEDIUM },
        { SOURCE, PY(TEXT_NAME, "os.system", 0), "", PRATIQUE_INFO },
        { UPLOAD, PY(PY_NAME, "no.such.name", PY_CALLED), "?", PRATIQUE_INFO },
        { MODEL, PY(PY_SOURCE, "python", 0), "PYS003", PRATIQUE_GAP },
        { 0, PY(PY_SOURCE, "python", 0), "PYS003", PRATIQUE_GAP },
        { UPLOAD, PY(PY_SOURCE, "python", 0), "", PRATIQUE_INFO },
        { SOURCE | MODEL, PY(PY_SOURCE, "python", 0), "", PRATIQUE_INFO },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct policy policy = { .name = "", .in_force = rows[i].in_force };
        struct fact f = fact_of(&rows[i].fact, NULL);
        struct hits hits;
        const char *got;

        verdict_python(&hits, &f, &policy);
        got = hits.unknown ? "?" : hits.n ? hits.list[0].rule->id : "";
        CHECK(strcmp(got, rows[i].want) == 0, "row %zu, %s: %s", i, rows[i].fact.subject, got);
        CHECK(!hits.n || hits.list[0].severity == rows[i].severity, "row %zu: severity", i);
    }
}

TEST(python_under_model_alone_is_a_gap)
{
    struct policy policy = { .name = "model", .in_force = MODEL };
    struct court c;

    court_open(&c, "a.py");
    court_add(&c, &(struct py)PY(PY_SOURCE, "python", 0));
    court_judge(&c, &policy);
    CHECK(c.judged.verdict == PRATIQUE_UNDECIDED && find(&c, "PYS003"), "undecided, and why");
    court_close(&c);
}

TEST(text_that_names_a_method_is_judged)
{
    struct policy policy = { .name = "archive", .in_force = POLICY_BIT(ARCHIVE) };
    struct court c;

    court_open(&c, "a.txt");
    court_add(&c, &(struct py)PY(TEXT_NAME, "exec_module", 0));
    court_add(&c, &(struct py)PY(READ, "text", 0));
    court_judge(&c, &policy);
    CHECK(c.judged.verdict == PRATIQUE_ADMIT, "%s", pratique_verdict_name(c.judged.verdict));
    court_close(&c);
}

TEST(archive_tells_what_others_judge)
{
    static const struct {
        const char *what;
        unsigned in_force;
        enum pratique_verdict want;
    } rows[] = {
        { "archive alone", POLICY_BIT(ARCHIVE), PRATIQUE_ADMIT },
        { "with the watch", POLICY_BIT(ARCHIVE) | POLICY_BIT(WATCH), PRATIQUE_ADMIT },
        { "model as well", POLICY_BIT(ARCHIVE) | MODEL, PRATIQUE_UNDECIDED },
        { "upload as well", POLICY_BIT(ARCHIVE) | UPLOAD, PRATIQUE_UNDECIDED },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct policy policy = { .name = "", .in_force = rows[i].in_force };
        struct court c;

        court_open(&c, "a.whl");
        court_add(&c, &(struct py)PY(KNOWN_PROGRAM, "ELF", 0));
        court_add(&c, &(struct py)PY(PY_SOURCE, "python", 0));
        court_add(&c, &(struct py)PY(READ, "zip", 0));
        court_judge(&c, &policy);
        CHECK(c.judged.verdict == rows[i].want && find(&c, "MDL061"), "%s: %s", rows[i].what,
              pratique_verdict_name(c.judged.verdict));
        court_close(&c);
    }
}

TEST(python_findings_tell_where_they_stand)
{
    struct policy policy = { .name = "upload", .in_force = UPLOAD };
    struct py row = { FACT_PY_NAME,          "os.system", PY_REFERENCED, .call = "run = os.system",
                      .function = "A.setup", .line = 12 };
    const struct pratique_finding *f;
    struct court c;

    court_open(&c, "a.py");
    court_add(&c, &row);
    court_judge(&c, &policy);
    f = find(&c, "UPL001");
    CHECK(f && strcmp(f->function, "A.setup") == 0 && f->line == 12 && f->column == 1, "where");
    CHECK(f && strcmp(f->detail, "run = os.system (handed on, not called here)") == 0, "%s",
          f ? f->detail : "none");
    CHECK(f && f->excuse[0] == '\0', "no excuse");
    court_close(&c);
}

TEST(calls_of_the_policy_file_match_token_by_token)
{
    static const struct {
        const char *pattern, *call;
        bool want;
    } rows[] = {
        { "f()", "f()", true },
        { "f( )", "f()", true },
        { "f()", "g()", false },
        { "f(1)", "f(2)", false },
        { "f(a b)", "f(ab)", false },
        { "f(\"x\")", "f('x')", true },
        { "f('it\\'s')", "f(\"it's\")", true },
        { "f('x')", "f(b'x')", false },
        { "f('x')", "f(u'x')", true },
        { "f(r'\\'x')", "f('\\'x')", false },
        { "f('''x''')", "f('x')", true },
        { "f(' x')", "f('x')", false },
        { "f('a' 'b')", "f('ab')", false },
        { "f(['x', ...])", "f(['x', y, 'z'])", true },
        { "f(['x', ...])", "f(['x'])", true },
        { "f(['x', ...])", "f(['x'], shell=True)", false },
        { "f(['x', ...])", "f(['x', *y], shell=True)", false },
        { "f(['x', ...])", "f(['x', a[0], (b, ')')])", true },
        { "f(['x', ...])", "f(['x', f'{a}'])", false },
        { "f(['x', ...])", "f(['x', f\"{'\"'}\"], shell=True, x=[\"\"])", false },
        { "f(['x', ...])", "f(['x', # ]) \n y])", false },
        { "f(['x', ...])", "f(['xy'])", false },
        { "f(['x', ...])", "f(['y', 'x'])", false },
        { "f(...)", "f()", true },
        { "f(...)", "f(1, 2)", true },
        { "f(...)", "f(1)(2)", false },
        { "f(...)", "g(1)", false },
        { "f(f'{a}')", "f(f'{a}')", true },
        { "f(f'{a}')", "f(f'{b}')", false },
        { "f(1)", "f(1", false },
        { "f(1", "f(1)", false },
        { "f('x", "f('x", false },
        { "f(...)", "f('x", false },
        { "f(['x', ...])", "f(['x', 'very long ...", false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(allow_call_matches(span_text(rows[i].pattern), span_text(rows[i].call)) ==
                  rows[i].want,
              "%s with %s", rows[i].pattern, rows[i].call);
}

TEST(globs)
{
    static const struct {
        const char *pattern, *text;
        bool want;
    } rows[] = {
        { "a.py", "a.py", true },
        { "a.py", "b/a.py", false },
        { "*.py", "a.py", true },
        { "*.py", "b/a.py", false },
        { "**.py", "b/a.py", true },
        { "b/*/a", "b/c/a", true },
        { "b/*/a", "b/c/d/a", false },
        { "b/**/a", "b/c/d/a", true },
        { "?", "/", false },
        { "?x", "ax", true },
        { "*", "", true },
        { "", "", true },
        { "", "a", false },
        { "a*b*c", "aXbYc", true },
        { "a*b*c", "aXbY", false },
        { "**/x*y", "a/b/xzy", true },
        { "solver-*.zip", "solver-1.zip", true },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(allow_glob(rows[i].pattern, rows[i].text) == rows[i].want, "%s with %s",
              rows[i].pattern, rows[i].text);
}

TEST(policy_files_that_are_wrong_say_where)
{
#define ENTRY "{rule: UPL001, file: a.py, call: 'f()', reason: r, owner: o, expires: 2026-12-31}"
    static const struct {
        const char *text, *want; /* want: part of the message; NULL: it is right */
    } rows[] = {
        { "version: 1\n", NULL },
        { "version: 1\nallow: [" ENTRY "]\n", NULL },
        { "version: 1\nmodes: {A: {}}\ndefault_mode: A\n", NULL },
        { "default_mode: A\nmodes: {A: {policies: [upload, source]}}\nversion: 1\n", NULL },
        { "", "p.yml:1:1: a policy" },
        { "[]\n", "p.yml:1:1: version: 1" },
        { "allow: []\n", "p.yml:1:1: version: 1 is missing" },
        { "version: 2\n", "p.yml:1:10: version '2' is not known" },
        { "version: 1\nversion: 1\n", "p.yml:2:1: 'version' is there already" },
        { "version: 1\nmode: {}\n", "p.yml:2:1: unknown key 'mode'; there are: version, " },
        { "version: 1\n---\nversion: 1\n", "p.yml:2:1: the end of the file" },
        { "version: &a 1\n", "p.yml:1:10: anchors" },
        { "version: !!int 1\n", "p.yml:1:10: anchors" },
        { "version: 1\nallow: *a\n", "p.yml:2:8: " },
        { "version: 1\nallow: {\n", "p.yml:" },
        { "version: 1\nallow: [x]\n", "p.yml:2:9: an entry" },
        { "version: 1\nallow: [{rule: UPL001}]\n", "p.yml:2:9: the entry has no file" },
        { "version: 1\nallow: [{rule: XYZ}]\n", "p.yml:2:16: no rule is called 'XYZ'" },
        { "version: 1\nallow: [{rule: PKL001}]\n", "p.yml:2:16: PKL001 is about no call" },
        { "version: 1\nallow: [{expires: 2026-13-01}]\n", "p.yml:2:19: should be a date" },
        { "version: 1\nallow: [{expires: tomorrow}]\n", "p.yml:2:19: should be a date" },
        { "version: 1\nallow: [{expire: 2026-12-01}]\n", "p.yml:2:10: unknown key 'expire'" },
        { "version: 1\nmodes: {A: {}, A: {}}\n", "p.yml:2:16: the mode 'A'" },
        { "version: 1\nmodes: {A: {policies: upload}}\n", "p.yml:2:23: a list of policies" },
        { "version: 1\nmodes: {A: {policies: [uplaod]}}\n", "p.yml:2:24: no policy" },
        { "version: 1\nmodes: {A: {rules: {UPL001: maybe}}}\n", "p.yml:2:29: should be off" },
        { "version: 1\nmodes: {A: {rules: {UPL001: off, upload-process: off}}}\n",
          "p.yml:2:34: UPL001 is there already" },
        { "version: 1\nmodes: {A: {rules: {ENG001: off}}}\n", "p.yml:2:29: ENG001 tells" },
        { "version: 1\nmodes: {A: {rules: {ENG001: refuse}}}\ndefault_mode: A\n", NULL },
        { "version: 1\nmodes: {A: {<<: {}}}\n", "p.yml:2:13: unknown key '<<'" },
        { "version: 1\nmodes: {A: {}}\ndefault_mode: B\n", "p.yml:3:15: no mode is called 'B'" },
        { "version: 1\nallow: \xff\n", "p.yml:" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pratique_error err = { 0 };
        struct policy_file *file;
        enum pratique_status st = policy_file_parse(&file, "p.yml", span_text(rows[i].text), &err);

        CHECK(rows[i].want ? st == PRATIQUE_E_USAGE &&
                                 strncmp(err.msg, rows[i].want, strlen(rows[i].want)) == 0
                           : st == PRATIQUE_OK,
              "row %zu: %s", i, err.msg);
        policy_file_free(file);
    }
}

/* A policy file with one mode and one entry, until the end of 2026. */
static const char policy_text[] = "version: 1\n"
                                  "default_mode: A\n"
                                  "modes: {A: {}, B: {rules: {UPL001: hold}}, C: {rules: "
                                  "{UPL001: off}}}\n"
                                  "allow:\n"
                                  "- package: 'sim-*.zip'\n"
                                  "  rule: UPL001\n"
                                  "  file: solver/run.py\n"
                                  "  function: go\n"
                                  "  call: \"os.system('code_aster')\"\n"
                                  "  reason: it is the solver\n"
                                  "  owner: me\n"
                                  "  expires: 2026-12-31\n";

TEST(allowances_and_modes)
{
    static const struct {
        const char *artifact, *file, *function, *call, *mode;
        uint32_t today;
        enum pratique_verdict want;
        unsigned seen;
        bool expired;
    } rows[] = {
        { "sim-1.zip", "solver/run.py", "go", "os.system( \"code_aster\" )", NULL, 20261231,
          PRATIQUE_ADMIT, ALLOW_CONCERNED | ALLOW_USED, false },
        { "in/sim-1.zip", "solver/run.py", "go", "os.system('code_aster')", NULL, 20261124,
          PRATIQUE_ADMIT, ALLOW_CONCERNED | ALLOW_USED, false },
        { "sim-1.zip", "solver/run.py", "go", "os.system('code_aster')", NULL, 20270101,
          PRATIQUE_REFUSE, ALLOW_CONCERNED | ALLOW_USED, true },
        { "sim-1.zip", "solver/run.py", "go", "os.system('code_aster; x')", NULL, 20261124,
          PRATIQUE_REFUSE, ALLOW_CONCERNED, false },
        { "sim-1.zip", "solver/run.py", "stop", "os.system('code_aster')", NULL, 20261124,
          PRATIQUE_REFUSE, ALLOW_CONCERNED, false },
        { "sim-1.zip", "run.py", "go", "os.system('code_aster')", NULL, 20261124, PRATIQUE_REFUSE,
          ALLOW_CONCERNED, false },
        { "other.zip", "solver/run.py", "go", "os.system('code_aster')", NULL, 20261124,
          PRATIQUE_REFUSE, 0, false },
        { "other.zip", "a.py", "go", "os.system('x')", "B", 20261124, PRATIQUE_HOLD, 0, false },
        { "other.zip", "a.py", "go", "os.system('x')", "C", 20261124, PRATIQUE_ADMIT, 0, false },
    };
    struct policy_file *file = NULL;
    struct pratique_error err = { 0 };

    CHECK(policy_file_parse(&file, "p.yml", span_text(policy_text), &err) == PRATIQUE_OK, "%s",
          err.msg);
    for (size_t i = 0; file && i < sizeof rows / sizeof *rows; i++) {
        uint8_t seen[1] = { 0 };
        struct policy policy = { .name = "upload",
                                 .in_force = UPLOAD,
                                 .file = file,
                                 .today = rows[i].today,
                                 .allow_seen = seen };
        struct py row = { FACT_PY_NAME, "os.system", PY_CALLED, .call = rows[i].call,
                          .function = rows[i].function };
        struct court c;

        CHECK(policy_file_mode(&policy.mode, file, rows[i].mode, &err) == PRATIQUE_OK, "mode");
        court_open(&c, rows[i].artifact);
        c.where = facts_where(&c.facts, c.where, span_text(rows[i].file));
        court_add(&c, &row);
        court_judge(&c, &policy);
        CHECK(c.judged.verdict == rows[i].want, "row %zu: %s", i,
              pratique_verdict_name(c.judged.verdict));
        CHECK(seen[0] == rows[i].seen, "row %zu: seen %u", i, seen[0]);
        CHECK((find(&c, "POL001") != NULL) == rows[i].expired, "row %zu: expired", i);
        if (rows[i].want == PRATIQUE_ADMIT && !rows[i].mode)
            CHECK(strncmp(find(&c, "UPL001")->excuse, "allowed by p.yml:5, until 2026-12-31 (me)",
                          41) == 0,
                  "row %zu: %s", i, find(&c, "UPL001")->excuse);
        court_close(&c);
    }
    CHECK(policy_file_mode(&(const struct policy_mode *){ NULL }, file, "D", &err) ==
                  PRATIQUE_E_USAGE &&
              strstr(err.msg, "A, B, C"),
          "%s", err.msg);
    policy_file_free(file);
}

static const char threats_text[] = "# Threats\n\nProse.\n\n"
                                   "## T1: A cache\n\n"
                                   "- file: src/a.py\n- rule: SRC010\n- probability: 2\n"
                                   "- severity: 4\n- detection: 0.25\n- reason: because\n"
                                   "  of this\n- owner: me\n- date: 2026-11-24\n\nMore prose.\n";

TEST(threats_are_read)
{
    struct pratique_threats *t = NULL;
    struct pratique_error err = { 0 };
    const struct pratique_threat *one;

    CHECK(threats_parse(&t, "T.md", span_text(threats_text), &err) == PRATIQUE_OK, "%s", err.msg);
    one = t ? pratique_threats_at(t, 0) : NULL;
    CHECK(one && strcmp(one->id, "T1") == 0 && strcmp(one->title, "A cache") == 0, "heading");
    CHECK(one && one->risk == 6000 && one->detection == 250 && one->line == 5, "numbers");
    CHECK(one && strcmp(one->reason, "because of this") == 0, "reason");
    CHECK(t && pratique_threats_count(t) == 1 && !pratique_threats_at(t, 1), "one");
    CHECK(one && threats_find(t, "src/a.py", one->rule) == one, "find");
    CHECK(one && !threats_find(t, "a.py", one->rule), "find by its whole path");
    pratique_threats_free(t);
}

TEST(threats_that_are_wrong_say_where)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        { "", NULL },
        { "# only prose\n- a: b\n", NULL },
        { "```\n## not an entry\n```\n", NULL },
        { "```\n", "T.md:1: a ``` that is not closed" },
        { "## T1\n", "T.md:1: an entry is headed" },
        { "## T 1: x\n", "T.md:1: an entry is headed" },
        { "## T1: x\n", "T.md:1: T1 has no file" },
        { "## T1: x\n- file: /a\n", "T.md:2: file is a path" },
        { "## T1: x\n- file: a/../b\n", "T.md:2: file is a path" },
        { "## T1: x\n- file: a/\n", "T.md:2: file is a path" },
        { "## T1: x\n- file:\n", "T.md:2: file has no value" },
        { "## T1: x\n- file: a\n- file: a\n", "T.md:3: file is there already" },
        { "## T1: x\n- fil: a\n", "T.md:2: a list item is" },
        { "## T1: x\n- rule: UPL001\n", "T.md:2: UPL001 is no rule of the policy source" },
        { "## T1: x\n- rule: X\n", "T.md:2: no rule is called 'X'" },
        { "## T1: x\n- probability: 6\n", "T.md:2: probability is a whole number" },
        { "## T1: x\n- probability: 0\n", "T.md:2: probability is a whole number" },
        { "## T1: x\n- detection: 1.1\n", "T.md:2: detection is from 0 to 1" },
        { "## T1: x\n- detection: .5\n", "T.md:2: detection is from 0 to 1" },
        { "## T1: x\n- detection: 0.5555\n", "T.md:2: detection is from 0 to 1" },
        { "## T1: x\n- date: today\n", "T.md:2: date is written" },
        { "## T1: x\n- owner: a\n  b\n", "T.md:3: only a reason" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pratique_error err = { 0 };
        struct pratique_threats *t;
        enum pratique_status st = threats_parse(&t, "T.md", span_text(rows[i].text), &err);

        CHECK(rows[i].want ? st == PRATIQUE_E_USAGE &&
                                 strncmp(err.msg, rows[i].want, strlen(rows[i].want)) == 0
                           : st == PRATIQUE_OK,
              "row %zu: %s", i, err.msg);
        pratique_threats_free(t);
    }
}

/* Everything about one argument: of which call, as it stands, and what comes of it. */
TEST(python_arguments_decide)
{
    static const struct {
        const char *name;
        unsigned flags;
        const char *arg;
        unsigned in_force;
        const char *want;
        enum pratique_severity severity;
    } rows[] = {
#define HIGH   PRATIQUE_HIGH
#define MEDIUM PRATIQUE_MEDIUM
#define NONE   PRATIQUE_INFO
        { "builtins.open", PY_ARG_CONSTANT, "'/etc/passwd'", UPLOAD, "UPL004", HIGH },
        { "builtins.open", PY_ARG_CONSTANT, "\"/it's\"", UPLOAD, "UPL004", HIGH },
        { "builtins.open", PY_ARG_CONSTANT, "b'/x'", UPLOAD, "UPL004", HIGH },
        { "builtins.open", PY_ARG_PREFIX, "'/tmp/", UPLOAD, "UPL004", HIGH },
        { "builtins.open", PY_ARG_CONSTANT, "'C:\\\\x'", UPLOAD, "UPL004", HIGH },
        { "builtins.open", PY_ARG_CONSTANT, "'c:/x'", UPLOAD, "UPL004", HIGH },
        { "builtins.open", PY_ARG_CONSTANT, "'\\\\\\\\host\\\\x'", UPLOAD, "UPL004", HIGH },
        { "builtins.open", PY_ARG_CONSTANT, "'c:x'", UPLOAD, "", NONE },
        { "builtins.open", PY_ARG_CONSTANT, "'x/y'", UPLOAD, "", NONE },
        { "builtins.open", PY_ARG_CONSTANT, "'~/x'", UPLOAD, "", NONE },
        { "builtins.open", PY_ARG_CONSTANT, "'../x'", UPLOAD, "", NONE },
        { "builtins.open", PY_ARG_CONSTANT, "''", UPLOAD, "", NONE },
        { "builtins.open", PY_ARG_CONSTANT, "0", UPLOAD, "", NONE },
        { "builtins.open", PY_ARG_UNKNOWN, "", UPLOAD, "", NONE },
        { "builtins.open", 0, "", UPLOAD, "", NONE },
        { "numpy.load", 0, "", SOURCE, "", NONE },
        { "numpy.load", PY_ARG_CONSTANT, "False", SOURCE, "", NONE },
        { "numpy.load", PY_ARG_CONSTANT, "True", SOURCE, "SRC003", MEDIUM },
        { "numpy.load", PY_ARG_CONSTANT, "True", UPLOAD, "UPL006", HIGH },
        { "numpy.load", PY_ARG_UNKNOWN, "", UPLOAD, "UPL006", HIGH },
        { "numpy.load", PY_ARG_MAYBE, "", UPLOAD, "UPL006", MEDIUM },
        { "torch.load", 0, "", SOURCE, "SRC002", MEDIUM },
        { "torch.load", PY_ARG_CONSTANT, "True", SOURCE, "", NONE },
        { "torch.load", PY_ARG_CONSTANT | PY_ARG_MAYBE, "True", SOURCE, "", NONE },
        { "torch.load", PY_ARG_CONSTANT, "False", SOURCE, "SRC002", MEDIUM },
        { "torch.load", PY_ARG_CONSTANT, "'no'", SOURCE, "SRC002", MEDIUM },
        { "torch.load", PY_ARG_MAYBE, "", SOURCE, "SRC002", MEDIUM },
        { "torch.load", PY_ARG_UNKNOWN, "", UPLOAD, "UPL006", HIGH },
        { "yaml.load", PY_ARG_NAME, "yaml.SafeLoader", SOURCE, "", NONE },
        { "yaml.load", PY_ARG_NAME, "yaml.CSafeLoader", SOURCE, "", NONE },
        { "yaml.load", PY_ARG_NAME, "yaml.UnsafeLoader", SOURCE, "SRC004", MEDIUM },
        { "yaml.load", PY_ARG_CONSTANT, "'SafeLoader'", SOURCE, "SRC004", MEDIUM },
        { "yaml.load", 0, "", SOURCE, "SRC004", MEDIUM },
#undef HIGH
#undef MEDIUM
#undef NONE
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct policy policy = { .name = "", .in_force = rows[i].in_force };
        struct py row = { .kind = FACT_PY_NAME,
                          .subject = rows[i].name,
                          .flags = PY_CALLED | rows[i].flags,
                          .arg = rows[i].arg };
        struct fact f = fact_of(&row, NULL);
        struct hits hits;
        const char *got;

        verdict_python(&hits, &f, &policy);
        got = hits.unknown ? "?" : hits.n ? hits.list[0].rule->id : "";
        CHECK(strcmp(got, rows[i].want) == 0, "row %zu, %s %s: %s", i, rows[i].name, rows[i].arg,
              got);
        CHECK(!hits.n || hits.list[0].severity == rows[i].severity, "row %zu: severity", i);
    }
}

TEST(python_arguments_decide_in_text_as_well)
{
    struct policy policy = { .name = "upload", .in_force = UPLOAD };
    struct py row = { .kind = FACT_TEXT_NAME,
                      .subject = "builtins.open",
                      .flags = PY_CALLED | PY_ARG_CONSTANT,
                      .arg = "'/etc/passwd'" };
    struct fact f = fact_of(&row, NULL);
    struct hits hits;

    verdict_python(&hits, &f, &policy);
    CHECK(hits.n == 1 && hits.list[0].severity == PRATIQUE_MEDIUM, "absolute");
    row.arg = "'etc/passwd'";
    f = fact_of(&row, NULL);
    verdict_python(&hits, &f, &policy);
    CHECK(hits.n == 0 && !hits.unknown, "relative");
}

TEST(python_facts_of_one_name_fire_one_rule_of_each_policy)
{
    struct policy policy = { .name = "upload,source", .in_force = UPLOAD | SOURCE };
    struct court c;

    court_open(&c, "a.py");
    court_add(&c, &(struct py)PY(PY_NAME, "pickle.load", PY_CALLED));
    court_judge(&c, &policy);
    CHECK(find(&c, "UPL006") && find(&c, "SRC001") && c.judged.n == 2, "both");
    court_close(&c);
}

TEST(python_what_was_not_followed_is_a_gap)
{
    static const unsigned sets[] = { UPLOAD, SOURCE, UPLOAD | SOURCE };

    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        struct policy policy = { .name = "", .in_force = sets[i] };
        struct court c;

        court_open(&c, "a.py");
        court_add(&c, &(struct py)PY(PY_DEEP, "too deep", 0));
        court_judge(&c, &policy);
        CHECK(find(&c, "UPL009") && c.judged.verdict == PRATIQUE_UNDECIDED, "set %zu", i);
        court_close(&c);
    }
}

static const char excuse_text[] = "## T1: A cache\n"
                                  "- file: src/a.py\n- rule: SRC001\n- probability: 2\n"
                                  "- severity: 4\n- detection: 0\n- reason: because\n"
                                  "- owner: me\n- date: 2026-11-24\n";

TEST(excuses)
{
    static const struct {
        const char *ids, *why;
        uint32_t first, line, finding_line;
        const char *span;
        unsigned flags;
        const char *home, *want; /* want: rule of the comment; "" when it excuses */
        enum pratique_verdict verdict;
    } rows[] = {
#define WHY "we wrote the file"
        { "", WHY, 3, 3, 3, "3-3", 0, "src/a.py", "", PRATIQUE_ADMIT },
        { "B301", WHY, 3, 3, 3, "3-3", 0, "src/a.py", "", PRATIQUE_ADMIT },
        { "b403,B602", WHY, 3, 3, 3, "3-3", 0, "src/a.py", "", PRATIQUE_ADMIT },
        { "SRC001", WHY, 3, 3, 3, "3-3", 0, "src/a.py", "", PRATIQUE_ADMIT },
        { "source-pickle", WHY, 3, 3, 3, "3-3", 0, "src/a.py", "", PRATIQUE_ADMIT },
        { "", WHY, 3, 6, 4, "4-5", 0, "src/a.py", "", PRATIQUE_ADMIT },
        { "", WHY, 3, 4, 3, "3-5", 0, "src/a.py", "", PRATIQUE_ADMIT },
        { "B301", "", 3, 3, 3, "3-3", 0, "src/a.py", "SRC010", PRATIQUE_HOLD },
        { "B301", "todo", 3, 3, 3, "3-3", 0, "src/a.py", "SRC010", PRATIQUE_HOLD },
        { "B301", "-- !! 1234567890", 3, 3, 3, "3-3", 0, "src/a.py", "SRC010", PRATIQUE_HOLD },
        { "B301", WHY, 3, 3, 3, "3-3", 0, "src/b.py", "SRC011", PRATIQUE_HOLD },
        { "B301", WHY, 3, 3, 3, "3-3", 0, NULL, "SRC011", PRATIQUE_HOLD },
        { "B301", WHY, 2, 2, 3, "3-3", 0, "src/a.py", "SRC012", PRATIQUE_HOLD },
        { "B301", WHY, 4, 4, 3, "3-3", 0, "src/a.py", "SRC012", PRATIQUE_HOLD },
        { "B506", WHY, 3, 3, 3, "3-3", 0, "src/a.py", "SRC012", PRATIQUE_HOLD },
        { "UPL001", WHY, 3, 3, 3, "3-3", 0, "src/a.py", "SRC012", PRATIQUE_HOLD },
        { "SRC01", WHY, 3, 3, 3, "3-3", 0, "src/a.py", "SRC012", PRATIQUE_HOLD },
        { "", WHY, 3, 3, 3, "3-3", PY_EXCUSE_MALFORMED, "src/a.py", "SRC013", PRATIQUE_HOLD },
#undef WHY
    };
    struct pratique_threats *threats = NULL;

    CHECK(threats_parse(&threats, "T.md", span_text(excuse_text), NULL) == PRATIQUE_OK, "T.md");
    for (size_t i = 0; threats && i < sizeof rows / sizeof *rows; i++) {
        struct policy policy = { .name = "source",
                                 .in_force = SOURCE,
                                 .threats = rows[i].home ? threats : NULL,
                                 .home = rows[i].home };
        struct py row = { .kind = FACT_PY_NAME,
                          .subject = "pickle.load",
                          .flags = PY_CALLED,
                          .span = rows[i].span,
                          .line = rows[i].finding_line };
        const struct pratique_finding *f;
        struct court c;

        court_open(&c, "a.py");
        court_add(&c, &row);
        court_excuse(&c, rows[i].ids, rows[i].why, rows[i].first, rows[i].line, rows[i].flags);
        court_judge(&c, &policy);
        f = find(&c, "SRC001");
        CHECK(f && (f->excuse[0] != 0) == (rows[i].want[0] == 0), "row %zu: excused", i);
        CHECK(!*rows[i].want ? c.judged.n == 1 : c.judged.n == 2 && find(&c, rows[i].want),
              "row %zu: %zu findings", i, c.judged.n);
        CHECK(c.judged.verdict == rows[i].verdict, "row %zu: verdict", i);
        if (f && !*rows[i].want)
            CHECK(strcmp(f->excuse, "excused by # nosec, T.md:1 (T1)") == 0, "row %zu: %s", i,
                  f->excuse);
        court_close(&c);
    }
    pratique_threats_free(threats);
}

TEST(excuses_are_of_source_alone)
{
    struct policy policy = { .name = "upload", .in_force = UPLOAD };
    struct court c;

    court_open(&c, "a.py");
    court_add(&c, &(struct py)PY(PY_NAME, "pickle.load", PY_CALLED));
    court_excuse(&c, "", "it is harmless here", 1, 1, PY_EXCUSE_NOSEC);
    court_judge(&c, &policy);
    CHECK(c.judged.verdict == PRATIQUE_REFUSE && c.judged.n == 1, "refused");
    court_close(&c);
    court_open(&c, "a.py"); /* what is for bandit alone is left alone */
    policy.in_force = SOURCE;
    court_excuse(&c, "B602,b101", "", 1, 1, PY_EXCUSE_NOSEC);
    court_judge(&c, &policy);
    CHECK(c.judged.verdict == PRATIQUE_ADMIT && c.judged.n == 0, "B602");
    court_close(&c);
}
