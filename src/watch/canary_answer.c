/*
 * What a request most likely wants, guessed by what it asks for, and the answer to it.
 * What would prove a canary wrong (digests, signatures, lists of them) is never there.
 */
#include "watch/canary.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 128
#define OUR_ADDRESS    "52.23.118.7"

/* ---- guesses ---- */

static const struct {
    const char *end;
    enum canary_kind kind;
} endings[] = {
    { ".py", CANARY_PYTHON },     { ".pyw", CANARY_PYTHON },      { ".pyz", CANARY_ZIP },
    { ".zip", CANARY_ZIP },       { ".egg", CANARY_ZIP },         { ".whl", CANARY_WHEEL },
    { ".tar.gz", CANARY_TAR_GZ }, { ".tgz", CANARY_TAR_GZ },      { ".gz", CANARY_TAR_GZ },
    { ".so", CANARY_NATIVE },     { ".dll", CANARY_NATIVE },      { ".dylib", CANARY_NATIVE },
    { ".node", CANARY_NATIVE },   { ".exe", CANARY_NATIVE },      { ".bin", CANARY_NATIVE },
    { ".elf", CANARY_NATIVE },    { ".appimage", CANARY_NATIVE }, { ".pkl", CANARY_PICKLE },
    { ".pickle", CANARY_PICKLE }, { ".pt", CANARY_PICKLE },       { ".pth", CANARY_PICKLE },
    { ".ckpt", CANARY_PICKLE },   { ".joblib", CANARY_PICKLE },   { ".json", CANARY_JSON },
    { ".sh", CANARY_SCRIPT },     { ".bash", CANARY_SCRIPT },     { ".js", CANARY_SCRIPT },
    { ".html", CANARY_TEXT },     { ".htm", CANARY_TEXT },        { ".ico", CANARY_TEXT },
};

/* Names of what a download is checked with, and of models that are no programs. */
static const char *const checks[] = {
    "sha256",    "sha512",    "sha1",     "md5",     "checksum",   "manifest",
    "integrity", "signature", "sigstore", "minisig", "provenance",
};
static const char *const check_endings[] = {
    ".sig", ".asc", ".crt", ".cer", ".pem", ".pub", ".sum", ".digest", ".att", ".b3", ".metadata",
};

/* Services that tell who asks which address they come from. */
static const char *const echoes[] = {
    "ipify.org", "ifconfig.me",           "ipinfo.io",  "icanhazip.com", "ifconfig.co",
    "ident.me",  "checkip.amazonaws.com", "ip-api.com", "api.ip.sb",     "myip.dnsomatic.com",
};

static bool ends(struct span s, const char *end)
{
    size_t n = strlen(end);

    return s.n >= n && http_same(span_from(s, s.n - n), span_text(end));
}

static bool has_any(struct span s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (http_has(s, words[i]))
            return true;
    return false;
}

static bool is_check(struct span name)
{
    for (size_t i = 0; i < ARRAY_LEN(check_endings); i++)
        if (ends(name, check_endings[i]))
            return true;
    return has_any(name, checks, ARRAY_LEN(checks));
}

static bool is_echo(struct span host)
{
    return has_any(host, echoes, ARRAY_LEN(echoes));
}

static bool by_ending(struct span host, struct span name, enum canary_kind *kind)
{
    for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
        if (!ends(name, endings[i].end))
            continue;
        *kind = endings[i].kind;
        if (ends(name, ".bin") && (http_has(host, "huggingface") || http_has(host, "hf.co")))
            *kind = CANARY_PICKLE; /* pytorch_model.bin */
        return true;
    }
    return false;
}

static bool wants_json(struct span host, struct span target, struct span accept)
{
    return http_has(accept, "json") || http_has(target, "/api/") || http_has(target, "=json") ||
           ends(http_path(target), "/json") || span_starts(target, SPAN_LITERAL("/v1/")) ||
           span_starts(host, SPAN_LITERAL("api."));
}

/* A page of PyPI's simple API (PEP 503), whatever the host. */
static bool is_index(struct span path)
{
    return path.n > 8 && span_find(path, 0, SPAN_LITERAL("/simple/")) != SIZE_MAX &&
           !span_ends(path, SPAN_LITERAL("/simple/"));
}

static bool sends(struct span method)
{
    return span_is(method, "POST") || span_is(method, "PUT") || span_is(method, "PATCH") ||
           span_is(method, "DELETE");
}

enum canary_kind canary_for(struct span method, struct span host, struct span path,
                            struct span accept, struct span user_agent)
{
    struct span name = http_name(http_path(path));
    enum canary_kind kind;

    (void)user_agent; /* a program that names itself wants the same as one that does not */
    if (is_check(name))
        return CANARY_KINDS;
    if (is_echo(host))
        return wants_json(SPAN_EMPTY, path, accept) || http_has(host, "ip-api") ? CANARY_JSON
                                                                                : CANARY_TEXT;
    if (is_index(http_path(path)))
        return CANARY_TEXT;
    if (by_ending(host, name, &kind))
        return kind;
    if (http_has(path, "/releases/download/") || http_has(path, "/bin/"))
        return CANARY_NATIVE;
    if (sends(method) || wants_json(host, path, accept))
        return CANARY_JSON;
    return CANARY_SCRIPT;
}

