/* src/trust/attest/attest.c, attest_check.c, vsa*.c */
#include <fcntl.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "test.h"
#include "trust/attest/vsa.h"
#include "trust_kit.h"

#define NOW 1790000000 /* 2026-09-21T14:13:20Z */
#define D1  "1111111111111111111111111111111111111111111111111111111111111111"

struct answer {
    enum pratique_status status;
    enum signature_fault fault;
    struct signer who;
    struct arena arena;
    struct pratique_error err;
    const char *why;
};

static void ask(struct answer *a, const struct keys *k, struct span attestation,
                const uint8_t digest[SHA256_BYTES])
{
    memset(a, 0, sizeof *a);
    arena_init(&a->arena, (size_t)1 << 20);
    a->status =
        attestation_check(&a->fault, &a->why, &a->who, k, attestation, digest, &a->arena, &a->err);
}

static void envelope(struct buf *out, EVP_PKEY *key, const char *keyid, struct span statement)
{
    struct dsse d = { .type = SPAN_LITERAL(DSSE_IN_TOTO),
                      .payload = statement,
                      .keyid = span_text(keyid) };
    struct buf signature;

    buf_init(&signature, 4096);
    buf_init(out, (size_t)1 << 20);
    kit_sign(key, statement, &signature);
    d.signature = span_of(signature.p, signature.n);
    if (!dsse_write(out, &d))
        abort();
    buf_free(&signature);
}

/* A statement; NULL stands for what is right. */
static const struct row {
    const char *what, *type, *predicate_type, *subject, *verifier, *time, *policy, *result,
        *verdict;
    enum signature_fault want;
    const char *words;
} rows[] = {
    { .what = "as it should be" },
    { .what = "a clock that goes a little fast", .time = "2026-09-21T14:18:00Z" },
    { .what = "long ago", .time = "1999-01-01T00:00:00Z" },
    { .what = "fields that are not known", .verdict = "{\"verdict\":\"admit\",\"later\":[1]}" },
    { .what = "another name",
      .subject = "[{\"name\":\"x y\",\"digest\":{\"sha256\":\"" D1 "\"}}]" },
    { .what = "another type",
      .type = "https://in-toto.io/Statement/v0.1",
      .want = SIGNATURE_FORBIDDEN,
      .words = "_type" },
    { .what = "provenance",
      .predicate_type = "https://slsa.dev/provenance/v1",
      .want = SIGNATURE_FORBIDDEN,
      .words = "predicateType" },
    { .what = "an earlier summary",
      .predicate_type = "https://slsa.dev/verification_summary/v0.2",
      .want = SIGNATURE_FORBIDDEN,
      .words = "predicateType" },
    { .what = "other bytes",
      .want = SIGNATURE_FORBIDDEN,
      .words = "other bytes, called 'm'",
      .subject = "[{\"name\":\"m\",\"digest\":{\"sha256\":\"21"
                 "11111111111111111111111111111111"
                 "111111111111111111111111111111\"}}]" },
    { .what = "two subjects",
      .want = SIGNATURE_FORBIDDEN,
      .words = "2 subjects",
      .subject = "[{\"name\":\"a\",\"digest\":{\"sha256\":\"" D1 "\"}},"
                 "{\"name\":\"m\",\"digest\":{\"sha256\":\"" D1 "\"}}]" },
    { .what = "no digest",
      .subject = "[{\"name\":\"m\"}]",
      .want = SIGNATURE_FORBIDDEN,
      .words = "digest" },
    { .what = "another digest as well",
      .want = SIGNATURE_FORBIDDEN,
      .words = "sha512",
      .subject = "[{\"name\":\"m\",\"digest\":{\"sha256\":\"" D1 "\",\"sha512\":\"00\"}}]" },
    { .what = "another verifier",
      .verifier = "{\"id\":\"https://example.org/gate\"}",
      .want = SIGNATURE_FORBIDDEN,
      .words = "the word of 'https://example.org/gate'" },
    { .what = "a verifier with more behind it",
      .verifier = "{\"id\":\"urn:pratique:gate2\"}",
      .want = SIGNATURE_FORBIDDEN,
      .words = "gate2" },
    { .what = "no verifier", .verifier = "{}", .want = SIGNATURE_FORBIDDEN, .words = "'id'" },
    { .what = "tomorrow",
      .time = "2026-09-22T14:13:20Z",
      .want = SIGNATURE_FORBIDDEN,
      .words = "not come yet" },
    { .what = "no such day",
      .time = "2026-02-30T00:00:00Z",
      .want = SIGNATURE_FORBIDDEN,
      .words = "no time" },
    { .what = "a local time",
      .time = "2026-09-21T10:00:00+09:00",
      .want = SIGNATURE_FORBIDDEN,
      .words = "no time" },
    { .what = "no time at all", .time = "", .want = SIGNATURE_FORBIDDEN, .words = "timeVerified" },
    { .what = "no digest of the policy",
      .policy = "{\"uri\":\"x\"}",
      .want = SIGNATURE_FORBIDDEN,
      .words = "digest" },
    { .what = "a short digest of the policy",
      .want = SIGNATURE_FORBIDDEN,
      .words = "hex",
      .policy = "{\"uri\":\"x\",\"digest\":{\"sha256\":\"11\"}}" },
    { .what = "failed", .result = "FAILED", .want = SIGNATURE_FORBIDDEN, .words = "'FAILED'" },
    { .what = "passed in lower case",
      .result = "passed",
      .want = SIGNATURE_FORBIDDEN,
      .words = "'passed'" },
    { .what = "hold",
      .verdict = "{\"verdict\":\"hold\"}",
      .want = SIGNATURE_FORBIDDEN,
      .words = "'hold'" },
    { .what = "no verdict of ours",
      .verdict = "{}",
      .want = SIGNATURE_FORBIDDEN,
      .words = "verdict" },
    { .what = "a verdict twice",
      .verdict = "{\"verdict\":\"hold\",\"verdict\":\"admit\"}",
      .want = SIGNATURE_FORBIDDEN,
      .words = "duplicate" },
};

