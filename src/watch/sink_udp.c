/* See sink_state.h: datagrams. Every answer leaves from the address that was asked. */
#include <arpa/inet.h>
#include <linux/sock_diag.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/budget.h"
#include "watch/sink_state.h"

#define DATAGRAM_MAX 65536u
#define AT_ONCE      64 /* datagrams, before others have their turn */
#define SILENT_US    (200u * 1000)
#define DNS_PORT     53
#define NTP_PORT     123
#define NTP_BYTES    48
#define NTP_TO_UNIX  2208988800u /* RFC 5905: seconds from 1900 to 1970 */

/* ---- lookups ---- */

/* The last two labels: "evil.example" of "a.b.evil.example". */
static struct span domain_of(struct span name)
{
    size_t dots = 0;

    for (size_t i = name.n; i > 0; i--)
        if (name.p[i - 1] == '.' && ++dots == 2)
            return span_from(name, i);
    return name;
}

static struct domain *find_domain(struct sink *s, struct span name)
{
    struct domain *d;

    for (size_t i = 0; i < SINK_DOMAINS_MAX; i++)
        if (s->domains[i].stream && span_is(name, s->domains[i].name))
            return &s->domains[i];
    d = &s->domains[s->domains_next++ % SINK_DOMAINS_MAX];
    bait_stream_free(d->stream);
    memset(d, 0, sizeof *d);
    d->stream = bait_stream_new(s->search);
    memcpy(d->name, name.p, name.n);
    return d->stream ? d : NULL;
}

/* Labels carry secrets out, split over as many lookups as it takes; a repeated one adds nothing. */
static void search_labels(struct sink *s, const struct dns_query *q)
{
    struct domain *d = q->labels_n ? find_domain(s, domain_of(span_of(q->name, q->name_n))) : NULL;
    char where[DNS_NAME_MAX + 32];

    if (!d || strcmp(d->last, q->name) == 0)
        return;
    memcpy(d->last, q->name, sizeof d->last);
    (void)snprintf(where, sizeof where, "the lookup of %s", q->name);
    sink_search(s, d->stream, span_of(q->labels, q->labels_n), where);
}

/* The resolver that a machine is told of is near; another one was chosen by the program. */
static bool is_near(const char *address)
{
    struct in_addr a;
    uint32_t n;

    if (inet_pton(AF_INET, address, &a) != 1)
        return strcmp(address, "::1") == 0;
    n = ntohl(a.s_addr);
    return n >> 24 == 127 || n >> 24 == 10 || n >> 16 == 0xc0a8 || n >> 20 == 0xac1;
}

static void tell_lookup(struct sink *s, const struct dns_query *q, const struct place *to,
                        size_t bytes)
{
    char room[16], detail[SINK_PLACE_MAX + 32];
    const char *type = dns_type_name(q->type, room);

    (void)snprintf(detail, sizeof detail, is_near(to->address) ? "%s" : "%s, of %s", type,
                   to->address);
    sink_tell(s, EVENT_LOOKUP, 0, span_of(q->name, q->name_n), span_text(detail), bytes);
}

size_t sink_lookup(struct sink *s, struct span query, const struct place *to,
                   uint8_t out[DNS_ANSWER_MAX])
{
    struct dns_query q;

    if (!dns_parse(query, &q))
        return 0;
    if (!dns_is_own(&s->names, &q)) {
        tell_lookup(s, &q, to, query.n);
        search_labels(s, &q);
    }
    return dns_answer(&s->names, &q, s->config->answers, out);
}

/* ---- other datagrams ---- */

static bool same_address(const struct sockaddr_in6 *a, const struct sockaddr_in6 *b)
{
    return a->sin6_port == b->sin6_port &&
           memcmp(&a->sin6_addr, &b->sin6_addr, sizeof a->sin6_addr) == 0;
}

static void tell_peer(struct sink *s, struct udp_peer *p)
{
    sink_tell(s, EVENT_SENT, 0, span_text(p->place.text), span_of(p->first.text, p->first.n),
              p->bytes);
    bait_stream_free(p->stream);
    memset(p, 0, sizeof *p);
}

