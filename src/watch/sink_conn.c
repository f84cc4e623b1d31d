/*
 * See sink_state.h: connections. What is spoken is told by the first bytes, whatever the
 * port; inside TLS it is told again. Where the client waits for the server to speak, it does
 * after a moment.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/budget.h"
#include "watch/sink_state.h"

#define READ_STEP     (16u * 1024)
#define READS_AT_ONCE 8 /* before others have their turn */
#define PLAIN_MAX     (256u * 1024)
#define OUT_MAX       (48u << 20)
#define OUT_HIGH      (1u << 20) /* nothing more is read while so much waits to be sent */
#define ACCEPTS       32
#define GREET_US      (150u * 1000)
#define ORDERS_US     (600u * 1000)
#define ORDERS_MEMORY (64u << 10)
#define SILENT_US     (500u * 1000) /* where nothing is answered */
#define IDLE_US       (60u * 1000 * 1000)
#define DNS_PORT      53

uint32_t conn_flags(const struct conn *c)
{
    return c->tls ? REQUEST_TLS : 0;
}

/* ---- bytes ---- */

void conn_consume(struct conn *c, size_t n)
{
    c->plain.n -= n;
    if (n && c->plain.n)
        memmove(c->plain.p, c->plain.p + n, c->plain.n);
}

static struct span unread(const struct conn *c)
{
    return span_of(c->plain.p, c->plain.n);
}

void conn_send(struct conn *c, struct span bytes)
{
    bool ok = c->tls && c->tls_open ? tls_write(c->tls, bytes, &c->out)
                                    : buf_add(&c->out, bytes.p, bytes.n);

    if (!ok)
        c->state = CONN_CLOSING;
}

static size_t unsent(const struct conn *c)
{
    return c->out.n - c->sent;
}

/* False when the peer takes nothing any more. */
static bool flush(struct conn *c)
{
    while (unsent(c)) {
        ssize_t n = send(c->source.fd, c->out.p + c->sent, unsent(c), MSG_NOSIGNAL | MSG_DONTWAIT);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == EAGAIN;
        c->sent += (size_t)n;
    }
    buf_clear(&c->out);
    c->sent = 0;
    return true;
}

/* ---- what is told ---- */

/* A handshake that came to nothing, or to nothing more than itself. */
static void tell_tls(struct conn *c, const char *why)
{
    char url[TLS_NAME_MAX + 32];
    struct span name = tls_name(c->tls);

    (void)snprintf(url, sizeof url, "https://%.*s/", (int)name.n, (const char *)name.p);
    sink_tell(c->sink, EVENT_REQUEST, REQUEST_TLS, span_text(url), span_text(why), c->taken);
    c->asked = true;
}

/* ---- protocols ---- */

static void raw(struct conn *c, struct span bytes)
{
    if (bytes.n == 0)
        return;
    if (!c->stream)
        c->stream = bait_stream_new(c->sink->search);
    c->raw_bytes += bytes.n;
    sink_first_add(&c->first, bytes);
    if (c->stream)
        sink_search(c->sink, c->stream, bytes, c->place.text);
    if (c->dialog)
        dialog_go_on(c, bytes);
}

static void tell_rest(struct conn *c)
{
    if (c->request)
        conn_http_end(c);
    else
        raw(c, unread(c)); /* the beginning of something */
    if (c->raw_bytes)
        sink_tell(c->sink, EVENT_SENT, conn_flags(c), span_text(c->place.text),
                  span_of(c->first.text, c->first.n), c->raw_bytes);
    else if (c->tls && !c->asked)
        tell_tls(c, c->tls_open ? "TLS, and nothing was asked for" : "TLS, not finished");
}

/* RFC 1035, section 4.2.2: each message behind its length. False when it is something else. */
static bool dns(struct conn *c)
{
    uint8_t out[2 + DNS_ANSWER_MAX];
    struct span in = unread(c), query;
    uint16_t n;
    size_t answered;

    while (take_u16be(&in, &n) && take(&in, n, &query)) {
        answered = sink_lookup(c->sink, query, &c->place, out + 2);
        if (answered == 0)
            return false;
        out[0] = (uint8_t)(answered >> 8);
        out[1] = (uint8_t)answered;
        conn_send(c, span_of(out, answered + 2));
        conn_consume(c, (size_t)n + 2);
        in = unread(c);
    }
    return true;
}

static void start_tls(struct conn *c);

/* Decides by the first bytes; as long as they could be several things, later. */
static void peek(struct conn *c)
{
    struct span in = unread(c);
    int tls = c->tls || !c->sink->config->answers ? -1 : tls_looks_so(in);
    enum http_state http = http_looks_so(in);

    if (in.n == 0)
        return;
    if (tls == 1)
        start_tls(c);
    else if (c->place.port == DNS_PORT && !c->tls)
        c->state = CONN_DNS;
    else if (http == HTTP_OK)
        c->state = CONN_HTTP;
    else if (tls == -1 && http == HTTP_BAD)
        c->state = CONN_RAW;
    else if (c->over)
        c->state = CONN_RAW;
}

