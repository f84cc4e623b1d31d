/*
 * Keys, tags and elements in text that make its loader run something. Found by
 * search, not by parsing: what matters is that they are there, and a parser of
 * our own would only differ from theirs.
 *
 * Spec: YAML 1.2.2, 5.6 and 6.8.2 (tags, %TAG), as PyYAML reads them; RFC 8259.
 */
#include "format/text/config.h"
#include "base/digit.h"

#include <ctype.h>
#include <strings.h>

#include "base/compiler.h"
#include "format/config/config.h"
#include "format/jinja/jinja.h"

#define TAG_MAX 160

/* One fact of a kind is evidence enough; more of the same are counted up to this. */
#define SAME_MAX 16

static void place(struct span in, size_t off, uint32_t *line, uint32_t *column)
{
    const uint8_t *p = in.p, *end = in.p + off, *next;

    *line = 1;
    while ((next = memchr(p, '\n', (size_t)(end - p)))) {
        p = next + 1;
        (*line)++;
    }
    *column = (uint32_t)(end - p) + 1;
}

void text_fact(const struct text *t, enum fact_kind kind, size_t off, struct span subject,
               struct span detail)
{
    struct fact f = { .kind = kind,
                      .where = t->s->where,
                      .offset = t->exact ? off : PRATIQUE_NO_OFFSET,
                      .subject = subject,
                      .detail = detail };

    place(t->in, off, &f.line, &f.column);
    facts_add(t->s->facts, &f);
}

/* The rest of the line from off on, for evidence. */
static struct span line_at(struct span in, size_t off)
{
    struct span rest = span_from(in, off), line;

    return take_line(&rest, &line) ? line : rest;
}

static uint8_t at(struct span in, size_t off)
{
    return off < in.n ? in.p[off] : 0;
}

/* Copies a URI up to space or a bracket, %xx resolved as YAML does; returns its length. */
static size_t take_uri(struct span *in, char out[TAG_MAX])
{
    size_t n = 0;

    while (in->n > 0 && n < TAG_MAX && in->p[0] > ' ' && !memchr("[]{}\"", in->p[0], 5)) {
        uint8_t c = in->p[0];
        int high = digit_hex(at(*in, 1)), low = digit_hex(at(*in, 2));
        bool escaped = c == '%' && high >= 0 && low >= 0;

        out[n++] = (char)(escaped ? high << 4 | low : c);
        (void)skip(in, escaped ? 3 : 1);
    }
    return n;
}

static bool tag_builds_object(struct span tag)
{
    static const struct span standard = { (const uint8_t *)"tag:yaml.org,2002:", 18 };

    if (span_starts(tag, SPAN_LITERAL("!!")))
        return config_tag_builds(span_from(tag, 2));
    if (span_starts(tag, SPAN_LITERAL("!<"))) {
        (void)skip(&tag, 2);
        return span_starts(tag, standard) && span_ends(tag, SPAN_LITERAL(">")) &&
               config_tag_builds((struct span){ tag.p + standard.n, tag.n - standard.n - 1 });
    }
    return span_starts(tag, SPAN_LITERAL("!ruby/"));
}

/* A tag starts a value: at a line's start, behind an indicator, or behind an anchor. */
static bool tag_may_start(struct span in, size_t off)
{
    size_t i = off, word;

    while (i > 0 && (in.p[i - 1] == ' ' || in.p[i - 1] == '\t'))
        i--;
    if (i == 0 || in.p[i - 1] == '\n' || in.p[i - 1] == '\r' || (i == 3 && in.p[0] == 0xEF))
        return true;
    if (memchr("[{,:?\x85\xA8\xA9", in.p[i - 1], 8)) /* ... or the line breaks of Unicode */
        return true;
    if (i == off) /* the other indicators need a space */
        return false;
    for (word = i; word > 0 && in.p[word - 1] > ' ' && i - word < 128;)
        word--;
    return in.p[i - 1] == '-' || at(in, word) == '&';
}

/* Only where no quote stands before it on its line: inside quotes, '#' starts no comment. */
static bool in_comment(struct span in, size_t off)
{
    bool comment = false;

    for (size_t i = off; i > 0 && in.p[i - 1] != '\n'; i--) {
        if (in.p[i - 1] == '"' || in.p[i - 1] == '\'')
            return false;
        comment |= in.p[i - 1] == '#' && (i == 1 || in.p[i - 2] <= ' ');
    }
    return comment;
}