bool sink_udp_flush(struct sink *s, bool all)
{
    uint64_t now = budget_now_us();
    bool left = false;

    for (size_t i = 0; i < SINK_PEERS_MAX; i++) {
        struct udp_peer *p = &s->peers[i];

        if (p->used && (all || now - p->last_us > SILENT_US))
            tell_peer(s, p);
        left = left || p->used;
    }
    return left;
}

/* What the kernel has thrown away may have been anything: who floods is told of. */
static void tell_drops(struct sink *s, struct source *l)
{
    uint32_t info[SK_MEMINFO_VARS] = { 0 };
    socklen_t n = sizeof info;

    if (getsockopt(l->fd, SOL_SOCKET, SO_MEMINFO, info, &n) != 0 ||
        info[SK_MEMINFO_DROPS] == l->drops)
        return;
    sink_tell(s, EVENT_LIMIT, 0, SPAN_LITERAL("datagrams"), SPAN_LITERAL("more than could be read"),
              info[SK_MEMINFO_DROPS] - l->drops);
    l->drops = info[SK_MEMINFO_DROPS];
}

void sink_udp_drops(struct sink *s)
{
    for (size_t i = 0; i < s->listeners_n; i++)
        if (s->listeners[i]->kind == SOURCE_UDP)
            tell_drops(s, s->listeners[i]);
}

void sink_udp_free(struct sink *s)
{
    for (size_t i = 0; i < SINK_PEERS_MAX; i++)
        bait_stream_free(s->peers[i].stream);
    for (size_t i = 0; i < SINK_DOMAINS_MAX; i++)
        bait_stream_free(s->domains[i].stream);
}

/* Where there is no room, the one that has been silent the longest is told of. */
static struct udp_peer *find_peer(struct sink *s, const struct sockaddr_in6 *from,
                                  const struct sockaddr_in6 *to)
{
    struct udp_peer *free_one = NULL, *oldest = &s->peers[0];

    for (size_t i = 0; i < SINK_PEERS_MAX; i++) {
        struct udp_peer *p = &s->peers[i];

        if (p->used && same_address(&p->from, from) && same_address(&p->to, to))
            return p;
        if (!p->used)
            free_one = p;
        else if (p->last_us < oldest->last_us)
            oldest = p;
    }
    if (!free_one) {
        tell_peer(s, oldest);
        free_one = oldest;
    }
    *free_one = (struct udp_peer){ .used = true, .from = *from, .to = *to };
    free_one->stream = bait_stream_new(s->search);
    sink_place(s, &free_one->place, "udp", to);
    return free_one;
}

static void note_datagram(struct sink *s, const struct sockaddr_in6 *from,
                          const struct sockaddr_in6 *to, struct span bytes)
{
    struct udp_peer *p = find_peer(s, from, to);

    p->bytes += bytes.n;
    p->last_us = budget_now_us();
    sink_first_add(&p->first, bytes);
    if (p->stream)
        sink_search(s, p->stream, bytes, p->place.text);
}

static void put_time(uint8_t *to, const struct timespec *t)
{
    uint64_t v =
        ((uint64_t)t->tv_sec + NTP_TO_UNIX) << 32 | (uint64_t)((double)t->tv_nsec * 4.294967296);

    for (unsigned i = 0; i < 8; i++)
        to[i] = (uint8_t)(v >> (56 - 8 * i));
}

/* RFC 5905, figure 8: of a server of stratum 2 that has just been set. */
static size_t answer_ntp(struct span in, uint8_t *out)
{
    struct timespec now;

    if (in.n != NTP_BYTES || (in.p[0] & 7) != 3)
        return 0;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    memset(out, 0, NTP_BYTES);
    out[0] = (uint8_t)((in.p[0] & 0x38) | 4); /* their version, mode: server */
    out[1] = 2;
    out[2] = in.p[2];
    out[3] = 0xe9;
    out[6] = 0x02, out[10] = 0x01;
    memcpy(out + 12, "\x0a\x00\x00\x01", 4);
    put_time(out + 16, &now);
    memcpy(out + 24, in.p + 40, 8);
    put_time(out + 32, &now);
    put_time(out + 40, &now);
    return NTP_BYTES;
}

/* ---- the socket ---- */

union control {
    char room[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(struct in_pktinfo))];
    struct cmsghdr align;
};

