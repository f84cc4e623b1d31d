/*
 * TLS, as a server of every name: a certificate is made for the name that is asked for,
 * signed by the sink's authority. Bytes go in and out by memory; nothing here touches a
 * descriptor, nor a file once tls_server_new() is done.
 */
#ifndef PRATIQUE_WATCH_TLS_H
#define PRATIQUE_WATCH_TLS_H

#include "base/buf.h"
#include "input/span.h"
#include "watch/sink.h"

struct tls_server; /* key, cached certificates */
struct tls;        /* one connection */

#define TLS_NAME_MAX 253

/* NULL: no memory, or libssl fails. authority is borrowed. */
struct tls_server *tls_server_new(const struct sink_authority *authority) NONNULL MUST_CHECK;
void tls_server_free(struct tls_server *s); /* NULL is allowed */

/* address ("192.0.2.1") is named in the certificate of a peer that names nothing. Copied. */
struct tls *tls_new(struct tls_server *s, const char *address) NONNULL MUST_CHECK;
void tls_free(struct tls *t); /* NULL is allowed */

enum tls_state {
    TLS_SHAKING, /* more bytes are needed */
    TLS_OPEN,
    TLS_CLOSED,    /* the peer said so */
    TLS_UNTRUSTED, /* it did not like the certificate, and left */
    TLS_BROKEN     /* anything else went wrong */
};

/*
 * Takes what came (all of it), appends what is decrypted to plain and what is to be sent
 * to out. over: nothing more will come.
 */
enum tls_state tls_feed(struct tls *t, struct span came, bool over, struct buf *plain,
                        struct buf *out) NONNULL MUST_CHECK;

/* Encrypts bytes and appends what is to be sent to out. */
bool tls_write(struct tls *t, struct span bytes, struct buf *out) NONNULL MUST_CHECK;
/* Appends the closing alert. */
void tls_close(struct tls *t, struct buf *out) NONNULL;

/* The name asked for, or the address; lives as long as t. */
struct span tls_name(const struct tls *t) NONNULL;

/* Whether a stream that starts so is TLS: 1; 0: too early to tell; -1: no. */
int tls_looks_so(struct span in);

#endif
