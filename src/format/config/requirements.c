/*
 * Lists of packages beside a model: pip's requirements files and conda's environments. What is
 * pinned, or taken from the index of all, is ordinary; told is what comes from an address.
 *
 * Spec: pip.pypa.io/en/stable/reference/requirements-file-format; PEP 508 (direct references);
 * docs.conda.io, environment files.
 */
#include <ctype.h>
#include <strings.h>

#include "base/compiler.h"
#include "format/config/config.h"
#include "format/path.h"

struct requirement {
    struct scan *s;
    uint64_t offset;
    uint32_t line;
};

static void fact(const struct requirement *r, enum fact_kind kind, struct span subject,
                 const char *what)
{
    facts_add(r->s->facts, &(struct fact){ .kind = kind,
                                           .where = r->s->where,
                                           .offset = r->offset,
                                           .line = r->line,
                                           .column = r->line ? 1 : 0,
                                           .subject = subject,
                                           .detail = span_text(what) });
}

/* Up to the first blank. */
static struct span first_word(struct span s)
{
    size_t n = 0;

    while (n < s.n && !isspace(s.p[n]))
        n++;
    return span_of(s.p, n);
}

static bool starts_word(struct span s, const char *head)
{
    return s.n >= strlen(head) && strncasecmp((const char *)s.p, head, strlen(head)) == 0;
}

/* ---- addresses ---- */

/* Where the packages of all are; what they serve is as good as their index. */
static bool is_public_index(struct span url)
{
    static const char *const heads[] = { "https://pypi.org/",
                                         "https://pypi.python.org/",
                                         "https://files.pythonhosted.org/",
                                         "https://download.pytorch.org/",
                                         "https://data.pyg.org/",
                                         "https://data.dgl.ai/",
                                         "https://pypi.nvidia.com/",
                                         "https://pypi.ngc.nvidia.com",
                                         "https://storage.googleapis.com/jax-releases/",
                                         "https://storage.googleapis.com/libtpu-releases/",
                                         "https://conda.anaconda.org/",
                                         "https://repo.anaconda.com/" };

    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        if (starts_word(url, heads[i]) || (url.n + 1 == strlen(heads[i]) &&
                                           strncasecmp((const char *)url.p, heads[i], url.n) == 0))
            return true;
    return false;
}

static bool is_plain_http(struct span url)
{
    return starts_word(url, "http://") || starts_word(url, "git+http://") ||
           starts_word(url, "git://") || starts_word(url, "git+git://") ||
           starts_word(url, "ftp://") || starts_word(url, "hg+http://") ||
           starts_word(url, "svn+http://") || starts_word(url, "bzr+http://");
}

static bool is_loopback(struct span url)
{
    return starts_word(url, "http://localhost") || starts_word(url, "http://127.0.0.1");
}

/* "...@" and forty hexadecimal digits: this commit and no other. */
static bool is_commit(struct span url)
{
    size_t at = url.n, n = 0;

    while (at > 0 && url.p[at - 1] != '@')
        at--;
    while (at + n < url.n && isxdigit(url.p[at + n]))
        n++;
    return at > 0 && n == 40;
}

/* "...@v1.2.3", or a commit that is cut short: it moves only when somebody moves it. */
static bool is_tag(struct span url)
{
    size_t end = 0, at, digits = 0;
    bool hex = true;

    while (end < url.n && url.p[end] != '#') /* "#egg=name" */
        end++;
    for (at = end; at > 0 && url.p[at - 1] != '@' && url.p[at - 1] != '/'; at--) {
        digits += isdigit(url.p[at - 1]) != 0;
        hex = hex && isxdigit(url.p[at - 1]);
    }
    if (at == 0 || url.p[at - 1] != '@' || digits == 0)
        return false;
    if (hex && end - at >= 7 && end - at <= 40)
        return true;
    if (url.p[at] == 'v' || url.p[at] == 'V')
        at++;
    return at < end && isdigit(url.p[at]) && memchr(url.p + at, '.', end - at) != NULL;
}