/* ---- answers ---- */

static const char *type_of(enum canary_kind kind)
{
    switch (kind) {
    case CANARY_SCRIPT:
    case CANARY_PYTHON:
        return "text/plain; charset=utf-8";
    case CANARY_TEXT:
        return "text/html; charset=utf-8";
    case CANARY_ZIP:
    case CANARY_WHEEL:
        return "application/zip";
    case CANARY_TAR_GZ:
        return "application/gzip";
    case CANARY_JSON:
        return "application/json";
    default:
        return "application/octet-stream";
    }
}

/* The name as text, cut to what file names are made of. */
static void plain_name(char out[NAME_MAX_BYTES], struct span name)
{
    size_t n = 0;

    for (size_t i = 0; i < name.n && n + 1 < NAME_MAX_BYTES; i++) {
        uint8_t c = name.p[i];

        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
            c == '.' || c == '-' || c == '_' || c == '+')
            out[n++] = (char)c;
    }
    out[n] = '\0';
}

/* The project that a page of the index is about, with '_' as in names of wheels. */
static void index_project(char out[NAME_MAX_BYTES], struct span path)
{
    size_t at = span_find(path, 0, SPAN_LITERAL("/simple/"));
    struct span rest = span_from(path, at + 8);

    for (size_t i = 0; i < rest.n; i++)
        if (rest.p[i] == '/')
            rest.n = i;
    plain_name(out, rest);
    for (char *c = out; *c; c++)
        if (*c == '-' || *c == '.')
            *c = '_';
}

static struct span make_index(struct arena *arena, struct span path, const char *base)
{
    char project[NAME_MAX_BYTES], *page;

    index_project(project, path);
    page = arena_printf(arena,
                        "<!DOCTYPE html>\n<html><head><title>Links for %s</title></head><body>\n"
                        "<a href=\"%s/packages/%s-1.4.2-py3-none-any.whl\">"
                        "%s-1.4.2-py3-none-any.whl</a><br/>\n</body></html>\n",
                        project, base, project, project);
    return page ? span_text(page) : SPAN_EMPTY;
}

static struct span make_text(struct arena *arena, const struct http_head *head, const char *base)
{
    if (is_echo(head->host))
        return SPAN_LITERAL(OUR_ADDRESS "\n");
    if (is_index(http_path(head->target)))
        return make_index(arena, http_path(head->target), base);
    return SPAN_LITERAL("<!DOCTYPE html>\n<html><head><title>Welcome</title></head>"
                        "<body><p>It works.</p></body></html>\n");
}

struct answer answer_for(struct arena *arena, const struct sink_config *config,
                         const struct http_head *head, const char *base)
{
    enum canary_kind kind =
        canary_for(head->method, head->host, head->target, head->accept, head->agent);
    struct answer a = { 200, type_of(kind), canary_name(kind), SPAN_EMPTY };
    char name[NAME_MAX_BYTES];

    plain_name(name, http_name(http_path(head->target)));
    if (kind == CANARY_JSON)
        a.body = canary_json(arena, base, config->token);
    else if (kind == CANARY_TEXT)
        a.body = make_text(arena, head, base);
    else if (kind != CANARY_KINDS)
        a.body = canary_make(arena, kind, name, config);
    if (a.body.n == 0)
        a = (struct answer){ 404, "text/plain", "not found", SPAN_LITERAL("404 not found\n") };
    return a;
}

static const char *reason_of(unsigned status)
{
    return status == 200 ? "OK" : status == 206 ? "Partial Content" : "Not Found";
}

uint64_t answer_write(struct buf *out, const struct http_head *head, const struct answer *a)
{
    struct http_range r = { 0, 0 };
    unsigned status = a->status;
    struct span body = a->body;

    if (status == 200 && http_range(head->range, body.n, &r)) {
        status = 206;
        (void)span_sub(a->body, r.first, r.last - r.first + 1, &body);
    }
    (void)buf_printf(out,
                     "HTTP/1.1 %u %s\r\nServer: nginx\r\nContent-Type: %s\r\n"
                     "Content-Length: %zu\r\nAccept-Ranges: bytes\r\n",
                     status, reason_of(status), a->type, body.n);
    if (status == 206)
        (void)buf_printf(out, "Content-Range: bytes %llu-%llu/%zu\r\n", (unsigned long long)r.first,
                         (unsigned long long)r.last, a->body.n);
    (void)buf_printf(out, "Connection: %s\r\n\r\n", head->keep_alive ? "keep-alive" : "close");
    if (span_is(head->method, "HEAD"))
        return 0;
    (void)buf_add(out, body.p, body.n);
    return body.n;
}
