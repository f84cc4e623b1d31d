/*
 * See tls.h and sink.h (the authority). TLS 1.2 and 1.3 by libssl, X.509 (RFC 5280) by
 * libcrypto, ECDSA with P-256. HTTP/1.1 is all that is agreed to by ALPN.
 */
#include "watch/tls.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#define DAY             (24L * 60 * 60)
#define DAYS_BEFORE     90
#define DAYS_AFTER      600 /* more than the clocks of the world can be moved: drift.c */
#define LEAF_BEFORE     20
#define LEAF_AFTER      480
#define CACHE_N         64
#define READ_STEP       (16u * 1024)
#define ORGANIZATION    "Meridian Trust Services"
#define AUTHORITY_TITLE "Meridian Trust Root R2"

struct sink_authority {
    EVP_PKEY *key;
    X509 *cert;
    BIO *pem;
};

/* ---- certificates ---- */

/*
 * No configuration is read, no module loaded: nothing of the machine changes what we do. Names
 * of algorithms and texts of errors are not needed; leaving them out saves most of the time.
 */
static void libraries_init(void)
{
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT |
                                  OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS |
                                  OPENSSL_INIT_NO_ADD_ALL_CIPHERS,
                              NULL);
    (void)OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT |
                               OPENSSL_INIT_NO_LOAD_SSL_STRINGS,
                           NULL);
}

static bool set_serial(X509 *x)
{
    unsigned char bytes[16];
    BIGNUM *n;
    bool ok;

    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    bytes[0] = (unsigned char)((bytes[0] & 0x7f) | 0x40); /* positive, of full length */
    n = BN_bin2bn(bytes, sizeof bytes, NULL);
    ok = n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x));
    BN_free(n);
    return ok;
}

static bool add_text(X509_NAME *name, const char *field, const char *text)
{
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, (const unsigned char *)text, -1,
                                      -1, 0) == 1;
}

static bool add_extension(X509 *x, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509_EXTENSION *e;
    bool ok;

    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
    e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    ok = e && X509_add_ext(x, e, -1) == 1;
    X509_EXTENSION_free(e);
    return ok;
}

/* An X.509 of version 3 for key, without names, extensions or signature. */
static X509 *blank_new(EVP_PKEY *key, long days_before, long days_after)
{
    X509 *x = X509_new();

    if (x && X509_set_version(x, X509_VERSION_3) && set_serial(x) &&
        X509_gmtime_adj(X509_getm_notBefore(x), -days_before * DAY) &&
        X509_gmtime_adj(X509_getm_notAfter(x), days_after * DAY) && X509_set_pubkey(x, key))
        return x;
    X509_free(x);
    return NULL;
}

static X509 *root_new(EVP_PKEY *key)
{
    X509 *x = blank_new(key, DAYS_BEFORE, DAYS_AFTER);
    X509_NAME *name = x ? X509_get_subject_name(x) : NULL;

    if (name && add_text(name, "C", "US") && add_text(name, "O", ORGANIZATION) &&
        add_text(name, "CN", AUTHORITY_TITLE) && X509_set_issuer_name(x, name) &&
        add_extension(x, x, NID_basic_constraints, "critical,CA:TRUE") &&
        add_extension(x, x, NID_key_usage, "critical,keyCertSign,cRLSign") &&
        add_extension(x, x, NID_subject_key_identifier, "hash") &&
        X509_sign(x, key, EVP_sha256()) > 0)
        return x;
    X509_free(x);
    return NULL;
}

struct sink_authority *sink_authority_new(void)
{
    struct sink_authority *a;

    libraries_init();
    a = OPENSSL_zalloc(sizeof *a);
    if (!a)
        return NULL;
    a->key = EVP_EC_gen("P-256");
    a->cert = a->key ? root_new(a->key) : NULL;
    a->pem = a->cert ? BIO_new(BIO_s_mem()) : NULL;
    if (a->pem && PEM_write_bio_X509(a->pem, a->cert) == 1)
        return a;
    sink_authority_free(a);
    return NULL;
}

void sink_authority_free(struct sink_authority *a)
{
    if (!a)
        return;
    BIO_free(a->pem);
    X509_free(a->cert);
    EVP_PKEY_free(a->key);
    OPENSSL_free(a);
}

struct span sink_authority_pem(const struct sink_authority *a)
{
    char *p = NULL;
    long n = BIO_get_mem_data(a->pem, &p);

    return n > 0 ? span_of(p, (size_t)n) : SPAN_EMPTY;
}

/* Whether a name can stand in a certificate as it is: no separator of the extension's syntax. */
static bool is_plain_name(const char *name)
{
    for (const char *c = name; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
              *c == '.' || *c == '-' || *c == '_' || *c == ':' || *c == '*'))
            return false;
    return *name != '\0';
}

