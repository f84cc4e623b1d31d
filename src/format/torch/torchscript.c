/*
 * TorchScript: the source in a torch zip's code/ folder, and the operators that
 * bytecode.pkl names. torch/csrc/jit/serialization/import_source.cpp and
 * frontend/lexer.h.
 *
 * The language has no modules but what its importer binds: `torch` (operators of
 * aten), `ops` (operators of every library), __torch__ (the archive's own
 * classes). So the names that follow these say all a program can reach; the rest
 * of the program computes. Types, shapes and control flow are not checked here.
 */
#include "format/pickle/pickle.h"
#include "format/rest.h"
#include "format/torch/operators.h"
#include "format/torch/torch.h"

#define SEEN_MAX  128 /* operators told once, with their count */
#define CHAIN_MAX 8

struct seen {
    struct span subject;
    enum fact_kind kind;
    uint64_t offset, count;
    uint32_t line, column;
};

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_OTHER, TOKEN_BROKEN };

struct token {
    enum token_kind kind;
    struct span text;
    uint64_t offset;
    uint32_t line, column;
};

struct lexer {
    struct span in, rest;
    uint64_t line_start;
    uint32_t line;
    struct token now, before;
    const char *why;
};

struct script {
    struct scan *scan;
    struct lexer lex;
    struct seen seen[SEEN_MAX];
    size_t seen_n;
    uint64_t names;
};

