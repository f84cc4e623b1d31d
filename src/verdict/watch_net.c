/*
 * Judges what went, or was to go, over the network: by where it leads. This machine's own ports
 * and the sockets that the C library asks are innocent; everything beyond is not. See watch.h.
 */
#include "base/compiler.h"
#include "verdict/watch.h"

/* "tcp 192.0.2.1:443", "udp [2001:db8::1]:53", "unix /run/x" in their parts. */
struct peer {
    struct span protocol, host; /* host: a path for "unix" */
    unsigned port;
};

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static unsigned number_of(struct span digits)
{
    unsigned n = 0;

    for (size_t i = 0; i < digits.n && i < 6; i++)
        n = n * 10 + (unsigned)(digits.p[i] - '0') % 10;
    return n;
}

static struct peer peer_of(struct span subject)
{
    struct peer p = { .protocol = SPAN_EMPTY, .host = subject };
    size_t blank = span_find(subject, 0, SPAN_LITERAL(" ")), at;

    if (blank != SIZE_MAX) {
        (void)take(&subject, blank, &p.protocol);
        (void)skip(&subject, 1);
        p.host = subject;
    }
    at = subject.n;
    while (at > 0 && is_digit(subject.p[at - 1]))
        at--;
    if (span_is(p.protocol, "unix") || at == 0 || subject.p[at - 1] != ':')
        return p;
    p.port = number_of(span_from(subject, at));
    p.host.n = at - 1;
    if (p.host.n >= 2 && p.host.p[0] == '[')
        (void)span_sub(p.host, 1, p.host.n - 2, &p.host);
    return p;
}

/* Where clouds hand out the machine's own credentials. */
static bool is_metadata_host(struct span host)
{
    const struct span mapped = SPAN_LITERAL("::ffff:"); /* IPv4 in IPv6 */
    static const char *const hosts[] = {
        "169.254.169.254", /* AWS, Azure, GCP, OpenStack */
        "169.254.170.2",   /* AWS, of a container */
        "169.254.170.23",  /* AWS, of a pod */
        "fd00:ec2::254",
        "100.100.100.200", /* Alibaba */
        "192.0.0.192",     /* Oracle */
        "metadata.google.internal",
        "metadata",
    };

    if (span_starts(host, mapped))
        host = span_from(host, mapped.n);
    for (size_t i = 0; i < ARRAY_LEN(hosts); i++)
        if (span_is(host, hosts[i]))
            return true;
    return false;
}

/* ---- this machine ---- */

/* Where a socket of its own may lie: elsewhere a name that was asked for in vain is not its own. */
static bool is_own_place(struct span path)
{
    static const char *const places[] = { "@", "/tmp/", "/var/tmp/", "/home/", "/dev/shm/" };

    for (size_t i = 0; i < ARRAY_LEN(places); i++)
        if (span_starts(path, span_text(places[i])))
            return true;
    return !span_starts(path, SPAN_LITERAL("/"));
}

static struct ruling judge_unix(const struct watch_case *c, const struct fact *fact,
                                const struct peer *p)
{
    switch (watch_socket_class(p->host)) {
    case SOCKET_INNOCENT:
        return RULING_AT(WCH018, INFO);
    case SOCKET_WORKER:
        return RULING_NOTED(WCH018, LOW, "a display or its sound");
    case SOCKET_POWER:
        return RULING(WCH017);
    case SOCKET_UNKNOWN:
        break;
    }
    if (c->command || (is_own_place(p->host) && case_has(c, MARK_BOUND, fact->subject)))
        return RULING_NOTED(WCH018, INFO, "a socket of its own");
    return RULING_AT(WCH017, MEDIUM);
}

static struct ruling judge_port(const struct peer *p)
{
    return watch_port_class(p->port) == SOCKET_POWER
               ? RULING_NOTED(WCH018, MEDIUM, "what answers there acts for whoever asks")
               : RULING(WCH018);
}

/* ---- calls ---- */

static struct ruling judge_peer(const struct watch_case *c, const struct fact *fact,
                                struct ruling beyond)
{
    struct peer p = peer_of(fact->subject);

    if (fact->flags & NET_UNIX)
        return judge_unix(c, fact, &p);
    if (is_metadata_host(p.host))
        return RULING(WCH015);
    if (fact->flags & NET_DNS)
        return RULING_NONE; /* what is asked there is told by itself */
    if (fact->flags & (NET_LOOPBACK | NET_UNSPECIFIED))
        return judge_port(&p);
    return beyond;
}

static struct ruling judge_connect(const struct watch_case *c, const struct fact *fact)
{
    struct peer p = peer_of(fact->subject);

    if (!(fact->flags & NET_NONE))
        return judge_peer(c, fact, RULING(WCH010));
    if (is_metadata_host(p.host))
        return RULING(WCH015);
    if (fact->flags & (NET_LOOPBACK | NET_DNS | NET_UNSPECIFIED | NET_UNIX) || !p.port)
        return RULING_NONE;
    return RULING(WCH019);
}

/* A port that is not chosen is of use to nobody before it is listened on. */
static struct ruling judge_bind(const struct fact *fact)
{
    struct peer p = peer_of(fact->subject);

    if (fact->flags & NET_UNIX || span_is(p.protocol, "netlink"))
        return RULING_NOTED(WCH018, INFO, "a socket of its own");
    if (fact->flags & NET_LOOPBACK)
        return p.port ? RULING_NOTED(WCH018, LOW, "a port of its own")
                      : RULING_NOTED(WCH018, INFO, "any port, to see whether there is one");
    return p.port ? RULING(WCH016) : RULING_AT(WCH016, LOW);
}

