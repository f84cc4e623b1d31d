/*
 * See sink_state.h: HTTP on a connection, in clear or inside TLS. A request is told of once it
 * is whole, or will not be any more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "watch/sink_state.h"

#define ANSWER_MEMORY (48u << 20)
#define HOST_MAX      (DNS_NAME_MAX + 16)
#define WHERE_MAX     (EVENT_SUBJECT_MAX + 64)

struct request {
    char *head_bytes; /* owned: what head borrows from */
    struct http_head head;
    struct http_body body;
    char base[HOST_MAX + 16];    /* "https://example.org" */
    char url[EVENT_SUBJECT_MAX]; /* as asked for */
    char where[WHERE_MAX];       /* "the body of POST https://..." */
    struct bait_stream *stream;  /* of the body */
    struct first first;          /* of the body */
    uint64_t bytes;              /* head and body */
};

static void request_free(struct request *r)
{
    if (!r)
        return;
    bait_stream_free(r->stream);
    free(r->head_bytes);
    free(r);
}

/* ---- names ---- */

static bool is_host_char(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c == '_' || c == ':' || c == '[' || c == ']';
}

static bool is_host(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_host_char(s.p[i]))
            return false;
    return s.n > 0 && s.n < HOST_MAX;
}

/* By the head; else as TLS or the resolver was asked; else the address. */
static struct span host_of(const struct conn *c, const struct http_head *head)
{
    if (is_host(head->host))
        return head->host;
    if (c->tls)
        return tls_name(c->tls);
    return c->place.host[0] ? span_text(c->place.host) : span_text(c->place.address);
}

static void add_printable(char *to, size_t size, struct span s)
{
    size_t n = strlen(to);

    for (size_t i = 0; i < s.n && n + 1 < size; i++)
        to[n++] = (char)(s.p[i] > ' ' && s.p[i] < 0x7f ? s.p[i] : s.p[i] < 0x80 ? '?' : s.p[i]);
    to[n] = '\0';
}

/* The base, and what was asked for below it; a proxy is asked for a whole URL. */
static void name_request(const struct conn *c, struct request *r)
{
    struct span host = host_of(c, &r->head), target = r->head.target;
    bool whole = span_starts(target, SPAN_LITERAL("http://")) ||
                 span_starts(target, SPAN_LITERAL("https://"));

    (void)snprintf(r->base, sizeof r->base, "%s://%.*s", c->tls ? "https" : "http", (int)host.n,
                   (const char *)host.p);
    if (span_is(r->head.method, "CONNECT"))
        r->url[0] = '\0';
    else if (!whole)
        (void)snprintf(r->url, sizeof r->url, "%s", r->base);
    add_printable(r->url, sizeof r->url, target);
    (void)snprintf(r->where, sizeof r->where, "the body of %.*s %s", (int)r->head.method.n,
                   (const char *)r->head.method.p, r->url);
}

/* ---- what is told ---- */

static void tell_request(struct conn *c, const struct request *r)
{
    const struct http_head *h = &r->head;
    char detail[EVENT_DETAIL_MAX];
    struct span agent = h->agent;
    int n = snprintf(detail, sizeof detail, "%.*s", (int)h->method.n, (const char *)h->method.p);

    if (agent.n > 200)
        agent.n = 200;
    if (h->type.n && h->type.n < 200)
        n += snprintf(detail + n, sizeof detail - (size_t)n, " %.*s", (int)h->type.n,
                      (const char *)h->type.p);
    if (agent.n)
        n += snprintf(detail + n, sizeof detail - (size_t)n, ", User-Agent: %.*s", (int)agent.n,
                      (const char *)agent.p);
    if (r->first.n)
        n += snprintf(detail + n, sizeof detail - (size_t)n, ", body: %.*s", (int)r->first.n,
                      r->first.text);
    sink_tell(c->sink, EVENT_REQUEST, conn_flags(c), span_text(r->url), span_of(detail, (size_t)n),
              r->bytes);
    c->asked = true;
}

/* The head's own bytes: secrets travel in URLs and in fields. */
static void search_head(struct conn *c, const struct request *r)
{
    struct bait_stream *stream = bait_stream_new(c->sink->search);
    char where[WHERE_MAX];

    if (!stream)
        return;
    (void)snprintf(where, sizeof where, "the head of %.*s %s", (int)r->head.method.n,
                   (const char *)r->head.method.p, r->url);
    sink_search(c->sink, stream, span_of(r->head_bytes, r->head.bytes), where);
    bait_stream_free(stream);
}