static bool is_address(const char *name)
{
    return strchr(name, ':') || strspn(name, "0123456789.") == strlen(name);
}

static X509 *leaf_new(const struct sink_authority *a, EVP_PKEY *key, const char *name)
{
    X509 *x = blank_new(key, LEAF_BEFORE, LEAF_AFTER);
    char alt[TLS_NAME_MAX + 8];
    X509_NAME *subject = x ? X509_get_subject_name(x) : NULL;

    (void)snprintf(alt, sizeof alt, "%s:%s", is_address(name) ? "IP" : "DNS", name);
    /* A common name has 64 characters at the most; the alternative name is what counts. */
    if (subject && add_text(subject, "CN", strlen(name) <= 64 ? name : "server") &&
        X509_set_issuer_name(x, X509_get_subject_name(a->cert)) &&
        add_extension(x, a->cert, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(x, a->cert, NID_key_usage, "critical,digitalSignature") &&
        add_extension(x, a->cert, NID_ext_key_usage, "serverAuth") &&
        add_extension(x, a->cert, NID_authority_key_identifier, "keyid:always") &&
        add_extension(x, a->cert, NID_subject_alt_name, alt) &&
        X509_sign(x, a->key, EVP_sha256()) > 0)
        return x;
    X509_free(x);
    return NULL;
}

/* ---- the server ---- */

struct tls_server {
    const struct sink_authority *authority;
    SSL_CTX *ctx;
    EVP_PKEY *key; /* of every leaf */
    struct {
        char name[TLS_NAME_MAX + 1];
        X509 *cert;
    } cache[CACHE_N]; /* a ring */
    size_t next;
};

struct tls {
    struct tls_server *server;
    SSL *ssl;
    char name[TLS_NAME_MAX + 1];
    bool certificate_sent;
};

/* The certificate for a name, owned by the cache; NULL: none can be made. */
static X509 *leaf_for(struct tls_server *s, const char *name)
{
    X509 *x;

    for (size_t i = 0; i < CACHE_N; i++)
        if (s->cache[i].cert && strcmp(s->cache[i].name, name) == 0)
            return s->cache[i].cert;
    x = leaf_new(s->authority, s->key, name);
    if (!x)
        return NULL;
    X509_free(s->cache[s->next].cert);
    s->cache[s->next].cert = x;
    (void)snprintf(s->cache[s->next].name, sizeof s->cache[s->next].name, "%s", name);
    s->next = (s->next + 1) % CACHE_N;
    return x;
}

/* libssl asks which certificate to use, once the peer's first message is read. */
static int choose_certificate(SSL *ssl, void *user)
{
    struct tls *t = SSL_get_app_data(ssl);
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    X509 *x;

    (void)user;
    if (name && strlen(name) <= TLS_NAME_MAX && is_plain_name(name))
        (void)snprintf(t->name, sizeof t->name, "%s", name);
    x = leaf_for(t->server, t->name);
    if (!x || SSL_use_certificate(ssl, x) != 1 || SSL_use_PrivateKey(ssl, t->server->key) != 1)
        return 0;
    t->certificate_sent = true;
    return 1;
}

static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_n,
                           const unsigned char *in, unsigned in_n, void *user)
{
    static const unsigned char ours[] = "\x08http/1.1\x08http/1.0";
    unsigned char *chosen;

    (void)ssl;
    (void)user;
    if (SSL_select_next_proto(&chosen, out_n, ours, sizeof ours - 1, in, in_n) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static SSL_CTX *context_new(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

    if (!ctx)
        return NULL;
    SSL_CTX_set_cert_cb(ctx, choose_certificate, NULL);
    SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, NULL);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    (void)SSL_CTX_set_num_tickets(ctx, 0);
    (void)SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
                                       SSL_OP_IGNORE_UNEXPECTED_EOF);
    return ctx;
}

struct tls_server *tls_server_new(const struct sink_authority *authority)
{
    struct tls_server *s;

    libraries_init();
    s = OPENSSL_zalloc(sizeof *s);
    if (!s)
        return NULL;
    s->authority = authority;
    s->ctx = context_new();
    s->key = EVP_EC_gen("P-256");
    /* A certificate made now draws random bytes, reads the time zone, and looks up algorithms:
     * nothing of that needs a file later. */
    if (s->ctx && s->key && leaf_for(s, "localhost"))
        return s;
    tls_server_free(s);
    return NULL;
}

void tls_server_free(struct tls_server *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < CACHE_N; i++)
        X509_free(s->cache[i].cert);
    EVP_PKEY_free(s->key);
    SSL_CTX_free(s->ctx);
    OPENSSL_free(s);
}