static void make_statement(struct buf *out, const struct row *r)
{
    buf_init(out, 65536);
    (void)buf_printf(
        out,
        "{\"_type\":\"%s\",\"subject\":%s,\"predicateType\":\"%s\",\"predicate\":{\"verifier\":%s,"
        "\"timeVerified\":\"%s\",\"resourceUri\":\"pkg:generic/m\",\"policy\":%s,"
        "\"verificationResult\":\"%s\",\"verifiedLevels\":[\"PRATIQUE_ADMIT\"],"
        "\"urn:pratique:verdict\":%s}}",
        r->type ? r->type : STATEMENT_TYPE,
        r->subject ? r->subject : "[{\"name\":\"m\",\"digest\":{\"sha256\":\"" D1 "\"}}]",
        r->predicate_type ? r->predicate_type : VSA_TYPE,
        r->verifier ? r->verifier
                    : "{\"id\":\"urn:pratique:gate\",\"version\":{\"pratique\":\"9\"}}",
        r->time ? r->time : "2026-09-21T14:13:20Z",
        r->policy ? r->policy : "{\"uri\":\"urn:x\",\"digest\":{\"sha256\":\"" D1 "\"}}",
        r->result ? r->result : "PASSED", r->verdict ? r->verdict : "{\"verdict\":\"admit\"}");
}

TEST(attestation_statements)
{
    EVP_PKEY *key = kit_key("P-256");
    struct keys *k = kit_keys(TRUST_ATTESTATION, NOW);
    uint8_t digest[SHA256_BYTES];

    memset(digest, 0x11, sizeof digest);
    kit_trust(k, key);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf statement, file;
        struct answer a;

        make_statement(&statement, &rows[i]);
        envelope(&file, key, k->list[0].id, span_of(statement.p, statement.n));
        ask(&a, k, span_of(file.p, file.n), digest);
        CHECK(a.status == PRATIQUE_OK && a.fault == rows[i].want, "%s: %d, fault %d: %s %s",
              rows[i].what, a.status, a.fault, a.why ? a.why : "", a.err.msg);
        CHECK(!rows[i].words || (a.why && strstr(a.why, rows[i].words)), "%s: %s", rows[i].what,
              a.why ? a.why : "nothing");
        arena_reset(&a.arena);
        buf_free(&statement);
        buf_free(&file);
    }
    keys_free(k);
    EVP_PKEY_free(key);
}