/* "#sha256=" and "--hash=sha512:" with as many digits as the least of them has. */
static bool has_hash(struct span line)
{
    size_t off = 0, n;

    while ((off = span_find(line, off, SPAN_LITERAL("sha"))) != SIZE_MAX) {
        off += 3;
        while (off < line.n && isdigit(line.p[off]))
            off++;
        if (off == line.n || (line.p[off] != '=' && line.p[off] != ':'))
            continue;
        for (n = 0; off + 1 + n < line.n && isxdigit(line.p[off + 1 + n]);)
            n++;
        if (n >= 64)
            return true;
    }
    return false;
}

static bool is_version_control(struct span url)
{
    return starts_word(url, "git+") || starts_word(url, "hg+") || starts_word(url, "svn+") ||
           starts_word(url, "bzr+") || starts_word(url, "git://");
}

/* What a package, or an index of them, is fetched from. */
static void tell_url(const struct requirement *r, struct span url, struct span line,
                     const char *what)
{
    if (is_plain_http(url) && !is_loopback(url) && !has_hash(line)) {
        fact(r, FACT_CONFIG_REQUIREMENT_HTTP, url, what);
        return;
    }
    if (starts_word(url, "file:")) /* where a build machine had it: conda writes such */
        return;
    if (is_public_index(url) || has_hash(line) || (is_version_control(url) && is_commit(url)))
        return;
    fact(r,
         is_version_control(url) && is_tag(url) ? FACT_CONFIG_REQUIREMENT_TAG
                                                : FACT_CONFIG_REQUIREMENT,
         url, what);
}

/* ---- one line ---- */

static const struct {
    const char *option;
    const char *what; /* NULL: its value is a file of requirements */
} options[] = {
    { "--index-url", "the index of packages" },
    { "--extra-index-url", "another index of packages" },
    { "--find-links", "a page of packages" },
    { "--trusted-host", "a host whose certificate is not checked" },
    { "--editable", "a package that is installed as it lies there" },
    { "--requirement", NULL },
    { "--constraint", NULL },
    { "-i", "the index of packages" },
    { "-f", "a page of packages" },
    { "-e", "a package that is installed as it lies there" },
    { "-r", NULL },
    { "-c", NULL },
};

static bool has_scheme(struct span s)
{
    return span_find(s, 0, SPAN_LITERAL("://")) != SIZE_MAX || starts_word(s, "file:");
}

/* The value of an option: "-i x", "-ix", "--index-url=x". */
static bool option_value(struct span line, const char *option, struct span *value)
{
    bool is_long = option[1] == '-';
    struct span rest;

    if (!starts_word(line, option))
        return false;
    rest = span_from(line, strlen(option));
    if (is_long && rest.n > 0 && rest.p[0] != '=' && !isspace(rest.p[0]))
        return false;
    if (rest.n > 0 && rest.p[0] == '=')
        (void)skip(&rest, 1);
    rest = span_trim(rest);
    *value = first_word(rest);
    return true;
}

static void tell_option(const struct requirement *r, struct span line)
{
    for (size_t i = 0; i < ARRAY_LEN(options); i++) {
        struct span value;

        if (!option_value(line, options[i].option, &value) || value.n == 0)
            continue;
        if (!options[i].what && !has_scheme(value))
            model_path(r->s, r->offset, value, "requirements");
        else if (strcmp(options[i].option, "--trusted-host") == 0)
            fact(r, FACT_CONFIG_REQUIREMENT, value, options[i].what);
        else if (has_scheme(value))
            tell_url(r, value, line, options[i].what ? options[i].what : "requirements");
        return;
    }
}

void config_requirement(struct scan *s, struct span line, uint64_t offset, uint32_t number)
{
    struct requirement r = { s, offset, number };
    struct span word;
    size_t at;

    line = span_trim(line);
    if (line.n == 0 || line.p[0] == '#')
        return;
    at = span_find(line, 0, SPAN_LITERAL(" #"));
    if (at != SIZE_MAX)
        line = span_trim(span_of(line.p, at));
    if (line.n > 0 && line.p[0] == '-') {
        tell_option(&r, line);
        return;
    }
    word = first_word(line);
    at = span_find(line, 0, SPAN_LITERAL("@"));
    if (!has_scheme(word) && at != SIZE_MAX && has_scheme(span_from(line, at)))
        word = first_word(span_trim(span_from(line, at + 1))); /* "name @ https://..." */
    if (has_scheme(word))
        tell_url(&r, word, line, "a package from an address");
}