/* ---- a connection ---- */

struct tls *tls_new(struct tls_server *s, const char *address)
{
    struct tls *t = OPENSSL_zalloc(sizeof *t);
    BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());

    if (t)
        t->ssl = SSL_new(s->ctx);
    if (!t || !t->ssl || !in || !out) {
        BIO_free(in);
        BIO_free(out);
        tls_free(t);
        return NULL;
    }
    t->server = s;
    (void)snprintf(t->name, sizeof t->name, "%s", address);
    (void)BIO_set_mem_eof_return(in, -1); /* empty is "later" */
    SSL_set_bio(t->ssl, in, out);
    (void)SSL_set_app_data(t->ssl, t);
    SSL_set_accept_state(t->ssl);
    return t;
}

void tls_free(struct tls *t)
{
    if (!t)
        return;
    SSL_free(t->ssl);
    OPENSSL_free(t);
}

struct span tls_name(const struct tls *t)
{
    return span_text(t->name);
}

/* Moves what libssl wants sent. */
static bool drain(struct tls *t, struct buf *out)
{
    char *p = NULL;
    long n = BIO_get_mem_data(SSL_get_wbio(t->ssl), &p);
    bool ok = n <= 0 || buf_add(out, p, (size_t)n);

    (void)BIO_reset(SSL_get_wbio(t->ssl));
    return ok;
}

/* After the handshake failed: whether the peer is to blame for not trusting us. */
static enum tls_state why_not(const struct tls *t, bool over)
{
    static const int distrust[] = {
        SSL_R_TLSV1_ALERT_UNKNOWN_CA,
        SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,
        SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN,
        SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE,
        SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
        SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED,
        SSL_R_TLSV1_ALERT_ACCESS_DENIED,
        SSL_R_TLSV1_ALERT_DECRYPT_ERROR,
        SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED,
    };
    int reason = ERR_GET_REASON(ERR_peek_error());

    for (size_t i = 0; i < ARRAY_LEN(distrust); i++)
        if (reason == distrust[i])
            return TLS_UNTRUSTED;
    return over && t->certificate_sent ? TLS_UNTRUSTED : TLS_BROKEN;
}

static enum tls_state shake(struct tls *t, bool over)
{
    int rc;

    ERR_clear_error();
    rc = SSL_do_handshake(t->ssl);
    if (rc == 1)
        return TLS_OPEN;
    if (SSL_get_error(t->ssl, rc) == SSL_ERROR_WANT_READ && !over)
        return TLS_SHAKING;
    return why_not(t, over);
}

static enum tls_state read_plain(struct tls *t, struct buf *plain)
{
    char some[READ_STEP];
    size_t n;
    int rc;

    ERR_clear_error();
    while ((rc = SSL_read_ex(t->ssl, some, sizeof some, &n)) == 1)
        if (!buf_add(plain, some, n))
            return TLS_BROKEN;
    switch (SSL_get_error(t->ssl, rc)) {
    case SSL_ERROR_WANT_READ:
        return TLS_OPEN;
    case SSL_ERROR_ZERO_RETURN:
        return TLS_CLOSED;
    default: /* some stacks say only now that they do not trust us */
        return why_not(t, false);
    }
}

enum tls_state tls_feed(struct tls *t, struct span came, bool over, struct buf *plain,
                        struct buf *out)
{
    enum tls_state state = TLS_OPEN;
    size_t done;

    if (came.n && BIO_write_ex(SSL_get_rbio(t->ssl), came.p, came.n, &done) != 1)
        return TLS_BROKEN;
    if (!SSL_is_init_finished(t->ssl))
        state = shake(t, over);
    if (state == TLS_OPEN)
        state = read_plain(t, plain);
    if (state == TLS_OPEN && over)
        state = TLS_CLOSED;
    return drain(t, out) ? state : TLS_BROKEN;
}

bool tls_write(struct tls *t, struct span bytes, struct buf *out)
{
    size_t done;

    ERR_clear_error();
    return (bytes.n == 0 || SSL_write_ex(t->ssl, bytes.p, bytes.n, &done) == 1) && drain(t, out);
}

void tls_close(struct tls *t, struct buf *out)
{
    ERR_clear_error();
    if (SSL_is_init_finished(t->ssl))
        (void)SSL_shutdown(t->ssl);
    (void)drain(t, out);
}

/* A record of kind handshake (22), version 3.x, with a ClientHello (1) in it. */
int tls_looks_so(struct span in)
{
    if (in.n > 0 && in.p[0] != 22)
        return -1;
    if (in.n > 1 && in.p[1] != 3)
        return -1;
    if (in.n > 5)
        return in.p[5] == 1 ? 1 : -1;
    return 0;
}