/* Linear: a tag is passed as a whole, a line with a tag in a comment too. */
static void yaml_tags(const struct text *t)
{
    unsigned told = 0;
    size_t off = 0;
    const uint8_t *hit;

    while (told < SAME_MAX && off < t->in.n && (hit = memchr(t->in.p + off, '!', t->in.n - off))) {
        struct span rest, tag;
        char text[TAG_MAX];

        off = (size_t)(hit - t->in.p);
        rest = span_from(t->in, off);
        if (!tag_may_start(t->in, off)) {
            off++;
            continue;
        }
        tag = span_of(text, take_uri(&rest, text));
        if (tag_builds_object(tag) && in_comment(t->in, off)) {
            off += line_at(t->in, off).n;
            continue;
        }
        if (tag_builds_object(tag)) {
            text_fact(t, FACT_TEXT_YAML_OBJECT, off, tag, line_at(t->in, off));
            told++;
        }
        off = t->in.n - rest.n;
    }
}

/* "%TAG !p! tag:yaml.org,2002:python/": another handle for the tags that build objects. */
static void yaml_directives(const struct text *t)
{
    static const struct span python = { (const uint8_t *)"tag:yaml.org,2002:python/", 25 };
    size_t off = 0;

    while ((off = span_find(t->in, off, SPAN_LITERAL("%TAG"))) != SIZE_MAX) {
        struct span line = line_at(t->in, off), prefix, full;
        char text[TAG_MAX];

        (void)skip(&line, 4);
        for (unsigned word = 0; word < 2; word++) { /* the handle, then the prefix */
            while (line.n > 0 && line.p[0] <= ' ')
                (void)skip(&line, 1);
            prefix = span_of(text, take_uri(&line, text));
        }
        full = python;
        if (prefix.n < full.n)
            full.n = prefix.n;
        else
            prefix.n = full.n;
        if (full.n > 0 && span_equal(prefix, full)) {
            text_fact(t, FACT_TEXT_YAML_OBJECT, off, SPAN_LITERAL("%TAG"), line_at(t->in, off));
            return;
        }
        off += 4;
    }
}

void text_yaml(const struct text *t)
{
    yaml_tags(t);
    yaml_directives(t);
}

static size_t skip_space(struct span in, size_t off)
{
    while (at(in, off) == ' ' || at(in, off) == '\t' || at(in, off) == '\n' || at(in, off) == '\r')
        off++;
    return off;
}

/*
 * Whether a key of n bytes stands at off: between quotes, or bare as YAML and
 * TOML write it, then : or =. *value is then where its value starts.
 */
static bool is_key(struct span in, size_t off, size_t n, size_t *value)
{
    uint8_t before = off > 0 ? in.p[off - 1] : '\n';
    uint8_t quote = before == '"' || before == '\'' ? before : 0;
    size_t end = off + n;

    if (!quote && !memchr(" \t\n\r-{,?", before, 8))
        return false;
    if (quote && at(in, end++) != quote)
        return false;
    end = skip_space(in, end);
    *value = skip_space(in, end + 1);
    return at(in, end) == ':' || at(in, end) == '=';
}

/* The offset of the next key of that name from off on, or SIZE_MAX. */
static size_t find_key(struct span in, size_t off, const char *key, size_t *value)
{
    struct span name = span_text(key);

    while ((off = span_find(in, off, name)) != SIZE_MAX && !is_key(in, off, name.n, value))
        off += name.n;
    return off;
}

static bool has_key(struct span in, const char *key)
{
    size_t value;

    return find_key(in, 0, key, &value) != SIZE_MAX;
}

/* false, null and nothing at all switch a key off. */
static bool is_off(struct span value)
{
    static const char *const words[] = { "false", "False", "null", "None", "~", "\"\"" };

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (span_starts(value, span_text(words[i])))
            return true;
    return value.n == 0;
}

static bool has(struct span in, const char *needle)
{
    return span_find(in, 0, span_text(needle)) != SIZE_MAX;
}

static void key_fact(const struct text *t, const char *key)
{
    size_t off = 0, value;

    while ((off = find_key(t->in, off, key, &value)) != SIZE_MAX) {
        if (!is_off(span_from(t->in, value))) {
            text_fact(t, FACT_TEXT_NAMES_CODE, off, span_text(key), line_at(t->in, off));
            return;
        }
        off += strlen(key);
    }
}

size_t text_find_field(struct span in, const char *name)
{
    size_t n = strlen(name), at = 0, end;

    for (; (at = span_find(in, at, span_text(name))) != SIZE_MAX; at++) {
        if (at > 0 && (isalnum(in.p[at - 1]) || in.p[at - 1] == '_'))
            continue;
        for (end = at + n; end < in.n && memchr(" \t\r\n\"", in.p[end], 5);)
            end++;
        if (end < in.n && memchr(":{<", in.p[end], 3))
            return at;
    }
    return SIZE_MAX;
}