/* ---- answers ---- */

static void answer(struct conn *c, const struct request *r)
{
    struct arena arena;
    struct answer a;
    struct buf out;
    uint64_t n;

    arena_init(&arena, ANSWER_MEMORY);
    buf_init(&out, ANSWER_MEMORY);
    a = answer_for(&arena, c->sink->config, &r->head, r->base);
    n = answer_write(&out, &r->head, &a);
    if (!out.failed)
        conn_send(c, span_of(out.p, out.n));
    sink_tell(c->sink, EVENT_ANSWER, conn_flags(c), span_text(r->url), span_text(a.what), n);
    buf_free(&out);
    arena_reset(&arena);
}

/* A proxy is asked for a way on: what comes next is as if it came there. */
static void tunnel(struct conn *c, const struct request *r)
{
    struct span target = r->head.target;
    size_t colon = target.n;

    while (colon > 0 && target.p[colon - 1] != ':')
        colon--;
    if (colon > 1)
        target.n = colon - 1;
    if (is_host(target))
        (void)snprintf(c->place.host, sizeof c->place.host, "%.*s", (int)target.n,
                       (const char *)target.p);
    conn_send(c, SPAN_LITERAL("HTTP/1.1 200 Connection established\r\n\r\n"));
    c->state = CONN_PEEK;
}

static void finish(struct conn *c)
{
    struct request *r = c->request;

    tell_request(c, r);
    if (!c->sink->config->answers)
        c->state = CONN_CLOSING;
    else if (span_is(r->head.method, "CONNECT"))
        tunnel(c, r);
    else
        answer(c, r);
    if (!r->head.keep_alive && c->state == CONN_HTTP)
        c->state = CONN_CLOSING;
    c->request = NULL;
    request_free(r);
}

void conn_http_end(struct conn *c)
{
    tell_request(c, c->request);
    request_free(c->request);
    c->request = NULL;
}

/* ---- reading ---- */

/* A request out of the head at the front of what is to be read; NULL without memory. */
static struct request *request_new(const struct conn *c, size_t head_n)
{
    struct request *r = calloc(1, sizeof *r);
    struct span in;

    if (!r)
        return NULL;
    r->head_bytes = malloc(head_n);
    r->stream = bait_stream_new(c->sink->search);
    if (!r->head_bytes || !r->stream) {
        request_free(r);
        return NULL;
    }
    memcpy(r->head_bytes, c->plain.p, head_n);
    in = span_of(r->head_bytes, head_n);
    if (http_head(&in, &r->head) != HTTP_OK) {
        request_free(r);
        return NULL;
    }
    r->bytes = head_n;
    return r;
}

/* True when a request has begun. */
static bool begin(struct conn *c)
{
    struct span in = span_of(c->plain.p, c->plain.n);
    struct http_head head;
    enum http_state state = http_head(&in, &head);
    struct request *r;

    if (state == HTTP_BAD)
        c->state = CONN_RAW;
    if (state != HTTP_OK)
        return false;
    r = c->request = request_new(c, head.bytes);
    if (!r) {
        c->state = CONN_CLOSING;
        return false;
    }
    conn_consume(c, head.bytes);
    name_request(c, r);
    search_head(c, r);
    http_body_begin(&r->body, &r->head);
    if (http_same(r->head.encoding, SPAN_LITERAL("deflate")))
        bait_stream_deflated(r->stream);
    if (r->head.expects_continue && c->sink->config->answers)
        conn_send(c, SPAN_LITERAL("HTTP/1.1 100 Continue\r\n\r\n"));
    return true;
}

/* Reads on in the body; true when the request is over, or is none. */
static bool go_on(struct conn *c)
{
    struct request *r = c->request;
    struct span in = span_of(c->plain.p, c->plain.n), piece;
    size_t had = in.n;
    enum http_state state;

    while ((state = http_body_take(&r->body, &in, &piece)) == HTTP_OK) {
        sink_search(c->sink, r->stream, piece, r->where);
        sink_first_add(&r->first, piece);
    }
    r->bytes += had - in.n;
    conn_consume(c, had - in.n);
    if (state == HTTP_BAD) {
        conn_http_end(c);
        c->state = CONN_RAW;
    }
    return state == HTTP_END;
}

/* One request; conn.c calls again as long as that leads on. */
void conn_http(struct conn *c)
{
    if ((c->request || begin(c)) && go_on(c))
        finish(c);
}