static bool is_name_start(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static bool is_name(uint8_t c)
{
    return is_name_start(c) || (c >= '0' && c <= '9');
}

static void new_line(struct lexer *x)
{
    x->line++;
    x->line_start = x->in.n - x->rest.n;
}

/* Steps over one byte, keeping count of lines. */
static void step(struct lexer *x)
{
    uint8_t c;

    if (take_u8(&x->rest, &c) && c == '\n')
        new_line(x);
}

/* A comment is nothing, unless it is a type: that is read as code. */
static void skip_comment(struct lexer *x)
{
    struct span text = x->rest, line;

    (void)skip(&text, 1);
    while (text.n > 0 && text.p[0] == ' ')
        (void)skip(&text, 1);
    if (span_starts(text, SPAN_LITERAL("type:"))) {
        step(x);
        return;
    }
    text = x->rest;
    if (take_line(&text, &line))
        (void)skip(&x->rest, line.n);
    else
        x->rest = SPAN_EMPTY;
}

static void skip_blank(struct lexer *x)
{
    while (x->rest.n > 0) {
        if (x->rest.p[0] == '#')
            skip_comment(x);
        else if (memchr(" \t\r\n\f\\", x->rest.p[0], 6))
            step(x);
        else
            return;
    }
}

/* 'a', "a", and three of either; a backslash keeps what follows it inside. */
static bool skip_string(struct lexer *x)
{
    uint8_t quote = x->rest.p[0];
    uint8_t three[] = { quote, quote, quote };
    size_t n = span_starts(x->rest, span_of(three, 3)) ? 3 : 1;
    struct span end = span_of(three, n);

    (void)skip(&x->rest, n);
    while (x->rest.n > 0 && !span_starts(x->rest, end)) {
        if (n == 1 && x->rest.p[0] == '\n')
            return false;
        if (x->rest.p[0] == '\\')
            step(x);
        step(x);
    }
    return skip(&x->rest, n);
}

static void cut_name(struct lexer *x)
{
    size_t n = 0;

    while (n < x->rest.n && is_name(x->rest.p[n]))
        n++;
    (void)take(&x->rest, n, &x->now.text);
    x->now.kind = TOKEN_NAME;
}

/* A number, with the names that may lie in it (1e5, 0x1f, 2j) and its dots. */
static void cut_number(struct lexer *x)
{
    while (x->rest.n > 0 && (is_name(x->rest.p[0]) || x->rest.p[0] == '.'))
        (void)skip(&x->rest, 1);
}

static void next(struct lexer *x)
{
    uint8_t c;

    x->before = x->now;
    skip_blank(x);
    x->now = (struct token){
        .kind = TOKEN_OTHER, .text = SPAN_EMPTY, .offset = x->in.n - x->rest.n, .line = x->line
    };
    x->now.column = (uint32_t)(x->now.offset - x->line_start + 1);
    if (x->rest.n == 0) {
        x->now.kind = TOKEN_END;
        return;
    }
    c = x->rest.p[0];
    if (is_name_start(c)) {
        cut_name(x);
    } else if (c >= '0' && c <= '9') {
        cut_number(x);
    } else if (c == '\'' || c == '"') {
        if (!skip_string(x)) {
            x->now.kind = TOKEN_BROKEN;
            x->why = "a string without its end";
        }
    } else if (c < ' ' || c == 0x7f) {
        x->now.kind = TOKEN_BROKEN;
        x->why = "a control character";
    } else {
        (void)take(&x->rest, 1, &x->now.text);
    }
}

static bool is_punctuation(const struct token *t, const char *text)
{
    return t->kind == TOKEN_OTHER && span_is(t->text, text);
}

/* A dotted name as one writes it, without the space that may lie in it. */
static struct span without_space(struct scan *s, struct span text)
{
    char *copy = arena_alloc(s->arena, text.n);
    size_t n = 0;

    for (size_t i = 0; copy && i < text.n; i++)
        if (!memchr(" \t\r\n\f\\", text.p[i], 6))
            copy[n++] = (char)text.p[i];
    return span_of(copy, n);
}

static void tell_seen(struct scan *s, const struct seen *e)
{
    facts_add(s->facts, &(struct fact){ .kind = e->kind,
                                        .where = s->where,
                                        .offset = e->offset,
                                        .line = e->line,
                                        .column = e->column,
                                        .count = e->count,
                                        .subject = without_space(s, e->subject),
                                        .detail = SPAN_EMPTY });
}

/* Counts a subject; one past the table is told at once. */
static void see(struct script *p, enum fact_kind kind, struct span subject, const struct token *at)
{
    struct seen entry = { .subject = subject, .kind = kind, .count = 1 };

    for (size_t i = 0; i < p->seen_n; i++)
        if (p->seen[i].kind == kind && span_equal(p->seen[i].subject, subject)) {
            p->seen[i].count++;
            return;
        }
    entry.offset = at ? at->offset : PRATIQUE_NO_OFFSET;
    entry.line = at ? at->line : 0;
    entry.column = at ? at->column : 0;
    if (p->seen_n < SEEN_MAX)
        p->seen[p->seen_n++] = entry;
    else
        tell_seen(p->scan, &entry);
}

static void judge(struct script *p, enum operator_kind kind, struct span subject,
                  const struct token *at)
{
    if (kind == OPERATOR_FILE)
        see(p, FACT_TORCHSCRIPT_FILE, subject, at);
    else if (kind == OPERATOR_OTHER)
        see(p, FACT_TORCHSCRIPT_OPERATOR, subject, at);
}

/* torch.<operator>: any part may be the operator, to be sure. */
static void judge_torch(struct script *p, const struct span *part, size_t n, struct span subject,
                        const struct token *at)
{
    struct span aten = SPAN_LITERAL("aten");

    for (size_t i = 1; i < n; i++)
        judge(p, operator_look_up(aten, part[i]), subject, at);
}

static void judge_classes(struct script *p, const struct span *part, size_t n, struct span subject,
                          const struct token *at)
{
    for (size_t i = 0; i + 3 < n; i++)
        if (span_is(part[i], "torch") && span_is(part[i + 1], "classes"))
            judge(p, operator_class_look_up(part[i + 2], part[i + 3]), subject, at);
}

/* A dotted name that is not an attribute of something else. */
static void judge_chain(struct script *p, const struct span *part, size_t n, struct span subject,
                        const struct token *at)
{
    bool bound = span_is(part[0], "torch") || span_is(part[0], "ops");

    if (bound && n > 2 && span_is(part[1], "ops")) {
        part++;
        n--;
    }
    if (bound && (n == 1 || (n == 2 && span_is(part[0], "ops"))))
        see(p, FACT_TORCHSCRIPT_OPERATOR, subject, at); /* kept for later, under another name */
    else if (span_is(part[0], "ops"))
        judge(p, operator_look_up(part[1], part[2]), subject, at);
    else if (bound)
        judge_torch(p, part, n, subject, at);
    else
        judge_classes(p, part, n, subject, at);
}

/* An attribute of a value: a method of a class, or an operator with the value as its self. */
static void judge_attribute(struct script *p, struct token name)
{
    struct span aten = SPAN_LITERAL("aten");

    if (is_punctuation(&p->lex.now, "(") && operator_look_up(aten, name.text) == OPERATOR_FILE)
        see(p, FACT_TORCHSCRIPT_OPERATOR, name.text, &name);
}

/* The names of a definition, of a keyword argument and of an annotation bind nothing. */
static bool is_label(const struct script *p, const struct token *before)
{
    return span_is(before->text, "def") || span_is(before->text, "class") ||
           is_punctuation(&p->lex.now, ":") || is_punctuation(&p->lex.now, "=");
}

/* What follows these is no attribute of a value. */
static bool is_namespace(struct span name)
{
    return span_is(name, "torch") || span_is(name, "ops") || span_is(name, "__torch__");
}

/* now is a name: reads the dotted chain that it starts. */
static void read_chain(struct script *p)
{
    struct lexer *x = &p->lex;
    struct token first = x->now, before = x->before, last = x->now;
    struct span part[CHAIN_MAX], subject;
    size_t n = 0;

    for (;;) {
        last = x->now;
        if (n < CHAIN_MAX)
            part[n++] = last.text;
        p->names++;
        next(x);
        if (!is_punctuation(&x->now, "."))
            break;
        next(x);
        if (x->now.kind != TOKEN_NAME)
            break;
    }
    (void)span_sub(x->in, first.offset, last.offset + last.text.n - first.offset, &subject);
    if (is_punctuation(&before, "."))
        judge_attribute(p, last);
    else if (n > 1 || !is_label(p, &before))
        judge_chain(p, part, n, subject, &first);
    if (n > 1 && !is_punctuation(&before, ".") && !is_namespace(part[0]))
        judge_attribute(p, last);
}

static void tell(struct script *p)
{
    for (size_t i = 0; i < p->seen_n; i++)
        tell_seen(p->scan, &p->seen[i]);
}

/* What is no TorchScript, or could be a pickle as well, is looked at as it is. */
static enum pratique_status look_again(struct scan *s, struct span in)
{
    return scan_nested(s, in, SPAN_LITERAL("content"), ROLE_ANY);
}

static enum pratique_status scan_source(struct scan *s, struct span in)
{
    struct script p = { .scan = s, .lex = { .in = in, .rest = in, .line = 1 } };
    enum pratique_status st = PRATIQUE_OK;

    next(&p.lex);
    while (p.lex.now.kind == TOKEN_NAME || p.lex.now.kind == TOKEN_OTHER)
        if (p.lex.now.kind == TOKEN_NAME)
            read_chain(&p);
        else
            next(&p.lex);
    tell(&p);
    scan_read(s, "torchscript", in.n, "%u lines, %llu names", p.lex.line,
              (unsigned long long)p.names);
    if (p.lex.why || pickle_looks_like(in))
        st = look_again(s, in);
    if (st != PRATIQUE_OK || !p.lex.why)
        return st;
    return scan_fail(s, PRATIQUE_E_FORMAT, in.n - p.lex.rest.n, "torchscript: %s", p.lex.why);
}

/* "aten::save": an operator's full name, perhaps with its overload. */
static void on_text(void *user, struct span text)
{
    size_t at = span_find(text, 0, SPAN_LITERAL("::"));
    struct span ns, name = span_from(text, at == SIZE_MAX ? text.n : at + 2);
    struct span whole = text;

    if (at == SIZE_MAX || !take(&text, at, &ns) || ns.n == 0 || text.n > FACT_SUBJECT_MAX)
        return;
    for (size_t i = 0; i < ns.n; i++)
        if (!is_name(ns.p[i]))
            return;
    for (size_t i = 0; i < name.n; i++)
        if (!is_name(name.p[i])) {
            (void)take(&name, i, &name);
            break;
        }
    judge(user, operator_look_up(ns, name), whole, NULL);
}

/*
 * Names that only torch's own unpickler resolves: the classes of the archive's
 * source, and the six functions of torch.jit._pickle, each of which returns what it
 * is given. Python knows no module __torch__.
 */
static bool is_own_name(struct span name)
{
    static const char *const functions[] = {
        "torch.jit._pickle.build_intlist",    "torch.jit._pickle.build_doublelist",
        "torch.jit._pickle.build_boollist",   "torch.jit._pickle.build_tensorlist",
        "torch.jit._pickle.restore_type_tag", "torch.jit._pickle.build_tensor_from_id"
    };

    for (size_t i = 0; i < ARRAY_LEN(functions); i++)
        if (span_is(name, functions[i]))
            return true;
    return span_starts(name, SPAN_LITERAL("__torch__."));
}

static bool is_own(const struct fact *fact)
{
    bool named = fact->kind == FACT_PICKLE_GLOBAL || fact->kind == FACT_PICKLE_CALL ||
                 fact->kind == FACT_PICKLE_METHOD || fact->kind == FACT_PICKLE_BUILD;

    return named && is_own_name(fact->subject);
}

/* Runs a pickle of the archive; what it says of the archive's own classes is left out. */
static enum pratique_status run_pickle(struct scan *s, struct span in, struct script *texts,
                                       struct pickle_end *end)
{
    struct pickle_options options = { .torch = true,
                                      .on_text = texts ? on_text : NULL,
                                      .user = texts };
    struct facts *all = s->facts, seen;
    enum pratique_status st;

    facts_init(&seen, s->arena);
    s->facts = &seen;
    st = pickle_run(s, in, 0, &options, end);
    s->facts = all;
    for (size_t i = 0; i < seen.n; i++)
        if (!is_own(&seen.list[i]))
            facts_add(all, &seen.list[i]);
    all->full |= seen.full;
    facts_free(&seen);
    return st;
}

static enum pratique_status scan_one(struct scan *s, struct span in, const char *name,
                                     struct script *texts)
{
    struct pickle_end end = { 0 };
    enum pratique_status st = run_pickle(s, in, texts, &end);

    if (texts)
        tell(texts);
    if (st == PRATIQUE_E_FORMAT && look_again(s, in) != PRATIQUE_OK)
        return scan_fail_budget(s, end.consumed);
    if (st != PRATIQUE_OK)
        return st;
    scan_read(s, name, in.n, "protocol %u, %llu opcodes", end.protocol,
              (unsigned long long)end.opcodes);
    return scan_rest(s, name, end.consumed, span_from(in, end.consumed));
}

static enum pratique_status scan_pickle(struct scan *s, struct span in)
{
    return scan_one(s, in, "torchscript pickle", NULL);
}

static enum pratique_status scan_bytecode(struct scan *s, struct span in)
{
    struct script texts = { .scan = s };

    return scan_one(s, in, "torch bytecode", &texts);
}

/* All are told by their place in the archive, never by content. */
static bool looks_like(struct span in)
{
    (void)in;
    return false;
}

const struct format format_torchscript = {
    .name = "torchscript",
    .spec = "TorchScript serialization, torch/csrc/jit/serialization",
    .looks_like = looks_like,
    .scan = scan_source,
};

const struct format format_torchscript_pickle = {
    .name = "torchscript pickle",
    .spec = "TorchScript serialization, torch/csrc/jit/serialization/unpickler.cpp",
    .looks_like = looks_like,
    .scan = scan_pickle,
};

const struct format format_torch_bytecode = {
    .name = "torch bytecode",
    .spec = "TorchScript for mobile, torch/csrc/jit/mobile",
    .looks_like = looks_like,
    .scan = scan_bytecode,
};