TEST(attestation_tells_who_and_under_what)
{
    EVP_PKEY *key = kit_key("P-521");
    struct keys *k = kit_keys(TRUST_ATTESTATION, NOW);
    uint8_t digest[SHA256_BYTES];
    struct buf statement, file;
    struct answer a;

    memset(digest, 0x11, sizeof digest);
    kit_trust(k, key);
    make_statement(&statement, &rows[0]);
    envelope(&file, key, k->list[0].id, span_of(statement.p, statement.n));
    ask(&a, k, span_of(file.p, file.n), digest);
    CHECK(a.fault == SIGNATURE_HOLDS && a.who.signed_at == NOW, "at %lld",
          (long long)a.who.signed_at);
    CHECK(strcmp(a.who.comment, "policy urn:x (sha256:" D1 "), pratique 9") == 0, "%s",
          a.who.comment);
    arena_reset(&a.arena);
    buf_free(&statement);
    buf_free(&file);
    keys_free(k);
    EVP_PKEY_free(key);
}

/* Envelopes; @P and @S stand for the payload and the signature, @K for the key. */
static const struct {
    const char *what, *text;
    enum signature_fault want;
    const char *words;
} envelopes[] = {
    { "nothing", "", SIGNATURE_MALFORMED, "JSON" },
    { "no key named",
      "{\"payload\":\"@P\",\"payloadType\":\"application/vnd.in-toto+json\","
      "\"signatures\":[{\"sig\":\"@S\"}]}",
      SIGNATURE_MALFORMED, "keyid" },
    { "another key named",
      "{\"payload\":\"@P\",\"payloadType\":\"application/vnd.in-toto+json\","
      "\"signatures\":[{\"sig\":\"@S\",\"keyid\":\"other\"}]}",
      SIGNATURE_UNKNOWN_KEY, "other" },
    { "another type",
      "{\"payload\":\"@P\",\"payloadType\":\"application/json\","
      "\"signatures\":[{\"sig\":\"@S\",\"keyid\":\"@K\"}]}",
      SIGNATURE_MALFORMED, "payloadType" },
    { "two signatures",
      "{\"payload\":\"@P\",\"payloadType\":\"application/vnd.in-toto+json\","
      "\"signatures\":[{\"sig\":\"@S\",\"keyid\":\"@K\"},{\"sig\":\"@S\",\"keyid\":\"@K\"}]}",
      SIGNATURE_MALFORMED, "2 signatures" },
    { "a bundle", "{\"mediaType\":\"x\",\"dsseEnvelope\":{}}", SIGNATURE_MALFORMED, "unknown key" },
    { "another payload",
      "{\"payload\":\"e30=\",\"payloadType\":\"application/vnd.in-toto+json\","
      "\"signatures\":[{\"sig\":\"@S\",\"keyid\":\"@K\"}]}",
      SIGNATURE_WRONG, "signature" },
    { "as it should be",
      "{\"payload\":\"@P\",\"payloadType\":\"application/vnd.in-toto+json\","
      "\"signatures\":[{\"sig\":\"@S\",\"keyid\":\"@K\"}]}",
      SIGNATURE_HOLDS, NULL },
};

TEST(attestation_envelopes)
{
    EVP_PKEY *key = kit_key("P-256");
    struct keys *k = kit_keys(TRUST_ATTESTATION, NOW);
    uint8_t digest[SHA256_BYTES];
    struct buf statement, signature, file;

    memset(digest, 0x11, sizeof digest);
    kit_trust(k, key);
    make_statement(&statement, &rows[0]);
    buf_init(&signature, 4096);
    buf_init(&file, 65536);
    kit_sign(key, span_of(statement.p, statement.n), &signature);
    for (size_t i = 0; i < ARRAY_LEN(envelopes); i++) {
        struct answer a;

        buf_clear(&file);
        for (const char *p = envelopes[i].text; *p; p++)
            if (*p != '@')
                (void)buf_putc(&file, *p);
            else if (*++p == 'K')
                (void)buf_puts(&file, k->list[0].id);
            else if (*p == 'P')
                (void)dsse_put_base64(&file, span_of(statement.p, statement.n));
            else
                (void)dsse_put_base64(&file, span_of(signature.p, signature.n));
        ask(&a, k, span_of(file.p, file.n), digest);
        CHECK(a.status == PRATIQUE_OK && a.fault == envelopes[i].want, "%s: %d, fault %d: %s",
              envelopes[i].what, a.status, a.fault, a.why ? a.why : "");
        CHECK(!envelopes[i].words || (a.why && strstr(a.why, envelopes[i].words)), "%s: %s",
              envelopes[i].what, a.why ? a.why : "nothing");
        arena_reset(&a.arena);
    }
    buf_free(&statement);
    buf_free(&signature);
    buf_free(&file);
    keys_free(k);
    EVP_PKEY_free(key);
}