/* Reads what is there, until nothing changes any more. */
static void process(struct conn *c)
{
    enum conn_state was;
    size_t left;

    do {
        was = c->state;
        left = c->plain.n;
        if (c->state == CONN_PEEK)
            peek(c);
        if (c->state == CONN_DNS && !dns(c))
            c->state = CONN_RAW;
        if (c->state == CONN_HTTP && unsent(c) < OUT_HIGH)
            conn_http(c);
        if (c->state == CONN_RAW || c->state == CONN_CLOSING) {
            raw(c, unread(c));
            buf_clear(&c->plain);
        }
    } while (c->state != was || (c->plain.n != left && c->plain.n));
}

static void take_tls(struct conn *c, struct span came)
{
    switch (tls_feed(c->tls, came, c->over, &c->plain, &c->out)) {
    case TLS_SHAKING:
        break;
    case TLS_OPEN:
        c->tls_open = true;
        break;
    case TLS_CLOSED:
        c->tls_open = c->over = true;
        break;
    case TLS_UNTRUSTED:
        tell_tls(c, "TLS, the certificate was not accepted");
        c->state = CONN_CLOSING;
        break;
    case TLS_BROKEN:
        if (!c->tls_open && !c->asked)
            tell_tls(c, "TLS, the handshake failed");
        c->state = CONN_CLOSING;
        break;
    }
}

/* What was taken for clear text so far is the client's first message. */
static void start_tls(struct conn *c)
{
    struct buf hello = c->plain;

    buf_init(&c->plain, PLAIN_MAX);
    c->tls = tls_new(c->sink->tls, c->place.address);
    if (c->tls)
        take_tls(c, span_of(hello.p, hello.n));
    else
        c->state = CONN_CLOSING;
    buf_free(&hello);
}

static void came(struct conn *c, struct span bytes)
{
    c->taken += bytes.n;
    c->last_us = budget_now_us();
    if (c->tls)
        take_tls(c, bytes);
    else if (!buf_add(&c->plain, bytes.p, bytes.n))
        c->state = CONN_CLOSING;
    process(c);
    if (c->taken > c->sink->config->bytes_max)
        c->state = CONN_CLOSING;
}

/* Speaks first where the peer has not spoken, and servers do. */
static void greet(struct conn *c)
{
    c->greeted = true;
    if (c->sink->config->answers && dialog_begin(c))
        c->state = CONN_RAW;
}

/* ---- life ---- */

static void conn_free(struct conn *c)
{
    struct sink *s = c->sink;

    if (c->before)
        c->before->next = c->next;
    else
        s->conns = c->next;
    if (c->next)
        c->next->before = c->before;
    s->conns_n--;
    (void)close(c->source.fd);
    tls_free(c->tls);
    bait_stream_free(c->stream);
    dialog_free(c->dialog);
    buf_free(&c->plain);
    buf_free(&c->out);
    free(c);
}

static void conn_end(struct conn *c)
{
    tell_rest(c);
    if (c->tls)
        tls_close(c->tls, &c->out);
    (void)flush(c);
    conn_free(c);
}

/* Waits for what is needed next. */
static void rearm(struct conn *c)
{
    uint32_t want = 0;
    struct epoll_event e = { .data.ptr = c };

    if (unsent(c))
        want |= EPOLLOUT;
    if (unsent(c) < OUT_HIGH && !c->over)
        want |= EPOLLIN;
    e.events = want;
    if (want != c->events)
        (void)epoll_ctl(c->sink->epoll, EPOLL_CTL_MOD, c->source.fd, &e);
    c->events = want;
}

/* Reads until nothing more is to be had now, or others are to have their turn. */
static void read_some(struct conn *c)
{
    uint8_t some[READ_STEP];

    for (unsigned i = 0; i < READS_AT_ONCE && !c->over && c->state != CONN_CLOSING; i++) {
        ssize_t n = recv(c->source.fd, some, sizeof some, MSG_DONTWAIT);

        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0) {
            c->over = true;
            came(c, SPAN_EMPTY);
        } else {
            came(c, span_of(some, (size_t)n));
        }
        if (unsent(c) >= OUT_HIGH)
            return;
    }
}

void conn_event(struct conn *c, uint32_t events)
{
    bool alive;

    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR) && unsent(c) < OUT_HIGH)
        read_some(c);
    alive = flush(c);
    if (alive && c->state == CONN_HTTP && c->plain.n)
        process(c); /* answers had to wait for room */
    alive = alive && flush(c);
    if (!alive || c->out.failed || ((c->over || c->state == CONN_CLOSING) && unsent(c) == 0))
        conn_end(c);
    else
        rearm(c);
}

