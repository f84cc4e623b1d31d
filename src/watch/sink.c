/*
 * See sink.h: lock-down, the loop, control, and what is told. Every socket is without
 * blocking but control: a supervisor that reads slowly slows the watched down, and no
 * event is lost.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/budget.h"
#include "sandbox/sandbox.h"
#include "watch/sink_state.h"

#define MEMORY_BYTES      (512ull << 20)
#define DESCRIPTORS_SPARE 16
#define EVENTS_AT_ONCE    16
#define TICK_MS           50
#define BACKLOG           128
#define SETTLE_ROUNDS     4096
#define DNS_PORT          53

/* ---- what is told ---- */

void sink_tell(struct sink *s, enum event_kind kind, uint32_t flags, struct span subject,
               struct span detail, uint64_t number)
{
    uint8_t wire[EVENT_WIRE_MAX];
    struct watch_event e = { .kind = kind,
                             .flags = flags,
                             .time_us = budget_now_us() - s->config->begun_us,
                             .pass = s->pass,
                             .number = number,
                             .subject = subject,
                             .detail = detail,
                             .frames = SPAN_EMPTY };
    size_t n = event_put(wire, &e);

    while (send(s->control, wire, n, MSG_NOSIGNAL) == -1 && errno == EINTR)
        ;
}

static void tell_setup(struct sink *s, const char *what, const char *why)
{
    char detail[SANDBOX_DETAIL_MAX + 32];

    (void)snprintf(detail, sizeof detail, "%s: %s", what, why);
    sink_tell(s, EVENT_SETUP, 0, SPAN_LITERAL("sink"), span_text(detail), 0);
}

void sink_first_add(struct first *f, struct span bytes)
{
    for (size_t i = 0; i < bytes.n && f->n < SINK_FIRST_MAX; i++)
        f->text[f->n++] = (char)(bytes.p[i] >= ' ' && bytes.p[i] < 0x7f ? bytes.p[i] : '.');
}

struct found {
    struct sink *sink;
    const char *where;
};

static void tell_found(void *user, const struct bait_secret *secret, const char *how)
{
    const struct found *f = user;
    char detail[EVENT_DETAIL_MAX];

    (void)snprintf(detail, sizeof detail, "%s in %s", how, f->where);
    sink_tell(f->sink, EVENT_HONEY_SENT, 0, span_text(secret->what), span_text(detail), 0);
}

void sink_search(struct sink *s, struct bait_stream *stream, struct span bytes, const char *where)
{
    struct found f = { s, where };

    bait_stream_feed(stream, bytes, tell_found, &f);
}

/* ---- addresses ---- */

struct sockaddr_in6 sink_address6(const struct sockaddr_storage *from)
{
    struct sockaddr_in6 out = { .sin6_family = AF_INET6 };

    if (from->ss_family == AF_INET6) {
        memcpy(&out, from, sizeof out);
    } else {
        struct sockaddr_in v4;

        memcpy(&v4, from, sizeof v4);
        out.sin6_port = v4.sin_port;
        out.sin6_addr.s6_addr[10] = out.sin6_addr.s6_addr[11] = 0xff;
        memcpy(&out.sin6_addr.s6_addr[12], &v4.sin_addr, 4);
    }
    return out;
}

void sink_place(const struct sink *s, struct place *out, const char *kind,
                const struct sockaddr_in6 *to)
{
    bool v4 = IN6_IS_ADDR_V4MAPPED(&to->sin6_addr);
    uint32_t address;
    struct span name = SPAN_EMPTY;

    out->port = ntohs(to->sin6_port);
    if (v4) {
        memcpy(&address, &to->sin6_addr.s6_addr[12], 4);
        name = dns_pool_name(&s->names, ntohl(address));
        (void)inet_ntop(AF_INET, &to->sin6_addr.s6_addr[12], out->address, sizeof out->address);
    } else {
        (void)inet_ntop(AF_INET6, &to->sin6_addr, out->address, sizeof out->address);
    }
    (void)snprintf(out->text, sizeof out->text, v4 ? "%s %s:%u" : "%s [%s]:%u", kind, out->address,
                   out->port);
    (void)snprintf(out->host, sizeof out->host, "%.*s", (int)name.n, (const char *)name.p);
}