/* A key that may sign manifests alone may not vouch for an artifact. */
TEST(attestation_needs_its_role)
{
    EVP_PKEY *key = kit_key("P-256");
    struct keys *k = kit_keys(TRUST_ATTESTATION, NOW);
    uint8_t digest[SHA256_BYTES];
    struct buf statement, file;
    struct answer a;

    memset(digest, 0x11, sizeof digest);
    kit_trust(k, key);
    make_statement(&statement, &rows[0]);
    envelope(&file, key, k->list[0].id, span_of(statement.p, statement.n));
    k->list[0].roles = TRUST_MANIFEST | TRUST_ARTIFACT;
    ask(&a, k, span_of(file.p, file.n), digest);
    CHECK(a.fault == SIGNATURE_FORBIDDEN, "role: %d %s", a.fault, a.why ? a.why : "");
    arena_reset(&a.arena);
    k->list[0].roles = TRUST_ATTESTATION;
    k->list[0].expires = "2026-09-20", k->list[0].expires_at = NOW - 1;
    ask(&a, k, span_of(file.p, file.n), digest);
    CHECK(a.fault == SIGNATURE_EXPIRED, "expired: %d %s", a.fault, a.why ? a.why : "");
    arena_reset(&a.arena);
    buf_free(&statement);
    buf_free(&file);
    keys_free(k);
    EVP_PKEY_free(key);
}

/* ---- through the gate ---- */

struct place {
    char folder[32], artifact[64], secret[64], output[80];
    EVP_PKEY *key;
};

static void write_file(const char *path, const void *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");

    (void)fwrite(bytes, 1, n, f);
    (void)fclose(f);
}

static void make_place(struct place *p, const void *bytes, size_t n)
{
    FILE *f;

    strcpy(p->folder, "/tmp/pratique-attestXXXXXX");
    if (!mkdtemp(p->folder))
        abort();
    (void)snprintf(p->artifact, sizeof p->artifact, "%s/it em.bin", p->folder);
    (void)snprintf(p->secret, sizeof p->secret, "%s/secret.pem", p->folder);
    (void)snprintf(p->output, sizeof p->output, "%s.vsa.json", p->artifact);
    write_file(p->artifact, bytes, n);
    p->key = kit_key("P-256");
    f = fopen(p->secret, "w");
    (void)fchmod(fileno(f), 0600);
    (void)PEM_write_PrivateKey(f, p->key, NULL, NULL, 0, NULL, NULL);
    (void)fclose(f);
}

static void clear_place(struct place *p)
{
    (void)unlink(p->artifact);
    (void)unlink(p->secret);
    (void)unlink(p->output);
    (void)rmdir(p->folder);
    EVP_PKEY_free(p->key);
}

struct heard {
    enum pratique_verdict verdict;
    unsigned n;
    bool named;
};

static void hear(void *user, const struct pratique_report *r)
{
    struct heard *h = user;

    h->verdict = pratique_report_verdict(r);
    h->named = strstr(pratique_report_path(r), "it em.bin") != NULL;
    h->n++;
}

static enum pratique_status attest(const struct place *p, const struct pratique_attest_options *o,
                                   struct heard *h, struct pratique_error *err)
{
    struct pratique_options options = { .workers = 1, .weak_sandbox_ok = true };
    struct pratique_gate *gate;
    enum pratique_status st = pratique_gate_open(&gate, &options, err);

    *h = (struct heard){ .verdict = PRATIQUE_UNDECIDED };
    if (st == PRATIQUE_OK)
        st = pratique_attest(gate, p->artifact, o, hear, h, err);
    pratique_gate_close(gate);
    return st;
}

