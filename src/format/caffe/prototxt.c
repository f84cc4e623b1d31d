/*
 * Caffe networks as text (.prototxt): the text form of Protocol Buffers, token by token. What a
 * Python layer imports, and what files data layers open.
 *
 * Spec: protobuf.dev/reference/protobuf/textformat-spec; caffe.proto (BVLC Caffe 1.0). Escapes in
 * strings are resolved; nothing else of a value is. Left out: types of fields.
 */
#include "format/caffe/caffe.h"

#include <ctype.h>
#include <inttypes.h>

#include "base/compiler.h"
#include "base/digit.h"
#include "format/model/graph.h"
#include "format/model/model.h"
#include "format/text/text.h"

#define DEPTH_MAX  100
#define STRING_MAX 4096 /* of a string that is looked at; a longer one is cut */
#define PATHS_MAX  200  /* that are told */

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_STRING, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_OTHER };

struct token {
    enum token_kind kind;
    struct span text; /* of a string: between the quotes */
    uint64_t offset;
};

struct reader {
    struct scan *s;
    struct span in, rest;
    struct graph_tell tell;
    struct span fields[DEPTH_MAX]; /* the message fields that are open */
    size_t depth;
    struct span field; /* the one read last */
    bool solver;       /* a SolverParameter: how a network is trained */
    bool value, list;  /* its value comes next; in brackets */
    uint64_t layers;
    size_t paths;
    uint8_t text[STRING_MAX], module[STRING_MAX];
    size_t module_n;
};

static uint64_t here(const struct reader *r)
{
    return r->in.n - r->rest.n;
}

static bool is_name_byte(uint8_t c)
{
    return isalnum(c) || c == '_' || c == '.' || c == '-' || c == '+';
}

static void skip_blank(struct reader *r)
{
    while (r->rest.n > 0) {
        uint8_t c = r->rest.p[0];
        struct span line;

        if (c == '#') {
            if (!take_line(&r->rest, &line))
                r->rest = SPAN_EMPTY;
        } else if (isspace(c) || c == ',' || c == ';') {
            (void)skip(&r->rest, 1);
        } else {
            return;
        }
    }
}

static bool take_string(struct reader *r, struct token *t)
{
    uint8_t quote = r->rest.p[0];
    struct span start;
    size_t n = 0;

    (void)skip(&r->rest, 1);
    start = r->rest;
    while (n < start.n && start.p[n] != quote && start.p[n] != '\n')
        n += start.p[n] == '\\' && n + 1 < start.n ? 2 : 1;
    t->kind = TOKEN_STRING;
    return take(&r->rest, n, &t->text) && r->rest.n > 0 && r->rest.p[0] == quote &&
           skip(&r->rest, 1);
}

/* False: a string does not end. */
static bool next_token(struct reader *r, struct token *t)
{
    size_t n = 0;
    uint8_t c;

    skip_blank(r);
    *t = (struct token){ .text = SPAN_EMPTY, .offset = here(r) };
    if (r->rest.n == 0)
        return true;
    c = r->rest.p[0];
    if (c == '"' || c == '\'')
        return take_string(r, t);
    if (is_name_byte(c)) {
        while (n < r->rest.n && is_name_byte(r->rest.p[n]))
            n++;
        t->kind = TOKEN_NAME;
        return take(&r->rest, n, &t->text);
    }
    t->kind = c == '{' || c == '<' ? TOKEN_OPEN : c == '}' || c == '>' ? TOKEN_CLOSE : TOKEN_OTHER;
    return take(&r->rest, 1, &t->text);
}

/* One escape at p, of n bytes: its value, and how long it is. */
static uint8_t escape(const uint8_t *p, size_t n, size_t *len)
{
    static const char from[] = "abfnrtv", to[] = "\a\b\f\n\r\t\v";
    const char *hit = memchr(from, p[1], sizeof from - 1);
    unsigned v = 0;

    *len = 2;
    if (p[1] == 'x' || p[1] == 'X') {
        for (; *len < n && *len < 4 && digit_hex(p[*len]) >= 0; (*len)++)
            v = v << 4 | (unsigned)digit_hex(p[*len]);
        return (uint8_t)v;
    }
    if (p[1] >= '0' && p[1] <= '7') {
        for (*len = 1; *len < n && *len < 4 && p[*len] >= '0' && p[*len] <= '7'; (*len)++)
            v = v << 3 | (unsigned)(p[*len] - '0');
        return (uint8_t)v;
    }
    return hit ? (uint8_t)to[hit - from] : p[1];
}