static struct ruling judge_listen(const struct fact *fact)
{
    if (fact->flags & NET_UNIX)
        return RULING_NOTED(WCH018, INFO, "a socket of its own");
    return fact->flags & NET_LOOPBACK ? RULING_NOTED(WCH018, LOW, "a port of its own")
                                      : RULING(WCH016);
}

static struct ruling judge_socket(const struct fact *fact)
{
    struct span s = fact->subject;

    if (span_ends(s, SPAN_LITERAL("protocol 1")) || span_ends(s, SPAN_LITERAL("protocol 58")))
        return RULING_NOTED(WCH020, HIGH, "it is for pings alone");
    if (span_is(s, "netlink 0"))
        return RULING_NOTED(WCH020, INFO, "the C library asks for addresses so");
    if (span_starts(s, SPAN_LITERAL("netlink 15")) || span_starts(s, SPAN_LITERAL("alg")))
        return RULING_AT(WCH020, LOW);
    if (span_starts(s, SPAN_LITERAL("netlink")))
        return RULING(WCH020);
    if (span_starts(s, SPAN_LITERAL("packet")) || span_find(s, 0, SPAN_LITERAL("raw")) != SIZE_MAX)
        return RULING_AT(WCH020, HIGH);
    return RULING(WCH020);
}

/* ---- names ---- */

#define LABEL_LONG  40 /* bytes; names of people's making are shorter */
#define NAME_LONG   100
#define LABELS_MANY 8

/* Whether the labels of a name carry more than a name does. */
static bool carries_data(struct span name)
{
    size_t label = 0, longest = 0, labels = 1;

    for (size_t i = 0; i < name.n; i++) {
        label = name.p[i] == '.' ? 0 : label + 1;
        labels += name.p[i] == '.';
        longest = label > longest ? label : longest;
    }
    return longest >= LABEL_LONG || name.n >= NAME_LONG || labels >= LABELS_MANY;
}

static bool is_own_name(struct span name)
{
    return span_is(name, "localhost") || span_ends(name, SPAN_LITERAL(".localhost")) ||
           span_ends(name, SPAN_LITERAL(".127.in-addr.arpa")) ||
           span_is(name, "localhost.localdomain");
}

static struct ruling judge_lookup(const struct fact *fact)
{
    struct span name = fact->subject;

    if (name.n && name.p[name.n - 1] == '.')
        name.n--;
    if (is_own_name(name))
        return RULING_AT(WCH012, INFO);
    if (is_metadata_host(name))
        return RULING(WCH015);
    if (span_ends(name, SPAN_LITERAL(".arpa")))
        return RULING(WCH012); /* an address written backwards, of many labels */
    return carries_data(name) ? RULING(WCH014) : RULING(WCH012);
}

/* "https://user@host:443/x": the host. */
static struct span host_of_url(struct span url)
{
    size_t at = span_find(url, 0, SPAN_LITERAL("://")), end = 0;
    struct span rest = at == SIZE_MAX ? url : span_from(url, at + 3), host;

    while (end < rest.n && !strchr("/?#", rest.p[end]))
        end++;
    (void)take(&rest, end, &host);
    while ((at = span_find(host, 0, SPAN_LITERAL("@"))) != SIZE_MAX)
        host = span_from(host, at + 1);
    end = host.n;
    while (end > 0 && host.p[end - 1] != ':' && host.p[end - 1] != ']')
        end--;
    if (end > 0 && host.p[end - 1] == ':')
        host.n = end - 1;
    if (host.n >= 2 && host.p[0] == '[')
        (void)span_sub(host, 1, host.n - 2, &host);
    return host;
}

static bool is_loopback_host(struct span host)
{
    return is_own_name(host) || span_is(host, "::1") || span_starts(host, SPAN_LITERAL("127."));
}

static struct ruling judge_request(const struct fact *fact)
{
    struct span host = host_of_url(fact->subject);

    if (is_metadata_host(host))
        return RULING(WCH015);
    return is_loopback_host(host) ? RULING(WCH018) : RULING(WCH013);
}

/* ---- what the other end saw ---- */

/* A connection that came in: said already where its call was seen. */
static struct ruling judge_accepted(const struct watch_case *c, const struct fact *fact)
{
    return case_has(c, MARK_CONNECTED, fact->subject) ? RULING_NONE
                                                      : judge_peer(c, fact, RULING(WCH010));
}

struct ruling watch_net(const struct watch_case *c, const struct fact *fact)
{
    switch (fact->kind) {
    case FACT_WATCH_CONNECT:
        return judge_connect(c, fact);
    case FACT_WATCH_SEND:
    case FACT_WATCH_SENT:
        return judge_peer(c, fact, RULING(WCH011));
    case FACT_WATCH_BIND:
        return judge_bind(fact);
    case FACT_WATCH_LISTEN:
        return judge_listen(fact);
    case FACT_WATCH_SOCKET:
        return judge_socket(fact);
    case FACT_WATCH_LOOKUP:
        return judge_lookup(fact);
    case FACT_WATCH_REQUEST:
        return judge_request(fact);
    case FACT_WATCH_ACCEPTED:
        return judge_accepted(c, fact);
    default: /* ANSWER: what was asked is told by the request */
        return RULING_NONE;
    }
}
