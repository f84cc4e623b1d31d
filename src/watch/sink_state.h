/* What the parts of the sink share: sink.c, sink_udp.c, sink_conn.c, sink_http.c. */
#ifndef PRATIQUE_WATCH_SINK_STATE_H
#define PRATIQUE_WATCH_SINK_STATE_H

#include <netinet/in.h>

#include "base/buf.h"
#include "watch/canary.h"
#include "watch/dns.h"
#include "watch/http.h"
#include "watch/sink.h"
#include "watch/tls.h"

#define SINK_PORTS_MAX   512 /* listened on, TCP and UDP together */
#define SINK_PEERS_MAX   64  /* of UDP, told of when they fall silent */
#define SINK_DOMAINS_MAX 32  /* whose lookups are read as one stream each */
#define SINK_FIRST_MAX   160 /* of what went out, told */
#define SINK_PLACE_MAX   64  /* "tcp [2001:db8::1]:443" */

/* What epoll hands back. */
enum source_kind { SOURCE_CONTROL, SOURCE_TCP, SOURCE_UDP, SOURCE_CONN };

struct source {
    enum source_kind kind;
    int fd;
    uint16_t port;  /* listened on */
    uint32_t drops; /* datagrams that came faster than they could be read, as told so far */
};

/* Where a peer meant to go. */
struct place {
    char text[SINK_PLACE_MAX];      /* "tcp 192.0.2.1:443" */
    char address[INET6_ADDRSTRLEN]; /* "192.0.2.1" */
    char host[DNS_NAME_MAX + 1];    /* the name that was looked up, "" without one */
    uint16_t port;
};

/* The beginning of what went out, made printable. */
struct first {
    char text[SINK_FIRST_MAX];
    size_t n;
};

struct udp_peer {
    bool used;
    struct sockaddr_in6 from, to; /* IPv4 as ::ffff:a.b.c.d */
    struct place place;
    struct bait_stream *stream;
    struct first first;
    uint64_t bytes, last_us;
};

/* Lookups below one domain, read as one stream. */
struct domain {
    char name[DNS_NAME_MAX + 1], last[DNS_NAME_MAX + 1];
    struct bait_stream *stream;
};

struct sink {
    const struct sink_config *config;
    int control, epoll;
    uint32_t pass;
    struct source control_source;
    struct source *listeners[2 * SINK_PORTS_MAX]; /* one for each family */
    size_t listeners_n;
    struct conn *conns;
    uint32_t conns_n;
    bool crowded; /* no descriptor was left for one more */
    struct dns_pool names;
    struct tls_server *tls;
    struct bait_search *search;
    struct udp_peer peers[SINK_PEERS_MAX];
    struct domain domains[SINK_DOMAINS_MAX];
    size_t domains_next;
    struct sockaddr_in6 *meant[2]; /* TCP, UDP: by a peer's port; NULL unless config->loopback */
};

/* ---- sink.c ---- */

void sink_tell(struct sink *s, enum event_kind kind, uint32_t flags, struct span subject,
               struct span detail, uint64_t number) NONNULL;
/* Fills place out of a socket's own address; kind is "tcp" or "udp". */
void sink_place(const struct sink *s, struct place *out, const char *kind,
                const struct sockaddr_in6 *to) NONNULL;
/* Any address as one of IPv6. */
struct sockaddr_in6 sink_address6(const struct sockaddr_storage *from) NONNULL;
bool sink_watch(struct sink *s, struct source *source, uint32_t events) NONNULL;
/* Where the peer at from (127.0.0.1) means to go, as it was told; false: it is nobody's. */
bool sink_meant(const struct sink *s, enum source_kind kind, const struct sockaddr_storage *from,
                struct sockaddr_in6 *out) NONNULL;

void sink_first_add(struct first *f, struct span bytes) NONNULL;

/* Feeds what went out; where says what of: "the body of POST https://...", "tcp 1.2.3.4:4444". */
void sink_search(struct sink *s, struct bait_stream *stream, struct span bytes,
                 const char *where) NONNULL;

/* ---- sink_udp.c ---- */

void sink_udp_receive(struct sink *s, const struct source *source) NONNULL;
/* Tells of peers that have been silent, or of all. True while some are left. */
bool sink_udp_flush(struct sink *s, bool all) NONNULL;
void sink_udp_free(struct sink *s) NONNULL;
/* Tells of datagrams that were lost for want of room. */
void sink_udp_drops(struct sink *s) NONNULL;
/* Tells of a query and writes the answer; its bytes, 0: no query. to: where it was sent. */
size_t sink_lookup(struct sink *s, struct span query, const struct place *to,
                   uint8_t out[DNS_ANSWER_MAX]) NONNULL;

/* ---- sink_conn.c ---- */

enum conn_state { CONN_PEEK, CONN_DNS, CONN_HTTP, CONN_RAW, CONN_CLOSING };

struct conn {
    struct source source;
    struct sink *sink;
    struct conn *next, *before;
    struct place place;
    enum conn_state state;
    bool over;        /* the peer sends no more */
    bool asked;       /* a request was made */
    bool greeted;     /* a banner was sent */
    bool offered;     /* orders were sent */
    uint32_t events;  /* waited for */
    uint64_t last_us; /* something came */
    uint64_t taken;   /* bytes that came */
    struct tls *tls;  /* NULL: in clear */
    bool tls_open;
    struct buf plain, out; /* to be read; to be sent from: */
    size_t sent;
    struct request *request; /* the one at hand, or NULL */
    struct bait_stream *stream;
    struct first first;
    uint64_t raw_bytes;
    struct dialog *dialog; /* what is said line by line, or NULL */
};

void conn_accept(struct sink *s, const struct source *source) NONNULL;
void conn_event(struct conn *c, uint32_t events) NONNULL;
/* What time brings: banners, and the end of the idle. True while there are connections. */
bool conn_tick(struct sink *s) NONNULL;
/* Tells of what is still open, and ends it. */
void conn_end_all(struct sink *s) NONNULL;

/* Sends, encrypted where the connection is. */
void conn_send(struct conn *c, struct span bytes) NONNULL;
/* Drops n bytes from the front of what is to be read. */
void conn_consume(struct conn *c, size_t n) NONNULL;
uint32_t conn_flags(const struct conn *c) NONNULL;

/* ---- sink_dialog.c ---- */

/* Speaks first where servers do: true when something was said, and lines are answered now. */
bool dialog_begin(struct conn *c) NONNULL;
/* Answers what the client says; bytes are what came. */
void dialog_go_on(struct conn *c, struct span bytes) NONNULL;
void dialog_free(struct dialog *d); /* NULL is allowed */

/* ---- sink_http.c ---- */

/* Reads requests out of c->plain and answers them, as far as they go. */
void conn_http(struct conn *c) NONNULL;
/* Tells of a request that will not be whole any more. */
void conn_http_end(struct conn *c) NONNULL;

#endif