/* ---- files ---- */

static bool same(struct span a, const char *b)
{
    return a.n == strlen(b) && strncasecmp((const char *)a.p, b, a.n) == 0;
}

bool config_is_requirements(struct span name)
{
    struct span base = path_base(name), ext = path_extension(base);

    return (same(ext, "txt") || same(ext, "in")) &&
           (starts_word(base, "requirements") || starts_word(base, "constraints") ||
            (base.n > 16 && same(span_from(base, base.n - 16), "requirements.txt")));
}

/* Lines that end with a backslash go on: each part is looked at by itself, as its words are. */
void config_requirements(struct scan *s, struct span text)
{
    struct span rest = text, line;
    uint32_t number = 1;

    while (rest.n > 0) {
        uint64_t offset = text.n - rest.n;

        if (!take_line(&rest, &line)) {
            line = rest;
            rest = SPAN_EMPTY;
        }
        if (number == 1 && span_starts(line, SPAN_LITERAL("\xEF\xBB\xBF")))
            (void)skip(&line, 3);
        if (line.n > 0 && line.p[line.n - 1] == '\\')
            line.n--;
        config_requirement(s, line, offset, number++);
    }
}

/* ---- conda ---- */

static bool conda_matches(const struct doc *d)
{
    return doc_kind(d, doc_get(d, 0, "dependencies")) == DOC_ARRAY &&
           strcmp(d->notation, "YAML") == 0;
}

static void tell_text(const struct doc *d, doc_id id)
{
    uint32_t line, column;

    if (doc_kind(d, id) != DOC_STRING)
        return;
    doc_place(d, id, &line, &column);
    config_requirement(d->s, doc_text(d, id), doc_where(d, id), line);
}

/* Packages are texts; pip's are a list below one of them. */
static enum pratique_status conda_tell(const struct doc *d)
{
    static const char *const lists[] = { "channels", "dependencies" };

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        doc_id list = doc_get(d, 0, lists[i]);

        for (doc_id id = doc_first(d, list); id != DOC_NONE; id = doc_next(d, id)) {
            doc_id pip = doc_kind(d, id) == DOC_OBJECT ? doc_get(d, id, "pip") : DOC_NONE;

            tell_text(d, id);
            for (doc_id one = doc_first(d, pip); one != DOC_NONE; one = doc_next(d, one))
                tell_text(d, one);
        }
    }
    return PRATIQUE_OK;
}

const struct doc_reader config_conda = { "conda environment", conda_matches, conda_tell };

/* ---- files of servers ---- */

bool config_is_modelfile(struct span name)
{
    return same(path_base(name), "modelfile");
}

/* FROM and ADAPTER name a model, a file or an address. */
void config_modelfile(struct scan *s, struct span text)
{
    struct span rest = text, line, value;

    while (rest.n > 0) {
        uint64_t offset = text.n - rest.n;

        if (!take_line(&rest, &line)) {
            line = rest;
            rest = SPAN_EMPTY;
        }
        line = span_trim(line);
        if (!starts_word(line, "from ") && !starts_word(line, "adapter "))
            continue;
        value = span_trim(span_from(line, first_word(line).n));
        if (span_find(value, 0, SPAN_LITERAL("://")) != SIZE_MAX)
            model_fetch(s, offset, value, "a Modelfile");
        else if (value.n > 0 && memchr("./~\\", value.p[0], 4))
            model_path(s, offset, value, "a Modelfile");
    }
}

bool config_is_triton(struct span name)
{
    return same(path_base(name), "config.pbtxt");
}

/* backend: "python" runs model.py beside the configuration. */
void config_triton(struct scan *s, struct span text)
{
    size_t off = 0;

    while ((off = span_find(text, off, SPAN_LITERAL("backend"))) != SIZE_MAX) {
        struct span rest = span_trim(span_from(text, off + 7));

        if (rest.n > 0 && rest.p[0] == ':') {
            rest = span_trim(span_from(rest, 1));
            if (span_starts(rest, SPAN_LITERAL("\"python\"")) ||
                span_starts(rest, SPAN_LITERAL("'python'")))
                model_code(s, off, 0, 0, SPAN_LITERAL("model"), "backend: python", MC_BESIDE);
        }
        off += 7;
    }
}
