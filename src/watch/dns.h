/*
 * DNS (RFC 1035) as far as a server of every name needs it: queries of one question, and
 * answers made up, stable for one watch. Pure: bytes in, bytes out.
 */
#ifndef PRATIQUE_WATCH_DNS_H
#define PRATIQUE_WATCH_DNS_H

#include "base/arena.h"
#include "input/span.h"

#define DNS_NAME_MAX   255
#define DNS_ANSWER_MAX 1024

enum dns_type {
    DNS_A = 1,
    DNS_NS = 2,
    DNS_CNAME = 5,
    DNS_SOA = 6,
    DNS_PTR = 12,
    DNS_MX = 15,
    DNS_TXT = 16,
    DNS_AAAA = 28,
    DNS_SRV = 33,
    DNS_SVCB = 64,
    DNS_HTTPS = 65,
    DNS_ANY = 255
};

struct dns_query {
    uint16_t id, flags, type;
    char name[DNS_NAME_MAX + 1]; /* labels joined by dots, in lower case; "" is the root */
    size_t name_n;
    char labels[DNS_NAME_MAX + 1]; /* as sent, without the dots and without the domain */
    size_t labels_n;
    struct span question; /* borrowed: name, type and class as they came */
};

/* False when it is no query of exactly one question; then *q is not to be used. */
bool dns_parse(struct span in, struct dns_query *q) NONNULL MUST_CHECK;

/* "A"; a static string, or in room ("TYPE99"). */
const char *dns_type_name(uint16_t type, char room[16]) NONNULL;

/*
 * Names and the addresses they were given, each its own. The same key and the same names in
 * the same order give the same addresses. An address looks public.
 */
struct dns_name {
    struct dns_name *next; /* of the same hash */
    uint32_t address;      /* host order */
    size_t n;
    char text[];
};

#define DNS_BUCKETS   256
#define DNS_NAMES_MAX 4096 /* past it names share addresses, and are not kept */

struct dns_pool {
    struct arena arena; /* owns the names */
    const char *key, *host;
    struct dns_name *by_address[DNS_BUCKETS];
    size_t n;
};

/* key and host (this machine's own name) are borrowed. */
void dns_pool_init(struct dns_pool *p, const char *key, const char *host) NONNULL;
void dns_pool_free(struct dns_pool *p) NONNULL;

/* The address of a name, given now if it had none. */
uint32_t dns_pool_address(struct dns_pool *p, struct span name) NONNULL;
/* Whose address it is; empty: nobody's. Lives as long as the pool. */
struct span dns_pool_name(const struct dns_pool *p, uint32_t address) NONNULL;

/* The machine asks for itself: for "localhost", its own name, or what these lead back to. */
bool dns_is_own(const struct dns_pool *p, const struct dns_query *q) NONNULL;

/* Writes the answer; returns its bytes. answers false: there is no such name. */
size_t dns_answer(struct dns_pool *p, const struct dns_query *q, bool answers,
                  uint8_t out[DNS_ANSWER_MAX]) NONNULL;

#endif