/* Where the peer of a new connection means to go; false: it is nobody we know. */
static bool destination(const struct sink *s, int fd, const struct sockaddr_storage *from,
                        struct sockaddr_in6 *to)
{
    struct sockaddr_storage name = { 0 };
    socklen_t name_n = sizeof name;

    if (s->config->loopback)
        return sink_meant(s, SOURCE_TCP, from, to);
    (void)getsockname(fd, (struct sockaddr *)&name, &name_n);
    *to = sink_address6(&name);
    return true;
}

static struct conn *conn_new(struct sink *s, int fd, const struct sockaddr_in6 *to)
{
    struct conn *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    c->source = (struct source){ SOURCE_CONN, fd, 0, 0 };
    c->sink = s;
    c->last_us = budget_now_us();
    c->events = EPOLLIN;
    buf_init(&c->plain, PLAIN_MAX);
    buf_init(&c->out, OUT_MAX);
    sink_place(s, &c->place, "tcp", to);
    if (!sink_watch(s, &c->source, EPOLLIN)) {
        free(c);
        return NULL;
    }
    c->next = s->conns;
    if (c->next)
        c->next->before = c;
    s->conns = c;
    s->conns_n++;
    return c;
}

/* Past the bound on connections they are told of, and closed. */
static void tell_accepted(struct sink *s, const struct sockaddr_in6 *to)
{
    struct place place;

    sink_place(s, &place, "tcp", to);
    sink_tell(s, EVENT_ACCEPTED, 0, span_text(place.text), span_text(place.host), 0);
}

void conn_accept(struct sink *s, const struct source *source)
{
    for (unsigned i = 0; i < ACCEPTS; i++) {
        struct sockaddr_storage from = { 0 };
        socklen_t from_n = sizeof from;
        struct sockaddr_in6 to;
        int fd =
            accept4(source->fd, (struct sockaddr *)&from, &from_n, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd == -1) {
            s->crowded = errno == EMFILE || errno == ENFILE;
            return;
        }
        if (!destination(s, fd, &from, &to)) {
            (void)close(fd);
            continue;
        }
        tell_accepted(s, &to);
        if (s->conns_n >= s->config->connections_max || !conn_new(s, fd, &to))
            (void)close(fd);
    }
}

/*
 * Who waits for orders gets some: a shell that was handed the connection runs the canary, and so
 * does what runs whatever comes. There is nothing more to come: a shell ends then.
 */
static void offer(struct conn *c)
{
    struct arena arena;

    arena_init(&arena, ORDERS_MEMORY);
    conn_send(c, canary_make(&arena, CANARY_SCRIPT, "", c->sink->config));
    arena_reset(&arena);
    c->offered = true;
    if (flush(c) && !unsent(c) && !c->tls)
        (void)shutdown(c->source.fd, SHUT_WR);
}

/* Neither a protocol that is known, nor one that is spoken at the port. */
static bool waits_for_orders(const struct conn *c, uint64_t now)
{
    static const uint16_t spoken[] = { DNS_PORT, 80, 443, 8000, 8080, 8443 };

    if (!c->sink->config->answers || c->offered || c->dialog || now - c->last_us < ORDERS_US ||
        (c->tls && !c->tls_open) || (c->state != CONN_RAW && (c->state != CONN_PEEK || c->plain.n)))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(spoken); i++)
        if (c->place.port == spoken[i])
            return false;
    return true;
}

/* What time brings to one; false when it is to end. */
static bool tick(struct conn *c, uint64_t now)
{
    if (now - c->last_us > (c->sink->config->answers ? IDLE_US : SILENT_US))
        return false;
    if (!c->greeted && c->state == CONN_PEEK && c->plain.n == 0 && (!c->tls || c->tls_open) &&
        now - c->last_us > GREET_US) {
        greet(c);
        if (!flush(c))
            return false;
        rearm(c);
    }
    if (waits_for_orders(c, now)) {
        offer(c);
        rearm(c);
    }
    return true;
}

/* The one that has been silent the longest makes room. */
static void make_room(struct sink *s)
{
    struct conn *oldest = s->conns;

    for (struct conn *c = s->conns; c; c = c->next)
        if (c->last_us < oldest->last_us)
            oldest = c;
    if (oldest)
        conn_end(oldest);
    s->crowded = false;
}

bool conn_tick(struct sink *s)
{
    uint64_t now = budget_now_us();

    for (struct conn *c = s->conns, *next; c; c = next) {
        next = c->next;
        if (!tick(c, now))
            conn_end(c);
    }
    if (s->crowded)
        make_room(s);
    return s->conns != NULL;
}

void conn_end_all(struct sink *s)
{
    while (s->conns) {
        struct conn *c = s->conns;

        read_some(c); /* what went out before the end counts */
        conn_end(c);
    }
}