/* The forms that onnx.load() takes beside the binary one: messages as text, and as JSON. */
static size_t onnx_as_text(struct span in)
{
    struct span head = span_of(in.p, in.n < 65536 ? in.n : 65536);
    size_t at = text_find_field(head, "ir_version");

    if (at == SIZE_MAX)
        at = text_find_field(head, "irVersion");
    if (at == SIZE_MAX)
        return at;
    return text_find_field(in, "graph") != SIZE_MAX ||
                   text_find_field(in, "opset_import") != SIZE_MAX ||
                   text_find_field(in, "opsetImport") != SIZE_MAX
               ? at
               : SIZE_MAX;
}

/* Model descriptions whose loader builds layers, or calls operators, by name. */
void text_models(const struct text *t)
{
    size_t value, off = find_key(t->in, 0, "class_name", &value);

    if (off != SIZE_MAX && (has(t->in, "keras") || has_key(t->in, "layers")))
        text_fact(t, FACT_KNOWN_MODEL, off, SPAN_LITERAL("Keras model configuration"),
                  SPAN_LITERAL("a Lambda layer holds Python byte code"));
    off = find_key(t->in, 0, "arg_nodes", &value);
    if (off != SIZE_MAX && has_key(t->in, "nodes"))
        text_fact(t, FACT_KNOWN_MODEL, off, SPAN_LITERAL("MXNet symbol"),
                  SPAN_LITERAL("a Custom node names a Python operator"));
    off = onnx_as_text(t->in);
    if (off != SIZE_MAX)
        text_fact(t, FACT_KNOWN_MODEL, off, SPAN_LITERAL("ONNX model as text"),
                  SPAN_LITERAL("its tensors may be taken from other files"));
}

/* A template among other values: searched, where nothing reads the document as one. */
static void search_template(const struct text *t)
{
    static const char *const internals[] = { "__globals__", "__subclasses__", "__builtins__",
                                             "__import__",  "__mro__",        "__getattribute__" };

    for (size_t i = 0; i < ARRAY_LEN(internals); i++) {
        size_t off = span_find(t->in, 0, span_text(internals[i]));

        if (off == SIZE_MAX)
            continue;
        text_fact(t, FACT_TEXT_TEMPLATE, off, span_text(internals[i]),
                  span_of(t->in.p + off, t->in.n - off < 80 ? t->in.n - off : 80));
        return;
    }
}

void text_config(const struct text *t)
{
    /* Hydra; transformers; diffusers; jsonpickle; MLflow; jsonargparse */
    static const char *const keys[] = { "_target_",         "auto_map",   "trust_remote_code",
                                        "custom_pipelines", "py/object",  "py/reduce",
                                        "py/function",      "py/newargs", "py/repr",
                                        "loader_module",    "class_path" };

    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        key_fact(t, keys[i]);
    if (has_key(t->in, "chat_template"))
        search_template(t);
}

/* More is a vocabulary, or a book. */
#define TEMPLATE_MAX ((size_t)1 << 20)

/* Extensions of templates of any language, and of pages and prompts, which may be one. */
bool text_may_be_template(const struct text *t)
{
    static const char *const ends[] = { ".template", ".tmpl",   ".tpl",     ".html", ".htm",
                                        ".xhtml",    ".prompt", ".prompty", ".txt" };

    if (t->in.n > TEMPLATE_MAX || (span_find(t->in, 0, SPAN_LITERAL("{{")) == SIZE_MAX &&
                                   span_find(t->in, 0, SPAN_LITERAL("{%")) == SIZE_MAX))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (span_ends(t->s->name, span_text(ends[i])))
            return true;
    return false;
}

/* Models come with templates called .jinja; the other extensions are those of web pages. */
enum pratique_status text_template(const struct text *t)
{
    const struct jinja_place place = { .offset = t->exact ? 0 : PRATIQUE_NO_OFFSET,
                                       .line = 1,
                                       .column = 1,
                                       .general = !span_ends(t->s->name, SPAN_LITERAL(".jinja")) &&
                                                  span_find(t->s->name, 0, SPAN_LITERAL("chat")) ==
                                                      SIZE_MAX,
                                       .found = text_may_be_template(t) };

    return jinja_tell(t->s, t->in, &place);
}

void text_markup(const struct text *t)
{
    static const char *const elements[] = { "<script", "<!ENTITY", "<iframe", "<foreignObject" };

    for (size_t off = 0; off < t->in.n; off++) {
        const uint8_t *hit = memchr(t->in.p + off, '<', t->in.n - off);
        struct span rest;

        if (!hit)
            return;
        off = (size_t)(hit - t->in.p);
        rest = span_from(t->in, off);
        for (size_t i = 0; i < ARRAY_LEN(elements); i++) {
            size_t n = strlen(elements[i]);

            if (rest.n < n || strncasecmp((const char *)rest.p, elements[i], n) != 0)
                continue;
            text_fact(t, FACT_TEXT_MARKUP_SCRIPT, off, span_text(elements[i]), line_at(t->in, off));
            return;
        }
    }
}