TEST(attest_writes_what_it_checks)
{
    static const char text[] = "{\"hidden_size\": 4096}\n";
    struct pratique_error err = { 0 };
    struct keys *k = kit_keys(TRUST_ATTESTATION, (int64_t)time(NULL));
    uint8_t digest[SHA256_BYTES];
    struct place p;
    struct pratique_attest_options o = { .key = p.secret };
    struct buf file;
    struct heard h;
    struct answer a;

    make_place(&p, text, sizeof text - 1);
    kit_trust(k, p.key);
    buf_init(&file, 65536);
    CHECK(attest(&p, &o, &h, &err) == PRATIQUE_OK && h.verdict == PRATIQUE_ADMIT, "%s", err.msg);
    CHECK(h.n == 1 && h.named, "%u reports", h.n);
    CHECK(whole_read(p.output, 65536, &file, &err) == PRATIQUE_OK, "%s", err.msg);
    (void)EVP_Digest(text, sizeof text - 1, digest, NULL, EVP_sha256(), NULL);
    ask(&a, k, span_of(file.p, file.n), digest);
    CHECK(a.fault == SIGNATURE_HOLDS && strstr(a.who.comment, "urn:pratique:policy:"), "%s: %s",
          a.why ? a.why : "", a.who.comment);
    arena_reset(&a.arena);
    digest[0] ^= 1;
    ask(&a, k, span_of(file.p, file.n), digest);
    CHECK(a.fault == SIGNATURE_FORBIDDEN, "other bytes: %d", a.fault);
    arena_reset(&a.arena);
    buf_free(&file);
    clear_place(&p);
    keys_free(k);
}

/* Nothing is written of what is not admitted, and what was there stays. */
TEST(attest_writes_nothing_else)
{
    static const char evil[] = "cos\nsystem\n(S'id'\ntR.";
    struct pratique_error err = { 0 };
    struct place p;
    struct pratique_attest_options o = { .key = p.secret };
    struct heard h;

    make_place(&p, evil, sizeof evil - 1);
    CHECK(attest(&p, &o, &h, &err) == PRATIQUE_OK && h.verdict == PRATIQUE_REFUSE && h.n == 1,
          "%s: %s", pratique_verdict_name(h.verdict), err.msg);
    CHECK(access(p.output, F_OK) == -1, "an attestation of a refused file");
    (void)unlink(p.artifact);
    CHECK(attest(&p, &o, &h, &err) == PRATIQUE_E_IO && strstr(err.msg, "it em.bin") && h.n == 0,
          "missing: %s", err.msg);
    CHECK(mkfifo(p.artifact, 0600) == 0 && attest(&p, &o, &h, &err) == PRATIQUE_E_USAGE,
          "a pipe: %s", err.msg);
    (void)unlink(p.artifact);
    write_file(p.artifact, "{}", 2);
    o.key = p.artifact;
    CHECK(attest(&p, &o, &h, &err) == PRATIQUE_E_USAGE && h.n == 0, "no key: %s", err.msg);
    o.key = p.secret;
    o.output = "/nowhere/x.json";
    CHECK(attest(&p, &o, &h, &err) == PRATIQUE_E_IO, "nowhere: %s", err.msg);
    clear_place(&p);
}

TEST(attest_summary_is_what_slsa_says)
{
    struct vsa v = { .name = "a b%\xc3\xa4\"\\.bin",
                     .time = "2026-09-21T14:13:20Z",
                     .policies = "upload,source",
                     .format = "zip (wheel)",
                     .bytes = 7 };
    struct law law = { 0 };
    struct buf out;
    json_t *root, *p;

    buf_init(&out, 65536);
    CHECK(vsa_write(&out, &v, &law), "no memory");
    root = json_loadb(out.p, out.n, JSON_REJECT_DUPLICATES, NULL);
    p = json_object_get(root, "predicate");
    CHECK(root && strcmp(json_string_value(json_object_get(
                             json_array_get(json_object_get(root, "subject"), 0), "name")),
                         v.name) == 0,
          "the name comes back");
    CHECK(strncmp(json_string_value(json_object_get(p, "resourceUri")),
                  "pkg:generic/a%20b%25%C3%A4%22%5C.bin?checksum=sha256:", 52) == 0,
          "%s", json_string_value(json_object_get(p, "resourceUri")));
    CHECK(json_is_string(json_object_get(json_object_get(p, "policy"), "uri")) &&
              strstr(json_string_value(json_object_get(json_object_get(p, "policy"), "uri")),
                     "upload%2Csource"),
          "the policy");
    json_decref(root);
    buf_free(&out);
}