/* ---- sockets listened on ---- */

bool sink_watch(struct sink *s, struct source *source, uint32_t events)
{
    struct epoll_event e = { .events = events, .data.ptr = source };

    return epoll_ctl(s->epoll, EPOLL_CTL_ADD, source->fd, &e) == 0;
}

static bool set(int fd, int level, int option)
{
    int one = 1;

    return setsockopt(fd, level, option, &one, sizeof one) == 0;
}

static bool bind_to(int fd, int family, uint16_t port)
{
    /* port 0, any that is free, is for the loopback alone */
    struct sockaddr_in v4 = { .sin_family = AF_INET,
                              .sin_port = htons(port),
                              .sin_addr.s_addr = htonl(port ? INADDR_ANY : INADDR_LOOPBACK) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

    return family == AF_INET ? bind(fd, (struct sockaddr *)&v4, sizeof v4) == 0
                             : bind(fd, (struct sockaddr *)&v6, sizeof v6) == 0;
}

/* Addresses that no interface has are answered from as well (IPV6_FREEBIND; IPv4 does not ask). */
static int socket_on(int family, enum source_kind kind, uint16_t port)
{
    int type = (kind == SOURCE_TCP ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
    int fd = socket(family, type, 0);

    if (fd == -1)
        return -1;
    if ((kind == SOURCE_TCP && !set(fd, SOL_SOCKET, SO_REUSEADDR)) ||
        (family == AF_INET6 &&
         (!set(fd, IPPROTO_IPV6, IPV6_V6ONLY) || !set(fd, IPPROTO_IPV6, IPV6_FREEBIND) ||
          !set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO))) ||
        (family == AF_INET && !set(fd, IPPROTO_IP, IP_PKTINFO)) || !bind_to(fd, family, port) ||
        (kind == SOURCE_TCP && listen(fd, BACKLOG) != 0)) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

static bool listens(const struct sink *s, enum source_kind kind, uint16_t port)
{
    for (size_t i = 0; i < s->listeners_n; i++)
        if (s->listeners[i]->kind == kind && s->listeners[i]->port == port)
            return true;
    return false;
}

static bool listen_family(struct sink *s, int family, enum source_kind kind, uint16_t port)
{
    struct source *l = s->listeners_n < ARRAY_LEN(s->listeners) ? calloc(1, sizeof *l) : NULL;

    if (!l)
        return false;
    *l = (struct source){ kind, socket_on(family, kind, port), port, 0 };
    if (l->fd != -1 && sink_watch(s, l, EPOLLIN)) {
        s->listeners[s->listeners_n++] = l;
        return true;
    }
    if (l->fd != -1)
        (void)close(l->fd);
    free(l);
    return false;
}

/* A machine without IPv6 is served by IPv4 alone. */
static bool listen_on(struct sink *s, enum source_kind kind, uint16_t port)
{
    bool v4, v6;

    if (listens(s, kind, port))
        return true;
    v4 = listen_family(s, AF_INET, kind, port);
    v6 = listen_family(s, AF_INET6, kind, port);
    return v4 || v6;
}

/* ---- control ---- */

static bool dispatch(struct sink *s, const struct epoll_event *e);

/* Takes what has come meanwhile, until there is nothing more; control apart. */
static void settle(struct sink *s)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    int n, others = 1;

    for (unsigned i = 0; i < SETTLE_ROUNDS && others > 0; i++) {
        n = epoll_wait(s->epoll, events, EVENTS_AT_ONCE, 0);
        others = 0;
        for (int k = 0; k < n; k++) {
            if (events[k].data.ptr == &s->control_source)
                continue;
            (void)dispatch(s, &events[k]);
            others++;
        }
    }
}

static void obey_listen(struct sink *s, enum source_kind kind, uint16_t port)
{
    bool ok = port != 0 && !s->config->loopback && listen_on(s, kind, port);

    sink_tell(s, EVENT_SINK_READY, 0,
              kind == SOURCE_TCP ? SPAN_LITERAL("tcp") : SPAN_LITERAL("udp"), SPAN_EMPTY,
              ok ? port : 0);
}

/* ---- without a network of its own ---- */

static struct source *loopback_listener(const struct sink *s, enum source_kind kind)
{
    for (size_t i = 0; i < s->listeners_n; i++)
        if (s->listeners[i]->kind == kind)
            return s->listeners[i];
    return NULL;
}

/* The ports that peers are sent to are whatever was free. */
static bool listen_loopback(struct sink *s)
{
    for (int i = 0; i < 2; i++) {
        struct sockaddr_in at = { 0 };
        socklen_t n = sizeof at;
        struct source *l;

        s->meant[i] = calloc(UINT16_MAX + 1, sizeof *s->meant[i]);
        if (!s->meant[i] || !listen_family(s, AF_INET, i ? SOURCE_UDP : SOURCE_TCP, 0))
            return false;
        l = s->listeners[s->listeners_n - 1];
        if (getsockname(l->fd, (struct sockaddr *)&at, &n) != 0)
            return false;
        l->port = ntohs(at.sin_port);
    }
    return true;
}

bool sink_meant(const struct sink *s, enum source_kind kind, const struct sockaddr_storage *from,
                struct sockaddr_in6 *out)
{
    struct sockaddr_in v4;

    memcpy(&v4, from, sizeof v4);
    if (v4.sin_family != AF_INET)
        return false;
    *out = s->meant[kind == SOURCE_UDP][ntohs(v4.sin_port)];
    return out->sin6_family == AF_INET6;
}

static uint16_t take_meant(struct sink *s, uint16_t peer, struct span in)
{
    struct sockaddr_in6 to = { .sin6_family = AF_INET6 };
    uint16_t port;
    struct span address;
    struct source *l;
    uint8_t kind;

    if (!s->config->loopback || !take_u8(&in, &kind) || !take_u16le(&in, &port) ||
        !take(&in, sizeof to.sin6_addr, &address) ||
        !(l = loopback_listener(s, kind == 'u' ? SOURCE_UDP : SOURCE_TCP)))
        return 0;
    to.sin6_port = htons(port);
    memcpy(&to.sin6_addr, address.p, address.n);
    if (l->kind == SOURCE_UDP)
        sink_udp_receive(s, l);
    else
        conn_accept(s, l);
    s->meant[l->kind == SOURCE_UDP][peer] = to;
    return l->port;
}

static void obey_meant(struct sink *s, uint16_t peer, struct span in)
{
    sink_tell(s, EVENT_SINK_READY, 0, SPAN_LITERAL("meant"), SPAN_EMPTY, take_meant(s, peer, in));
}

/* What is open is told of in the pass that it began in; and what is still on its way. */
static void obey_pass(struct sink *s, uint16_t pass)
{
    settle(s);
    sink_udp_drops(s);
    (void)sink_udp_flush(s, true);
    conn_end_all(s);
    s->pass = pass;
    sink_tell(s, EVENT_SINK_READY, 0, SPAN_LITERAL("pass"), SPAN_EMPTY, pass);
}

/* False when the other side is gone. */
static bool obey(struct sink *s)
{
    uint8_t message[32], what;
    ssize_t n = recv(s->control, message, sizeof message, MSG_DONTWAIT);
    struct span in = span_of(message, n > 0 ? (size_t)n : 0);
    uint16_t number;

    if (n == 0)
        return false;
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    if (!take_u8(&in, &what) || !take_u16le(&in, &number))
        return true;
    if (what == 't')
        obey_listen(s, SOURCE_TCP, number);
    else if (what == 'u')
        obey_listen(s, SOURCE_UDP, number);
    else if (what == 'm')
        obey_meant(s, number, in);
    else if (what == 'p')
        obey_pass(s, number);
    return true;
}

/* ---- the loop ---- */

static bool dispatch(struct sink *s, const struct epoll_event *e)
{
    struct source *source = e->data.ptr;

    switch (source->kind) {
    case SOURCE_CONTROL:
        return obey(s);
    case SOURCE_TCP:
        conn_accept(s, source);
        break;
    case SOURCE_UDP:
        sink_udp_receive(s, source);
        break;
    case SOURCE_CONN:
        conn_event((struct conn *)source, e->events);
        break;
    }
    return true;
}

/*
 * Control is looked at last in a round: an order ends connections that the round may still
 * hold, and what went out before it is told of before.
 */
static bool serve_round(struct sink *s, int wait_ms)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    int n = epoll_wait(s->epoll, events, EVENTS_AT_ONCE, wait_ms);
    const struct epoll_event *control = NULL;

    for (int i = 0; i < n; i++) {
        if (events[i].data.ptr == &s->control_source)
            control = &events[i];
        else
            (void)dispatch(s, &events[i]);
    }
    return !control || dispatch(s, control);
}

