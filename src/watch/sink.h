/*
 * The sink: the whole Internet, as far as the watched can tell. It runs in the watched
 * network namespace, outside of their pid namespace, locked down before the first byte:
 * DNS, TCP and UDP on every address and on every port that is asked for, HTTP, HTTPS.
 * It answers with harmless canaries, and tells what went out.
 *
 * Every address is local (AnyIP), so a socket's own address says where the peer meant to go.
 * Where there is no network of its own (config->loopback), it listens on 127.0.0.1 alone, and
 * is told for each port of a peer where that one means to go.
 */
#ifndef PRATIQUE_WATCH_SINK_H
#define PRATIQUE_WATCH_SINK_H

#include "watch/bait.h"
#include "watch/event.h"

/* A throw-away certificate authority. */
struct sink_authority; /* owns an EVP_PKEY and an X509 */
/* NULL without memory or when libcrypto fails. Its names are plausible; valid for days around now.
 */
struct sink_authority *sink_authority_new(void) MUST_CHECK;
void sink_authority_free(struct sink_authority *a); /* NULL is allowed */
/* Its certificate as PEM, owned by it. */
struct span sink_authority_pem(const struct sink_authority *a) NONNULL;

/* What is handed out, by kind. The bytes are borrowed, or static. */
enum canary_kind {
    CANARY_SCRIPT, /* sh and Python in one: what curl | sh, exec(requests.get().text) take */
    CANARY_PYTHON, /* Python alone */
    CANARY_ZIP,    /* with __main__.py (a zipapp) and every name that a guess gives */
    CANARY_WHEEL,  /* for the name in the URL */
    CANARY_TAR_GZ,
    CANARY_NATIVE, /* a shared object of this machine, see hook.c */
    CANARY_PICKLE,
    CANARY_JSON,
    CANARY_TEXT,
    CANARY_KINDS
};

#define CANARY_TOKEN_N 24 /* hex digits */

struct sink_config {
    const struct bait *bait;
    const struct sink_authority *authority;
    const char
        *token; /* CANARY_TOKEN_N: running a canary opens "/CANARY-<token>-<kind>" for writing */
    struct span native; /* the shared object, its token filled in */
    bool
        answers; /* false: connections are taken, and closed without an answer; DNS says NXDOMAIN */
    bool loopback;      /* it shares its network with the machine */
    const char *host;   /* this machine's own name: looked up without being told */
    uint64_t begun_us;  /* CLOCK_MONOTONIC at time 0 of the events */
    uint32_t bytes_max; /* taken from one connection */
    uint32_t connections_max;
};

/*
 * Serves until control (SOCK_SEQPACKET) is closed by the other side, or shut down for writing;
 * then tells of what is still open, and returns. Each message the other way is one event
 * (event.h): LOOKUP, ACCEPTED, REQUEST, ANSWER, SENT, HONEY_SENT, SINK_READY in answer to a
 * request, and SETUP where it cannot do its work: then it returns at once. To it, three bytes
 * each: 't' or 'u', port (u16, little-endian): listen there, on IPv4 and IPv6; SINK_READY
 * follows (number: port, or 0 when it cannot). Port 53 (both) is there from the start. 'p',
 * pass (u16): what came and what is open is told of and ended, later events carry the new
 * pass; SINK_READY follows (subject "pass").
 *
 * With config->loopback 't' and 'u' are nothing that it does, and a peer that it was not told
 * of is nobody: 'm', the peer's port (u16), 't' or 'u', the port (u16) and the address (16
 * bytes of IPv6; IPv4 as ::ffff:a.b.c.d) that are meant. SINK_READY follows, number: the port
 * to go to, or 0. Datagrams that came before belong to what was meant before.
 *
 * What goes out by UDP is told once its peer has been silent for a fifth of a second. A lookup
 * of a server that is neither on loopback nor in a private network is told with its address.
 * A name and the address that it gets are of the token alone: see dns.h.
 *
 * Call in the process that is to be the sink, single-threaded; it locks itself down, and dies
 * with its parent. Nothing that was written to control is lost: it waits where the reader is slow.
 */
void sink_run(const struct sink_config *config, int control) NONNULL;

/*
 * The canary of a kind for a URL's last part ("transformers.pyz"), new bytes in the arena;
 * empty without memory.
 */
struct span canary_make(struct arena *arena, enum canary_kind kind, const char *name,
                        const struct sink_config *config) NONNULL;

/* What somebody who asks for this path most likely wants; CANARY_KINDS: nothing (a digest, a
 * signature, a list of them: answered "not found", so that a check cannot be made). */
enum canary_kind canary_for(struct span method, struct span host, struct span path,
                            struct span accept, struct span user_agent);

#endif