/* Appends a string with its escapes resolved. */
static size_t unescape(struct span in, uint8_t *out, size_t n)
{
    for (size_t i = 0, len; i < in.n && n < STRING_MAX; i += len) {
        len = 1;
        out[n++] = in.p[i] == '\\' && i + 1 < in.n ? escape(in.p + i, in.n - i, &len) : in.p[i];
    }
    return n;
}

/* Strings side by side are one. */
static struct span read_value(struct reader *r, struct token *t, bool *ok)
{
    size_t n = 0;

    do {
        n = unescape(t->text, r->text, n);
        skip_blank(r);
        *ok = true;
        if (r->rest.n == 0 || (r->rest.p[0] != '"' && r->rest.p[0] != '\''))
            break;
        *ok = next_token(r, t);
    } while (*ok);
    return span_of(r->text, n);
}

static bool is_inside(const struct reader *r, const char *field)
{
    return r->depth > 0 && span_is(r->fields[r->depth - 1], field);
}

/* Fields whose value is a file that Caffe opens. */
static bool is_path(struct span field)
{
    static const char *const names[] = {
        "source",           "mean_file", "root_folder",     "file_name",      "net",
        "train_net",        "test_net",  "snapshot_prefix", "label_map_file", "name_size_file",
        "output_directory", "weights"
    };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(field, names[i]))
            return true;
    return false;
}

static void judge_python(struct reader *r, uint64_t offset, struct span field, struct span value)
{
    if (span_is(field, "module")) {
        r->module_n = value.n;
        memcpy(r->module, value.p, value.n);
    }
    if (span_is(field, "module") || span_is(field, "layer"))
        graph_operator(&r->tell, r->s, FACT_OPERATOR_PYTHON, offset,
                       span_of(r->module, r->module_n), span_is(field, "layer") ? value : field,
                       "a layer in Python: its module is imported");
}

static void judge(struct reader *r, uint64_t offset, struct span field, struct span value)
{
    if (is_inside(r, "python_param"))
        judge_python(r, offset, field, value);
    else if (span_is(field, "type") && (is_inside(r, "layer") || is_inside(r, "layers")) &&
             span_is(value, "Python"))
        graph_fact(&r->tell, r->s, FACT_OPERATOR_PYTHON, offset, value, "a layer in Python");
    else if (is_inside(r, "hdf5_output_param") && span_is(field, "file_name"))
        graph_fact(&r->tell, r->s, FACT_OPERATOR_FILE, offset, value, "a layer that writes it");
    else if ((r->depth > 1 || r->solver) && is_path(field) && value.n > 0 &&
             model_path_flags(value) && r->paths++ < PATHS_MAX)
        model_path(r->s, offset, value,
                   r->depth ? "a file that a layer opens" : "a file that the solver opens");
}

static enum pratique_status bad(struct reader *r, const char *why)
{
    return scan_fail(r->s, PRATIQUE_E_FORMAT, here(r), "%s", why);
}

static enum pratique_status open_message(struct reader *r, struct span field)
{
    if (r->depth == DEPTH_MAX)
        return bad(r, "messages nested deeper than 100");
    r->layers += r->depth == 0 && (span_is(field, "layer") || span_is(field, "layers"));
    r->fields[r->depth++] = field;
    r->value = r->list = false;
    if (span_is(field, "python_param"))
        r->module_n = 0;
    return PRATIQUE_OK;
}

/* Fields of NetParameter: what else stands at the top is no network's. */
static bool is_top(struct span field)
{
    static const char *const names[] = { "name",  "layer",          "layers",
                                         "input", "input_dim",      "input_shape",
                                         "state", "force_backward", "debug_info" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(field, names[i]))
            return true;
    return false;
}

/* A name is a field, or behind a colon an enumerator or a number. */
static enum pratique_status read_name(struct reader *r, const struct token *t)
{
    if (r->value) {
        r->value = r->list;
        return PRATIQUE_OK;
    }
    r->field = t->text;
    return r->depth > 0 || r->solver || is_top(t->text) ? PRATIQUE_OK
                                                        : bad(r, "a field that no network has");
}

static enum pratique_status read_other(struct reader *r, const struct token *t)
{
    uint8_t c = t->text.p[0];

    if (c == ':')
        r->value = true;
    else if (c == '[' || c == ']')
        r->list = r->value = c == '[';
    return c == ':' || c == '[' || c == ']' ? PRATIQUE_OK : bad(r, "no token stands here");
}