static void serve(struct sink *s)
{
    int wait_ms = -1;

    while (serve_round(s, wait_ms)) {
        bool peers = sink_udp_flush(s, false), conns = conn_tick(s);

        wait_ms = peers || conns ? TICK_MS : -1;
    }
    settle(s);
    (void)sink_udp_flush(s, true);
    conn_end_all(s);
}

/* ---- beginning and end ---- */

/* Every handler and mask of the caller's is undone; writing to who is gone is no reason to die. */
static void reset_signals(void)
{
    sigset_t none;

    for (int sig = 1; sig < NSIG; sig++)
        (void)signal(sig, sig == SIGINT || sig == SIGQUIT || sig == SIGPIPE ? SIG_IGN : SIG_DFL);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* True when all layers hold that must: Landlock may be missing, as seccomp lets no file be opened.
 */
static bool lock(struct sink *s)
{
    struct sandbox_layer layers[SANDBOX_LAYERS];
    unsigned descriptors = s->config->connections_max + 2 * SINK_PORTS_MAX + DESCRIPTORS_SPARE;
    struct sandbox_limits limits = { MEMORY_BYTES, 0, descriptors };
    bool ok = true;

    sandbox_lock_server(layers, s->control, getppid(), &limits);
    s->control = SANDBOX_CHANNEL;
    for (unsigned i = 0; i < SANDBOX_LAYERS; i++) {
        if (layers[i].active || i == SANDBOX_LANDLOCK)
            continue;
        tell_setup(s, sandbox_layer_name((enum sandbox_layer_id)i), layers[i].detail);
        ok = false;
    }
    return ok;
}

/* Makes what takes files or much time, before the lock-down. */
static bool prepare(struct sink *s)
{
    dns_pool_init(&s->names, s->config->token, s->config->host);
    s->search = bait_search_new(s->config->bait);
    s->tls = tls_server_new(s->config->authority);
    if (s->search && s->tls)
        return true;
    tell_setup(s, "memory", "there is none");
    return false;
}

/* epoll is made behind the lock-down: descriptors of before are closed by it. */
static bool open_up(struct sink *s)
{
    s->epoll = epoll_create1(EPOLL_CLOEXEC);
    s->control_source = (struct source){ SOURCE_CONTROL, s->control, 0, 0 };
    if (s->epoll == -1 || !sink_watch(s, &s->control_source, EPOLLIN)) {
        tell_setup(s, "epoll", strerror(errno));
        return false;
    }
    if (s->config->loopback
            ? listen_loopback(s)
            : listen_on(s, SOURCE_UDP, DNS_PORT) && listen_on(s, SOURCE_TCP, DNS_PORT))
        return true;
    tell_setup(s, s->config->loopback ? "loopback" : "port 53", strerror(errno));
    return false;
}

static void close_all(struct sink *s)
{
    for (size_t i = 0; i < s->listeners_n; i++) {
        (void)close(s->listeners[i]->fd);
        free(s->listeners[i]);
    }
    sink_udp_free(s);
    tls_server_free(s->tls);
    bait_search_free(s->search);
    dns_pool_free(&s->names);
    free(s->meant[0]);
    free(s->meant[1]);
    if (s->epoll != -1)
        (void)close(s->epoll);
    (void)close(s->control);
    free(s);
}

void sink_run(const struct sink_config *config, int control)
{
    struct sink *s = calloc(1, sizeof *s);

    if (!s)
        return;
    s->config = config;
    s->control = control;
    s->epoll = -1;
    reset_signals();
    if (prepare(s) && lock(s) && open_up(s))
        serve(s);
    close_all(s);
}