/* The address that a datagram was sent to; false without it. */
static bool destination(struct msghdr *m, uint16_t port, struct sockaddr_in6 *out)
{
    *out = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = htons(port) };
    for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;

            memcpy(&info, CMSG_DATA(c), sizeof info);
            out->sin6_addr = info.ipi6_addr;
            return true;
        }
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;

            memcpy(&info, CMSG_DATA(c), sizeof info);
            out->sin6_addr.s6_addr[10] = out->sin6_addr.s6_addr[11] = 0xff;
            memcpy(&out->sin6_addr.s6_addr[12], &info.ipi_addr, 4);
            return true;
        }
    }
    return false;
}

static void add_control(struct msghdr *m, int level, int type, const void *data, size_t n)
{
    struct cmsghdr *c;

    m->msg_controllen = CMSG_SPACE(n);
    c = CMSG_FIRSTHDR(m);
    c->cmsg_level = level;
    c->cmsg_type = type;
    c->cmsg_len = CMSG_LEN(n);
    memcpy(CMSG_DATA(c), data, n);
}

/* Sends to a peer, from the address that it had written to. */
static void reply(const struct sink *s, int fd, struct sockaddr_storage *to, socklen_t to_n,
                  const struct sockaddr_in6 *from, const uint8_t *p, size_t n)
{
    union control control = { .room = "" };
    struct iovec part = { (void *)p, n };
    struct msghdr m = { .msg_name = to,
                        .msg_namelen = to_n,
                        .msg_iov = &part,
                        .msg_iovlen = 1,
                        .msg_control = &control,
                        .msg_controllen = sizeof control };
    struct in_pktinfo v4 = { 0 };
    struct in6_pktinfo v6 = { .ipi6_addr = from->sin6_addr };

    if (s->config->loopback) { /* the peer went to where this socket is */
        m.msg_control = NULL;
        m.msg_controllen = 0;
    } else if (to->ss_family == AF_INET) {
        memcpy(&v4.ipi_spec_dst, &from->sin6_addr.s6_addr[12], 4);
        add_control(&m, IPPROTO_IP, IP_PKTINFO, &v4, sizeof v4);
    } else {
        add_control(&m, IPPROTO_IPV6, IPV6_PKTINFO, &v6, sizeof v6);
    }
    (void)sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* What is said to a datagram: its bytes in out, 0 for nothing. */
static size_t answer(struct sink *s, const struct sockaddr_in6 *from, const struct sockaddr_in6 *to,
                     struct span bytes, uint8_t out[DNS_ANSWER_MAX])
{
    uint16_t port = ntohs(to->sin6_port);
    struct place place;
    size_t n;

    sink_place(s, &place, "udp", to);
    if (port == DNS_PORT && (n = sink_lookup(s, bytes, &place, out)) > 0)
        return n;
    note_datagram(s, from, to, bytes);
    return port == NTP_PORT && s->config->answers ? answer_ntp(bytes, out) : 0;
}

static bool receive_one(struct sink *s, const struct source *source)
{
    static uint8_t bytes[DATAGRAM_MAX];
    uint8_t out[DNS_ANSWER_MAX];
    struct sockaddr_storage name = { 0 };
    union control control;
    struct iovec part = { bytes, sizeof bytes };
    struct msghdr m = { .msg_name = &name,
                        .msg_namelen = sizeof name,
                        .msg_iov = &part,
                        .msg_iovlen = 1,
                        .msg_control = &control,
                        .msg_controllen = sizeof control };
    ssize_t got = recvmsg(source->fd, &m, MSG_DONTWAIT);
    struct sockaddr_in6 from, to;
    size_t n;

    if (got < 0)
        return false;
    from = sink_address6(&name);
    if (s->config->loopback ? !sink_meant(s, SOURCE_UDP, &name, &to)
                            : !destination(&m, source->port, &to))
        return true;
    n = answer(s, &from, &to, span_of(bytes, (size_t)got), out);
    if (n > 0)
        reply(s, source->fd, &name, m.msg_namelen, &to, out, n);
    return true;
}

void sink_udp_receive(struct sink *s, const struct source *source)
{
    for (unsigned i = 0; i < AT_ONCE && receive_one(s, source); i++)
        ;
}