static enum pratique_status read_string(struct reader *r, struct token *t)
{
    uint64_t offset = t->offset;
    bool ok;
    struct span value = read_value(r, t, &ok);

    if (!ok)
        return bad(r, "a string does not end");
    if (!r->value)
        return bad(r, "a string without a field");
    r->value = r->list;
    judge(r, offset, r->field, value);
    return PRATIQUE_OK;
}

static enum pratique_status read_token(struct reader *r, struct token *t)
{
    switch (t->kind) {
    case TOKEN_NAME:
        return read_name(r, t);
    case TOKEN_OPEN:
        return r->field.n ? open_message(r, r->field) : bad(r, "a message without a field");
    case TOKEN_CLOSE:
        return r->depth-- > 0 ? PRATIQUE_OK : bad(r, "a message ends that did not start");
    case TOKEN_STRING:
        return read_string(r, t);
    case TOKEN_OTHER:
        return read_other(r, t);
    case TOKEN_END:
        break;
    }
    return PRATIQUE_OK;
}

static enum pratique_status read_text(struct reader *r)
{
    enum pratique_status st = PRATIQUE_OK;
    struct token t = { .kind = TOKEN_OTHER };

    for (uint64_t n = 0; st == PRATIQUE_OK && t.kind != TOKEN_END; n++) {
        if ((n & 0xFFF) == 0 && !budget_time(r->s->budget))
            return scan_fail_budget(r->s, here(r));
        if (!next_token(r, &t))
            return bad(r, "a string does not end");
        st = read_token(r, &t);
    }
    return st == PRATIQUE_OK && r->depth > 0 ? bad(r, "a message does not end") : st;
}

/* A field of a network's first: then a colon, or a brace. */
static bool is_network(struct span in)
{
    static const struct span needles[] = { SPAN_LITERAL("layer"), SPAN_LITERAL("layers") };
    struct span head = span_of(in.p, in.n < 65536 ? in.n : 65536);
    size_t at, end;

    if (memchr(head.p, 0, head.n) || head.n == 0 || head.p[0] == '<' || head.p[0] == '[')
        return false;
    for (at = 0; (at = span_find(head, at, needles[0])) != SIZE_MAX; at++) {
        end = at + (span_starts(span_from(head, at), needles[1]) ? 6 : 5);
        while (end < head.n && (head.p[end] == ' ' || head.p[end] == '\t' || head.p[end] == ':'))
            end++;
        if ((at == 0 || head.p[at - 1] == '\n') && end < head.n && head.p[end] == '{' &&
            (span_find(head, end, SPAN_LITERAL("type:")) != SIZE_MAX ||
             span_find(head, end, SPAN_LITERAL("type :")) != SIZE_MAX))
            return text_looks_like(in);
    }
    return false;
}

/* How a network is trained: the fields of a solver that no other text has together. */
static bool is_solver(struct span in)
{
    static const char *const rates[] = { "base_lr", "max_iter", "solver_mode", "snapshot_prefix" };
    static const char *const nets[] = { "net: \"",     "net:\"",       "train_net: \"",
                                        "net_param {", "train_net:\"", "net_param{" };
    struct span head = span_of(in.p, in.n < 65536 ? in.n : 65536);
    size_t found = 0;

    for (size_t i = 0; i < ARRAY_LEN(rates); i++)
        found += span_find(head, 0, span_text(rates[i])) != SIZE_MAX;
    for (size_t i = 0; found > 1 && i < ARRAY_LEN(nets); i++)
        if (span_find(head, 0, span_text(nets[i])) != SIZE_MAX)
            return memchr("{[<", head.p[0], 3) == NULL && text_looks_like(in);
    return false;
}

static bool looks_like(struct span in)
{
    return is_network(in) || is_solver(in);
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct reader *r = arena_alloc(s->arena, sizeof *r);
    enum pratique_status st;

    if (!r)
        return scan_fail_budget(s, 0);
    *r = (struct reader){
        .s = s, .in = in, .rest = in, .field = SPAN_EMPTY, .solver = !is_network(in)
    };
    s->budget->work_done += in.n;
    st = read_text(r);
    if (st == PRATIQUE_OK)
        scan_read(s, "Caffe network (text)", in.n, "%" PRIu64 " layers", r->layers);
    return st;
}

const struct format format_caffe_text = {
    .name = "Caffe network (text)",
    .spec = "caffe.proto, BVLC Caffe 1.0; protobuf.dev/reference/protobuf/textformat-spec",
    .looks_like = looks_like,
    .scan = scan,
};
