/* src/trust/modelsign*.c, x509.c, dsse.c, statement.c */
#include <openssl/pem.h>
#include <stdlib.h>
#include <unistd.h>

#include "test.h"
#include "trust/manifest.h"
#include "trust/modelsign.h"
#include "trust/statement.h"
#include "trust_kit.h"

#define NOW 1790000000 /* 2026-09-21 */
#define DAY 86400

#define D1 "1111111111111111111111111111111111111111111111111111111111111111"
#define D2 "2222222222222222222222222222222222222222222222222222222222222222"

#define R(name, digest) "{\"name\":\"" name "\",\"algorithm\":\"sha256\",\"digest\":\"" digest "\"}"

#define FILES "{\"method\":\"files\",\"hash_type\":\"sha256\",\"allow_symlinks\":false"

/* What a check says. */
struct answer {
    enum pratique_status status;
    enum signature_fault fault;
    struct modelsign said;
    struct arena arena;
    struct pratique_error err;
    const char *why;
};

static void ask(struct answer *a, const struct keys *k, struct span bundle)
{
    memset(a, 0, sizeof *a);
    arena_init(&a->arena, (size_t)1 << 20);
    a->why = "";
    a->status =
        modelsign_check(&a->said, &a->fault, &a->why, k, bundle, "model.sig", &a->arena, &a->err);
}

static void forget(struct answer *a)
{
    pratique_manifest_free(a->said.manifest);
    arena_reset(&a->arena);
}

static bool says(const struct answer *a, const char *words)
{
    return a->why && strstr(a->why, words) != NULL;
}

/* Puts what stands for them in the place of @P (payload), @S (signature) and @H (hint). */
static void fill(struct buf *out, const char *text, struct span payload, struct span signature,
                 const char *hint)
{
    for (const char *p = text; *p; p++)
        if (*p != '@')
            (void)buf_putc(out, *p);
        else if (*++p == 'P')
            (void)dsse_put_base64(out, payload);
        else if (*p == 'S')
            (void)dsse_put_base64(out, signature);
        else
            (void)buf_puts(out, hint);
}

#define ENVELOPE                                                                                   \
    "{\"payload\":\"@P\",\"payloadType\":\"application/vnd.in-toto+json\","                        \
    "\"signatures\":[{\"sig\":\"@S\",\"keyid\":\"\"}]}"
#define MEDIA "\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\""
#define BUNDLE                                                                                     \
    "{" MEDIA ",\"verificationMaterial\":{\"publicKey\":{\"hint\":\"@H\"},\"tlogEntries\":[]},"    \
    "\"dsseEnvelope\":" ENVELOPE "}"

static void make_bundle(struct buf *out, const char *text, EVP_PKEY *key, struct span statement)
{
    char hint[SHA256_HEX];
    struct buf signature, pem;

    buf_init(&signature, 4096);
    buf_init(&pem, 4096);
    buf_init(out, (size_t)1 << 20);
    kit_sign(key, statement, &signature);
    kit_pem(key, &pem, hint);
    fill(out, text, statement, span_of(signature.p, signature.n), hint);
    buf_free(&signature);
    buf_free(&pem);
}

/* SHA-256 over the digests D1 ('1') and D2 ('2') in this order. */
static void digest_of(const char *order, char hex[SHA256_HEX])
{
    uint8_t bytes[16 * SHA256_BYTES], digest[SHA256_BYTES];
    size_t n = strlen(order);

    for (size_t i = 0; i < n; i++)
        memset(bytes + i * SHA256_BYTES, order[i] == '1' ? 0x11 : 0x22, SHA256_BYTES);
    (void)EVP_Digest(bytes, n * SHA256_BYTES, digest, NULL, EVP_sha256(), NULL);
    sha256_hex(digest, hex);
}

/* A statement; NULL stands for what is right. '#' in the subject: the digest. */
struct statement {
    const char *what;
    const char *type, *subject, *predicate_type, *serialization, *resources, *order;
    enum signature_fault want;
    const char *words;
};

static void make_statement(struct buf *out, const struct statement *s)
{
    const char *subject =
        s->subject ? s->subject : "[{\"name\":\"m\",\"digest\":{\"sha256\":\"#\"}}]";
    char hex[SHA256_HEX];

    buf_init(out, (size_t)1 << 20);
    digest_of(s->order ? s->order : "12", hex);
    (void)buf_printf(out, "{\"_type\":\"%s\",\"subject\":",
                     s->type ? s->type : "https://in-toto.io/Statement/v1");
    for (const char *p = subject; *p; p++)
        (void)(*p == '#' ? buf_puts(out, hex) : buf_putc(out, *p));
    (void)buf_printf(out,
                     ",\"predicateType\":\"%s\",\"predicate\":{\"serialization\":%s,"
                     "\"resources\":%s}}",
                     s->predicate_type ? s->predicate_type : MODELSIGN_TYPE,
                     s->serialization ? s->serialization : FILES "}",
                     s->resources ? s->resources : "[" R("a.bin", D1) "," R("s/b.bin", D2) "]");
}

#define BAD SIGNATURE_MALFORMED

static const struct statement statements[] = {
    { .what = "as it should be" },
    { .what = "in another order",
      .resources = "[" R("s/b.bin", D2) "," R("a.bin", D1) "]",
      .order = "21" },
    { .what = "what is ignored is no fault",
      .serialization = FILES
      ",\"ignore_paths\":[\"model.sig\",\".git\",\".github\",\".gitattributes\",\".gitignore\"]}" },
    { .what = "unknown keys", .serialization = FILES ",\"later\":{\"a\":[1,2.5,null]}}" },
    { .what = "one file, by its own name", .resources = "[" R(".", D1) "]", .order = "1" },
    { .what = "names in UTF-8", .resources = "[" R("gewichte-\\u00e4.bin", D1) "]", .order = "1" },
    { .what = "dots within a name", .resources = "[" R("a..b/..c", D1) "]", .order = "1" },
    { .what = "another type",
      .type = "https://in-toto.io/Statement/v0.1",
      .want = BAD,
      .words = "_type" },
    { .what = "a type with more behind it",
      .type = "https://in-toto.io/Statement/v1 ",
      .want = BAD,
      .words = "_type" },
    { .what = "a later predicate",
      .predicate_type = "https://model_signing/signature/v2.0",
      .want = BAD,
      .words = "predicateType" },
    { .what = "a predicate from before 1.0",
      .predicate_type = "https://model_signing/Digests/v0.1",
      .want = BAD,
      .words = "predicateType" },
    { .what = "no subject", .subject = "[]", .want = BAD, .words = "0 subjects" },
    { .what = "two subjects",
      .subject = "[{\"name\":\"m\",\"digest\":{\"sha256\":\"#\"}},"
                 "{\"name\":\"m\",\"digest\":{\"sha256\":\"#\"}}]",
      .want = BAD,
      .words = "2 subjects" },
    { .what = "a subject without a name",
      .subject = "[{\"digest\":{\"sha256\":\"#\"}}]",
      .want = BAD,
      .words = "name" },
    { .what = "a subject that is text", .subject = "[\"m\"]", .want = BAD, .words = "object" },
    { .what = "another digest beside",
      .want = BAD,
      .words = "unknown key 'md5'",
      .subject = "[{\"name\":\"m\",\"digest\":{\"md5\":\"0\",\"sha256\":\"#\"}}]" },
    { .what = "the digest of other files", .order = "21", .want = BAD, .words = "files that it" },
    { .what = "a digest that is short",
      .want = BAD,
      .words = "lower-case hex",
      .subject = "[{\"name\":\"m\",\"digest\":{\"sha256\":\"11\"}}]" },
    { .what = "a duplicate resource",
      .order = "11",
      .want = BAD,
      .words = "declared twice",
      .resources = "[" R("a.bin", D1) "," R("a.bin", D1) "]" },
    { .what = "a duplicate that differs",
      .want = BAD,
      .words = "declared twice",
      .resources = "[" R("a.bin", D1) "," R("a.bin", D2) "]" },
    { .what = "no resources",
      .resources = "[]",
      .order = "",
      .want = BAD,
      .words = "declares no file" },
    { .what = "no resources and everything ignored",
      .resources = "[]",
      .order = "",
      .want = BAD,
      .serialization = FILES ",\"ignore_paths\":[\".\"]}",
      .words = "declares no file" },
    { .what = "everything ignored",
      .serialization = FILES ",\"ignore_paths\":[\".\"]}",
      .want = BAD,
      .words = "leave out everything" },
    { .what = "everything ignored, spelled otherwise",
      .want = BAD,
      .words = "'./'",
      .serialization = FILES ",\"ignore_paths\":[\"./\"]}" },
    { .what = "everything ignored, by nothing",
      .want = BAD,
      .words = "''",
      .serialization = FILES ",\"ignore_paths\":[\"\"]}" },
    { .what = "everything ignored, by a way round",
      .want = BAD,
      .words = "'s/..'",
      .serialization = FILES ",\"ignore_paths\":[\"s/..\"]}" },
    { .what = "an absolute path ignored",
      .want = BAD,
      .words = "'/'",
      .serialization = FILES ",\"ignore_paths\":[\"/\"]}" },
    { .what = "numbers ignored",
      .want = BAD,
      .words = "ignore_paths",
      .serialization = FILES ",\"ignore_paths\":[1]}" },
    { .what = "an absolute name",
      .resources = "[" R("/etc/passwd", D1) "]",
      .order = "1",
      .want = BAD,
      .words = "'/etc/passwd'" },
    { .what = "a name that climbs",
      .resources = "[" R("../a", D1) "]",
      .order = "1",
      .want = BAD,
      .words = "'../a'" },
    { .what = "a name that climbs inside",
      .resources = "[" R("a/../../b", D1) "]",
      .order = "1",
      .want = BAD,
      .words = "'a/../../b'" },
    { .what = "a name with a dot in between",
      .resources = "[" R("a/./b", D1) "]",
      .order = "1",
      .want = BAD,
      .words = "'a/./b'" },
    { .what = "an empty name",
      .resources = "[" R("", D1) "]",
      .order = "1",
      .want = BAD,
      .words = "name" },
    { .what = "a name with a newline",
      .resources = "[" R("a\\nb", D1) "]",
      .order = "1",
      .want = BAD,
      .words = "'a\\nb'" },
    { .what = "a name with a zero byte",
      .resources = "[" R("a\\u0000b", D1) "]",
      .order = "1",
      .want = BAD,
      .words = "u0000" },
    { .what = "a dot among others",
      .resources = "[" R(".", D1) "," R("a", D2) "]",
      .want = BAD,
      .words = "'.'" },
    { .what = "one file that is called like a folder",
      .resources = "[" R(".", D1) "]",
      .order = "1",
      .want = BAD,
      .words = "'a/b'",
      .subject = "[{\"name\":\"a/b\",\"digest\":{\"sha256\":\"#\"}}]" },
    { .what = "an upper-case digest",
      .order = "1",
      .want = BAD,
      .words = "lower-case hex",
      .resources =
          "[" R("a", "AA11111111111111111111111111111111111111111111111111111111111111") "]" },
    { .what = "a short digest",
      .resources = "[" R("a", "1111") "]",
      .order = "1",
      .want = BAD,
      .words = "lower-case hex" },
    { .what = "a digest with a space",
      .order = "1",
      .want = BAD,
      .words = "lower-case hex",
      .resources = "[" R("a", D1 " ") "]" },
    { .what = "BLAKE3",
      .want = BAD,
      .words = "only sha256",
      .serialization = "{\"method\":\"files\",\"hash_type\":\"blake3\",\"allow_symlinks\":false}" },
    { .what = "another algorithm for one file",
      .order = "1",
      .want = BAD,
      .words = "'sha1'",
      .resources = "[{\"name\":\"a\",\"algorithm\":\"sha1\",\"digest\":\"" D1 "\"}]" },
    { .what = "shards",
      .want = BAD,
      .words = "method shards",
      .serialization = "{\"method\":\"shards\",\"hash_type\":\"sha256\",\"shard_size\":1000,"
                       "\"allow_symlinks\":false}" },
    { .what = "an unknown method",
      .want = BAD,
      .words = "not files",
      .serialization = "{\"method\":\"tensors\",\"hash_type\":\"sha256\","
                       "\"allow_symlinks\":false}" },
    { .what = "links that may or may not be",
      .want = BAD,
      .words = "allow_symlinks",
      .serialization = "{\"method\":\"files\",\"hash_type\":\"sha256\","
                       "\"allow_symlinks\":\"false\"}" },
    { .what = "nothing of links",
      .want = BAD,
      .words = "allow_symlinks",
      .serialization = "{\"method\":\"files\",\"hash_type\":\"sha256\"}" },
    { .what = "a key twice",
      .want = BAD,
      .words = "duplicate",
      .serialization = FILES ",\"allow_symlinks\":true}" },
    { .what = "a resource that is a list",
      .resources = "[[]]",
      .order = "1",
      .want = BAD,
      .words = "resource" },
    { .what = "resources that are an object",
      .resources = "{}",
      .order = "1",
      .want = BAD,
      .words = "no list" },
};

TEST(modelsign_statements)
{
    EVP_PKEY *key = kit_key("P-256");
    struct keys *k = kit_keys(TRUST_MANIFEST, NOW);

    kit_trust(k, key);
    for (size_t i = 0; i < ARRAY_LEN(statements); i++) {
        const struct statement *s = &statements[i];
        struct buf statement, bundle;
        struct answer a;

        make_statement(&statement, s);
        make_bundle(&bundle, BUNDLE, key, span_of(statement.p, statement.n));
        ask(&a, k, span_of(bundle.p, bundle.n));
        CHECK(a.status == PRATIQUE_OK && a.fault == s->want, "%s: %d, fault %d: %s %s", s->what,
              a.status, a.fault, a.why ? a.why : "", a.err.msg);
        CHECK(!s->words || says(&a, s->words), "%s: %s", s->what, a.why ? a.why : "nothing");
        CHECK((a.fault == SIGNATURE_HOLDS) == (a.said.manifest != NULL), "%s: a manifest", s->what);
        forget(&a);
        buf_free(&statement);
        buf_free(&bundle);
    }
    keys_free(k);
    EVP_PKEY_free(key);
}

TEST(modelsign_says_what_was_signed)
{
    static const struct statement s = {
        .serialization = FILES ",\"ignore_paths\":[\".git\",\"x/y\"]}",
        .resources = "[" R("s/b.bin", D2) "," R("a.bin", D1) "]",
        .order = "21",
    };
    static const struct statement one = { .resources = "[" R(".", D1) "]", .order = "1" };
    EVP_PKEY *key = kit_key("P-384");
    struct keys *k = kit_keys(TRUST_MANIFEST, NOW);
    struct buf statement, bundle;
    struct answer a;

    kit_trust(k, key);
    make_statement(&statement, &s);
    make_bundle(&bundle, BUNDLE, key, span_of(statement.p, statement.n));
    ask(&a, k, span_of(bundle.p, bundle.n));
    CHECK(a.fault == SIGNATURE_HOLDS && a.said.manifest && a.said.manifest->n == 2, "%s", a.why);
    CHECK(strcmp(a.said.manifest->artifacts[0].path, "a.bin") == 0 &&
              strcmp(a.said.manifest->artifacts[0].sha256, D1) == 0 &&
              a.said.manifest->artifacts[1].bytes == UINT64_MAX,
          "sorted");
    CHECK(a.said.excused_n == 2 && strcmp(a.said.excused[1], "x/y") == 0, "excused");
    CHECK(!a.said.links && !a.said.single && strcmp(a.said.who.kind, "model-signing") == 0 &&
              strcmp(a.said.who.key, "pub.pem") == 0,
          "who");
    forget(&a);
    buf_free(&statement);
    buf_free(&bundle);

    make_statement(&statement, &one);
    make_bundle(&bundle, BUNDLE, key, span_of(statement.p, statement.n));
    ask(&a, k, span_of(bundle.p, bundle.n));
    CHECK(a.said.single && strcmp(a.said.manifest->artifacts[0].path, "m") == 0, "a single file");
    forget(&a);
    buf_free(&statement);
    buf_free(&bundle);
    keys_free(k);
    EVP_PKEY_free(key);
}

/* ---- the bundle ---- */

#define KEYED(envelope)                                                                            \
    "{" MEDIA ",\"verificationMaterial\":{\"publicKey\":{\"hint\":\"@H\"},\"tlogEntries\":[]},"    \
    "\"dsseEnvelope\":" envelope "}"
#define SIGNED(signatures)                                                                         \
    "{\"payload\":\"@P\",\"payloadType\":\"application/"                                           \
    "vnd.in-toto+json\",\"signatures\":[" signatures "]}"
#define MATERIAL(material)                                                                         \
    "{" MEDIA ",\"verificationMaterial\":" material ",\"dsseEnvelope\":" ENVELOPE "}"

static const struct {
    const char *what, *text;
    enum signature_fault want;
    const char *words;
} bundles[] = {
    { "as it should be", BUNDLE, SIGNATURE_HOLDS, NULL },
    { "with space around it", " \r\n\t" BUNDLE "\n\n", SIGNATURE_HOLDS, NULL },
    { "without a log", MATERIAL("{\"publicKey\":{\"hint\":\"@H\"}}"), SIGNATURE_HOLDS, NULL },
    { "with the fields of old",
      MATERIAL("{\"publicKey\":{\"hint\":\"@H\",\"rawBytes\":\"AA==\",\"keyDetails\":\"X\"}}"), BAD,
      "unknown key 'rawBytes'" },
    { "without a key id", KEYED(SIGNED("{\"sig\":\"@S\"}")), SIGNATURE_HOLDS, NULL },
    { "empty timestamps",
      MATERIAL("{\"publicKey\":{\"hint\":\"@H\"},\"timestampVerificationData\":"
               "{\"rfc3161Timestamps\":[]}}"),
      SIGNATURE_HOLDS, NULL },
    { "nothing", "", BAD, "JSON" },
    { "a list", "[]", BAD, "no JSON object" },
    { "a word", "true", BAD, "JSON" },
    { "bytes behind it", BUNDLE "x", BAD, "end of file" },
    { "another object behind it", BUNDLE BUNDLE, BAD, "end of file" },
    { "a zero byte behind it", BUNDLE "\\u0000", BAD, "end of file" },
    { "a comment", "/**/" BUNDLE, BAD, "JSON" },
    { "another media type",
      "{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.4+json\","
      "\"verificationMaterial\":{\"publicKey\":{\"hint\":\"@H\"}},\"dsseEnvelope\":" ENVELOPE "}",
      BAD, "mediaType" },
    { "no media type",
      "{\"verificationMaterial\":{\"publicKey\":{\"hint\":\"@H\"}},\"dsseEnvelope\":" ENVELOPE "}",
      BAD, "mediaType" },
    { "a media type twice",
      "{" MEDIA "," MEDIA ",\"verificationMaterial\":{\"publicKey\":"
      "{\"hint\":\"@H\"}},\"dsseEnvelope\":" ENVELOPE "}",
      BAD, "duplicate" },
    { "an unknown key",
      "{\"x\":1," MEDIA ",\"verificationMaterial\":{\"publicKey\":"
      "{\"hint\":\"@H\"}},\"dsseEnvelope\":" ENVELOPE "}",
      BAD, "unknown key 'x'" },
    { "a signature of bytes beside",
      "{\"messageSignature\":{}," MEDIA ",\"verificationMaterial\":"
      "{\"publicKey\":{\"hint\":\"@H\"}},\"dsseEnvelope\":" ENVELOPE "}",
      BAD, "messageSignature" },
    { "no hint", MATERIAL("{\"publicKey\":{}}"), BAD, "publicKey.hint" },
    { "a hint that is null", MATERIAL("{\"publicKey\":{\"hint\":null}}"), BAD, "publicKey.hint" },
    { "a hint that is empty", MATERIAL("{\"publicKey\":{\"hint\":\"\"}}"), BAD, "publicKey.hint" },
    { "a hint that is no hash", MATERIAL("{\"publicKey\":{\"hint\":\"abc\"}}"), BAD, "hint" },
    { "the hint of another key", MATERIAL("{\"publicKey\":{\"hint\":\"" D1 "\"}}"),
      SIGNATURE_UNKNOWN_KEY, D1 },
    { "no key at all", MATERIAL("{}"), BAD, "needs one of" },
    { "a key and a certificate",
      MATERIAL("{\"publicKey\":{\"hint\":\"@H\"},\"certificate\":{\"rawBytes\":\"AAAA\"}}"), BAD,
      "needs one of" },
    { "an empty chain", MATERIAL("{\"x509CertificateChain\":{\"certificates\":[]}}"), BAD,
      "0 certificates" },
    { "a certificate that is none", MATERIAL("{\"certificate\":{\"rawBytes\":\"AAAA\"}}"), BAD,
      "cannot be read" },
    { "a log entry",
      MATERIAL("{\"publicKey\":{\"hint\":\"@H\"},\"tlogEntries\":[{\"logIndex\":\"1\"}]}"), BAD,
      "transparency log" },
    { "a timestamp",
      MATERIAL("{\"publicKey\":{\"hint\":\"@H\"},\"timestampVerificationData\":"
               "{\"rfc3161Timestamps\":[{\"signedTimestamp\":\"AAAA\"}]}}"),
      BAD, "timestamp" },
    { "a second signature", KEYED(SIGNED("{\"sig\":\"@S\"},{\"sig\":\"AAAA\"}")), BAD,
      "2 signatures" },
    { "the same signature twice", KEYED(SIGNED("{\"sig\":\"@S\"},{\"sig\":\"@S\"}")), BAD,
      "2 signatures" },
    { "a junk signature before it", KEYED(SIGNED("{\"sig\":\"AAAA\"},{\"sig\":\"@S\"}")), BAD,
      "2 signatures" },
    { "no signature", KEYED(SIGNED("")), BAD, "0 signatures" },
    { "a signature that is text", KEYED(SIGNED("\"@S\"")), BAD, "no object" },
    { "a junk signature", KEYED(SIGNED("{\"sig\":\"AAAA\"}")), SIGNATURE_WRONG, "not one of" },
    { "a signature with a space", KEYED(SIGNED("{\"sig\":\"@S \"}")), BAD, "base64" },
    { "a signature with a newline", KEYED(SIGNED("{\"sig\":\"@S\\n\"}")), BAD, "base64" },
    { "a signature with bits that say nothing", KEYED(SIGNED("{\"sig\":\"AB==\"}")), BAD,
      "base64" },
    { "a signature without padding", KEYED(SIGNED("{\"sig\":\"AAA\"}")), BAD, "base64" },
    { "a signature in URL's base64", KEYED(SIGNED("{\"sig\":\"AA-_\"}")), BAD, "base64" },
    { "bytes behind the signature", KEYED(SIGNED("{\"sig\":\"@SAAAA\"}")), BAD, "" },
    { "an unknown key of a signature", KEYED(SIGNED("{\"sig\":\"@S\",\"cert\":\"x\"}")), BAD,
      "unknown key" },
    { "another payload type",
      KEYED(
          "{\"payload\":\"@P\",\"payloadType\":\"text/plain\",\"signatures\":[{\"sig\":\"@S\"}]}"),
      BAD, "payloadType" },
    { "a payload that is empty",
      KEYED("{\"payload\":\"\",\"payloadType\":\"application/vnd.in-toto+json\","
            "\"signatures\":[{\"sig\":\"@S\"}]}"),
      BAD, "payload" },
    { "another payload",
      KEYED("{\"payload\":\"e30=\",\"payloadType\":\"application/vnd.in-toto+json\","
            "\"signatures\":[{\"sig\":\"@S\"}]}"),
      SIGNATURE_WRONG, "not one of" },
    { "a payload that is an object",
      KEYED("{\"payload\":{},\"payloadType\":\"application/vnd.in-toto+json\","
            "\"signatures\":[{\"sig\":\"@S\"}]}"),
      BAD, "no string" },
};

TEST(modelsign_bundles)
{
    static const struct statement good = { .what = "good" };
    EVP_PKEY *key = kit_key("P-256");
    struct keys *k = kit_keys(TRUST_MANIFEST, NOW);
    struct buf statement;

    kit_trust(k, key);
    make_statement(&statement, &good);
    for (size_t i = 0; i < ARRAY_LEN(bundles); i++) {
        struct answer a;
        struct buf bundle;
        enum signature_fault want = bundles[i].want;

        make_bundle(&bundle, bundles[i].text, key, span_of(statement.p, statement.n));
        ask(&a, k, span_of(bundle.p, bundle.n));
        if (!*(bundles[i].words ? bundles[i].words : "x")) /* it depends on the padding */
            want = a.fault == SIGNATURE_HOLDS ? BAD : a.fault;
        CHECK(a.status == PRATIQUE_OK && a.fault == want, "%s: %d, fault %d: %s %s",
              bundles[i].what, a.status, a.fault, a.why ? a.why : "", a.err.msg);
        CHECK(!bundles[i].words || says(&a, bundles[i].words), "%s: %s", bundles[i].what,
              a.why ? a.why : "nothing");
        forget(&a);
        buf_free(&bundle);
    }
    buf_free(&statement);
    keys_free(k);
    EVP_PKEY_free(key);
}

TEST(modelsign_deep_and_many)
{
    static const size_t n = 100000;
    struct keys *k = kit_keys(TRUST_MANIFEST, NOW);
    struct buf bundle;
    struct answer a;

    buf_init(&bundle, (size_t)1 << 24);
    for (size_t i = 0; i < n; i++)
        (void)buf_puts(&bundle, "{\"a\":");
    ask(&a, k, span_of(bundle.p, bundle.n));
    CHECK(a.status == PRATIQUE_OK && a.fault == BAD && says(&a, "depth"), "deep: %s", a.why);
    forget(&a);

    buf_clear(&bundle);
    (void)buf_puts(&bundle, "{" MEDIA ",\"verificationMaterial\":{\"x509CertificateChain\":"
                            "{\"certificates\":[");
    for (size_t i = 0; i < n; i++)
        (void)buf_puts(&bundle, i ? ",{\"rawBytes\":\"AAAA\"}" : "{\"rawBytes\":\"AAAA\"}");
    (void)buf_puts(&bundle, "]}},\"dsseEnvelope\":{}}");
    ask(&a, k, span_of(bundle.p, bundle.n));
    CHECK(a.status == PRATIQUE_OK && a.fault == BAD && says(&a, "100000 certificates"), "many: %s",
          a.why);
    forget(&a);
    buf_free(&bundle);
    keys_free(k);
}

/* What the child and the parent make of a bundle, in this process; true when it holds. */
static bool holds(const struct keys *k, struct span bundle)
{
    struct buf records, message;
    struct arena arena;
    struct signer who;
    struct bundle b;
    enum signature_fault fault = SIGNATURE_MALFORMED;
    bool ok;

    arena_init(&arena, 65536);
    buf_init(&records, (size_t)1 << 20);
    buf_init(&message, (size_t)1 << 20);
    bundle_read(bundle, &records);
    ok = !told_why(span_of(records.p, records.n), &arena) &&
         !bundle_heard(&b, span_of(records.p, records.n)) &&
         dsse_pae(&message, b.envelope.type, b.envelope.payload) &&
         keys_check_raw(k, b.hint, span_of(message.p, message.n), b.envelope.signature, &who,
                        &arena, &fault);
    buf_free(&records);
    buf_free(&message);
    arena_reset(&arena);
    return ok && fault == SIGNATURE_HOLDS;
}

/* Every truncation, and every byte changed: nothing but what was signed holds. What is around
 * the signature and says nothing (space, the tail of a key that is ignored) may change. */
TEST(modelsign_sweep)
{
    static const struct statement good = { .resources = "[" R("a", D1) "]", .order = "1" };
    EVP_PKEY *key = kit_key("P-256");
    struct keys *k = kit_keys(TRUST_MANIFEST, NOW);
    struct buf statement, bundle;
    size_t held = 0, n;
    char *copy;

    kit_trust(k, key);
    make_statement(&statement, &good);
    make_bundle(&bundle, BUNDLE, key, span_of(statement.p, statement.n));
    n = bundle.n;
    copy = malloc(n);
    for (size_t i = 0; i < n; i++) {
        memcpy(copy, bundle.p, i);
        held += holds(k, span_of(copy, i));
    }
    CHECK(held == 0, "%zu truncated bundles hold", held);
    for (size_t i = 0; i < n; i++) {
        static const uint8_t masks[] = { 0x01, 0x20, 0x80 };

        for (size_t m = 0; m < sizeof masks; m++) {
            memcpy(copy, bundle.p, n);
            copy[i] = (char)(copy[i] ^ masks[m]);
            held += holds(k, span_of(copy, n));
        }
    }
    CHECK(held == 0, "%zu changed bundles hold", held);
    CHECK(holds(k, span_of(bundle.p, n)), "the bundle itself");
    free(copy);
    buf_free(&statement);
    buf_free(&bundle);
    keys_free(k);
    EVP_PKEY_free(key);
}

/* The records are hostile too: whatever they are, nothing crashes and nothing is taken on trust. */
TEST(modelsign_records_are_hostile)
{
    static const struct statement good = { .resources = "[" R("a", D1) "]", .order = "1" };
    struct pratique_error err = { 0 };
    struct buf statement, records;
    struct modelsign said;
    struct arena arena;
    const char *why;
    char *copy;
    size_t n, taken = 0;

    make_statement(&statement, &good);
    buf_init(&records, 65536);
    modelsign_read(span_of(statement.p, statement.n), &records);
    n = records.n;
    copy = malloc(n);
    for (size_t i = 0; i < n; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            arena_init(&arena, 65536);
            memcpy(copy, records.p, n);
            copy[i] = (char)(copy[i] ^ 1 << bit);
            memset(&said, 0, sizeof said);
            if (modelsign_heard(&said, &why, span_of(copy, n), &arena, &err) == PRATIQUE_OK && !why)
                taken++;
            pratique_manifest_free(said.manifest);
            arena_reset(&arena);
        }
    CHECK(taken < n * 8 / 4, "%zu of %zu were taken", taken, n * 8);
    free(copy);
    buf_free(&statement);
    buf_free(&records);
}

/* ---- certificates ---- */

#define CA "critical,CA:TRUE"

struct chain {
    EVP_PKEY *root_key, *middle_key, *leaf_key;
    X509 *root, *middle, *leaf;
};

struct chain_row {
    const char *what;
    const char *usage, *usages, *names, *basic; /* of the leaf */
    int64_t leaf_to, root_to, from;             /* days from now; 0: far */
    const char *identity, *curve;
    bool other_root, no_middle, other_key, rsa, middle_no_ca;
    enum signature_fault want;
    const char *words;
};

static const struct chain_row chains[] = {
    { .what = "digitalSignature", .usage = "critical,digitalSignature" },
    { .what = "codeSigning", .usages = "codeSigning" },
    { .what = "both, P-384",
      .usage = "digitalSignature",
      .usages = "codeSigning",
      .curve = "P-384" },
    { .what = "P-521", .usage = "digitalSignature", .curve = "P-521" },
    { .what = "who it is",
      .usage = "digitalSignature",
      .names = "email:a@example.org",
      .identity = "a@example.org" },
    { .what = "the second of two names",
      .usage = "digitalSignature",
      .names = "URI:https://example.org/x,email:a@example.org",
      .identity = "a@example.org" },
    { .what = "a CA that signs code itself",
      .usage = "digitalSignature,keyCertSign",
      .usages = "codeSigning",
      .basic = CA },
    { .what = "somebody else",
      .usage = "digitalSignature",
      .names = "email:b@example.org",
      .identity = "a@example.org",
      .want = SIGNATURE_FORBIDDEN,
      .words = "b@example.org" },
    { .what = "a name that goes on",
      .usage = "digitalSignature",
      .names = "email:a@example.org.evil.net",
      .identity = "a@example.org",
      .want = SIGNATURE_FORBIDDEN,
      .words = "evil" },
    { .what = "the name in the subject alone",
      .usage = "digitalSignature",
      .identity = "leaf",
      .want = SIGNATURE_FORBIDDEN,
      .words = "CN=leaf" },
    { .what = "expired",
      .usage = "digitalSignature",
      .leaf_to = -1,
      .want = SIGNATURE_EXPIRED,
      .words = "expired" },
    { .what = "expired yesterday, the root today",
      .usage = "digitalSignature",
      .root_to = -1,
      .want = SIGNATURE_EXPIRED,
      .words = "expired" },
    { .what = "not valid yet",
      .usage = "digitalSignature",
      .from = 2,
      .want = SIGNATURE_EXPIRED,
      .words = "not valid yet" },
    { .what = "of another root",
      .usage = "digitalSignature",
      .other_root = true,
      .want = SIGNATURE_UNKNOWN_KEY,
      .words = "certificate" },
    { .what = "without the one in between",
      .usage = "digitalSignature",
      .no_middle = true,
      .want = SIGNATURE_UNKNOWN_KEY,
      .words = "issuer" },
    { .what = "signed by another key",
      .usage = "digitalSignature",
      .other_key = true,
      .want = SIGNATURE_WRONG,
      .words = "not one of" },
    { .what = "for nothing", .want = SIGNATURE_FORBIDDEN, .words = "keyUsage" },
    { .what = "for keys",
      .usage = "keyAgreement",
      .want = SIGNATURE_FORBIDDEN,
      .words = "digitalSignature" },
    { .what = "for a web server",
      .usage = "digitalSignature",
      .usages = "serverAuth",
      .want = SIGNATURE_FORBIDDEN,
      .words = "codeSigning" },
    { .what = "RSA",
      .usage = "digitalSignature",
      .rsa = true,
      .want = SIGNATURE_FORBIDDEN,
      .words = "P-256" },
    { .what = "issued by no CA",
      .usage = "digitalSignature",
      .middle_no_ca = true,
      .want = SIGNATURE_FORBIDDEN,
      .words = "no certificate authority" },
};

static int64_t days(int64_t n, int64_t far)
{
    return NOW + (n ? n : far) * DAY;
}

static void make_chain(struct chain *c, const struct chain_row *row)
{
    struct kit_certificate root = {
        .name = "root", .from = NOW - 1000 * DAY, .basic = CA, .usage = "keyCertSign"
    };
    struct kit_certificate middle = { .name = "middle",
                                      .from = NOW - 900 * DAY,
                                      .basic = CA,
                                      .usage = "keyCertSign",
                                      .to = NOW + 900 * DAY };
    struct kit_certificate leaf = { .name = "leaf",
                                    .usage = row->usage,
                                    .usages = row->usages,
                                    .names = row->names,
                                    .basic = row->basic };

    c->root_key = kit_key("P-256");
    c->middle_key = kit_key("P-256");
    c->leaf_key = row->rsa ? EVP_RSA_gen(2048) : kit_key(row->curve ? row->curve : "P-256");
    root.key = c->root_key;
    root.to = days(row->root_to, 1000);
    c->root = kit_certify(&root);
    middle.key = c->middle_key, middle.issuer = c->root, middle.issuer_key = c->root_key;
    middle.basic = row->middle_no_ca ? "critical,CA:FALSE" : CA;
    c->middle = kit_certify(&middle);
    leaf.key = c->leaf_key, leaf.issuer = c->middle, leaf.issuer_key = c->middle_key;
    leaf.from = days(row->from, -800), leaf.to = days(row->leaf_to, 300);
    c->leaf = kit_certify(&leaf);
}

static void free_chain(struct chain *c)
{
    EVP_PKEY_free(c->root_key);
    EVP_PKEY_free(c->middle_key);
    EVP_PKEY_free(c->leaf_key);
    X509_free(c->root);
    X509_free(c->middle);
    X509_free(c->leaf);
}

static void put_der(struct buf *out, X509 *x)
{
    uint8_t *der = NULL;
    int n = i2d_X509(x, &der);

    (void)buf_puts(out, "{\"rawBytes\":\"");
    (void)dsse_put_base64(out, span_of(der, (size_t)n));
    (void)buf_puts(out, "\"}");
    OPENSSL_free(der);
}

static void chain_bundle(struct buf *out, const struct chain *c, bool middle, EVP_PKEY *signer)
{
    static const struct statement good = { .what = "good" };
    struct buf text, statement;

    buf_init(&text, 65536);
    (void)buf_puts(&text, "{" MEDIA ",\"verificationMaterial\":{\"x509CertificateChain\":"
                          "{\"certificates\":[");
    put_der(&text, c->leaf);
    if (middle) {
        (void)buf_putc(&text, ',');
        put_der(&text, c->middle);
    }
    (void)buf_puts(&text, "]},\"tlogEntries\":[]},\"dsseEnvelope\":" ENVELOPE "}");
    make_statement(&statement, &good);
    make_bundle(out, text.p, signer, span_of(statement.p, statement.n));
    buf_free(&statement);
    buf_free(&text);
}

TEST(modelsign_certificates)
{
    struct chain other;

    make_chain(&other, &chains[0]);
    for (size_t i = 0; i < ARRAY_LEN(chains); i++) {
        const struct chain_row *row = &chains[i];
        struct keys *k = kit_keys(TRUST_MANIFEST, NOW);
        struct chain c;
        struct buf bundle;
        struct answer a;

        make_chain(&c, row);
        kit_trust_root(k, row->other_root ? other.root : c.root);
        k->identity = row->identity;
        chain_bundle(&bundle, &c, !row->no_middle, row->other_key ? other.leaf_key : c.leaf_key);
        ask(&a, k, span_of(bundle.p, bundle.n));
        CHECK(a.status == PRATIQUE_OK && a.fault == row->want, "%s: %d, fault %d: %s %s", row->what,
              a.status, a.fault, a.why ? a.why : "", a.err.msg);
        CHECK(!row->words || says(&a, row->words), "%s: %s", row->what, a.why ? a.why : "nothing");
        CHECK(a.fault != SIGNATURE_HOLDS || strcmp(a.said.who.key, "root.pem") == 0, "%s: %s",
              row->what, a.said.who.key);
        forget(&a);
        buf_free(&bundle);
        free_chain(&c);
        keys_free(k);
    }
    free_chain(&other);
}

TEST(modelsign_certificates_to_the_last_byte)
{
    struct chain c;
    uint8_t *der = NULL, copy[4096];
    int n;
    X509 *x;

    make_chain(&c, &chains[0]);
    n = i2d_X509(c.leaf, &der);
    memcpy(copy, der, (size_t)n);
    copy[n] = 0;
    x = x509_read(span_of(copy, (size_t)n));
    CHECK(x != NULL, "as it is");
    X509_free(x);
    CHECK(x509_read(span_of(copy, (size_t)n + 1)) == NULL, "a byte more");
    CHECK(x509_read(span_of(copy, (size_t)n - 1)) == NULL, "a byte less");
    CHECK(x509_read(SPAN_EMPTY) == NULL, "nothing");
    OPENSSL_free(der);
    free_chain(&c);
}

/* A key is none of a certificate's, a root none of a hint's; other keys beside do no harm. */
TEST(modelsign_kinds_of_keys_do_not_mix)
{
    static const struct statement good = { .what = "good" };
    struct keys *roots = kit_keys(TRUST_MANIFEST, NOW), *plain = kit_keys(TRUST_MANIFEST, NOW);
    struct buf statement, by_hint, by_chain;
    struct chain c;
    struct answer a;

    make_chain(&c, &chains[0]);
    kit_trust_root(roots, c.root);
    kit_trust(plain, c.leaf_key);
    make_statement(&statement, &good);
    make_bundle(&by_hint, BUNDLE, c.leaf_key, span_of(statement.p, statement.n));
    chain_bundle(&by_chain, &c, true, c.leaf_key);
    ask(&a, roots, span_of(by_hint.p, by_hint.n));
    CHECK(a.fault == SIGNATURE_UNKNOWN_KEY, "a hint, and roots alone: %s", a.why);
    forget(&a);
    ask(&a, plain, span_of(by_chain.p, by_chain.n));
    CHECK(a.fault == SIGNATURE_UNKNOWN_KEY && says(&a, "no root"), "a chain, and keys alone: %s",
          a.why);
    forget(&a);
    kit_trust(roots, c.leaf_key);
    ask(&a, roots, span_of(by_hint.p, by_hint.n));
    CHECK(a.fault == SIGNATURE_HOLDS, "a hint, and both: %s", a.why);
    forget(&a);
    buf_free(&statement);
    buf_free(&by_hint);
    buf_free(&by_chain);
    free_chain(&c);
    keys_free(roots);
    keys_free(plain);
}

/* ---- signing ---- */

TEST(modelsign_order)
{
    static const char *const sorted[] = { "a",   "a/b", "a/b/c", "a/c", "a b",     "a-b",
                                          "a.b", "a0",  "aa",    "b",   "\xc3\xa4" };

    for (size_t i = 0; i < ARRAY_LEN(sorted); i++)
        for (size_t k = 0; k < ARRAY_LEN(sorted); k++) {
            int want = i < k ? -1 : i > k, got = modelsign_compare(sorted[i], sorted[k]);

            CHECK((got > 0) - (got < 0) == want, "%s and %s: %d", sorted[i], sorted[k], got);
        }
}

/* Writes a secret key as a file; its name is made in path. */
static void write_secret(EVP_PKEY *key, char path[32])
{
    FILE *f;

    strcpy(path, "/tmp/pratique-keyXXXXXX");
    f = fdopen(mkstemp(path), "w");
    (void)PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
    (void)fclose(f);
}

static void a_manifest(struct pratique_manifest **out)
{
    static const char *const paths[] = { "a-b", "a.bin", "a/c" };
    struct pratique_manifest *m = manifest_new();

    m->artifacts = arena_array(&m->arena, ARRAY_LEN(paths), sizeof *m->artifacts);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        m->artifacts[m->n++] =
            (struct pratique_artifact){ .path = paths[i], .sha256 = i % 2 ? D2 : D1 };
    (void)buf_puts(&m->text, "{}");
    *out = m;
}

TEST(modelsign_signs_what_it_verifies)
{
    static const char *const curves[] = { "P-256", "P-384", "P-521" };

    for (size_t i = 0; i < ARRAY_LEN(curves); i++) {
        EVP_PKEY *key = kit_key(curves[i]);
        struct keys *k = kit_keys(TRUST_MANIFEST, NOW);
        struct pratique_manifest *m;
        struct pratique_error err = { 0 };
        char path[32];
        struct pratique_sign_options options = { .key = path, .output = "/x/my.sig" };
        struct buf bundle;
        struct answer a;

        write_secret(key, path);
        kit_trust(k, key);
        a_manifest(&m);
        buf_init(&bundle, 65536);
        CHECK(modelsign_sign(m, "MANIFEST.json", "a \"model\"", &options, &bundle, &err) ==
                  PRATIQUE_OK,
              "%s: %s", curves[i], err.msg);
        CHECK(modelsign_looks_like(span_of(bundle.p, bundle.n)), "%s: looks", curves[i]);
        ask(&a, k, span_of(bundle.p, bundle.n));
        CHECK(a.fault == SIGNATURE_HOLDS && a.said.manifest && a.said.manifest->n == 4, "%s: %s %s",
              curves[i], a.why ? a.why : "", a.err.msg);
        CHECK(a.said.excused_n == 2 && strcmp(a.said.excused[1], "my.sig") == 0, "%s: excused",
              curves[i]);
        forget(&a);
        buf_free(&bundle);
        pratique_manifest_free(m);
        (void)unlink(path);
        keys_free(k);
        EVP_PKEY_free(key);
    }
}

/* With certificates: those of another key are no use, those of this one hold. */
TEST(modelsign_signs_with_certificates)
{
    struct keys *k = kit_keys(TRUST_MANIFEST, NOW);
    struct pratique_error err = { 0 };
    struct pratique_manifest *m;
    struct buf bundle, pem;
    struct chain c;
    struct answer a;
    char path[32], certificate[32] = "/tmp/pratique-pemXXXXXX";
    const char *list[] = { certificate };
    struct pratique_sign_options options = { .key = path,
                                             .certificates = list,
                                             .certificates_n = 1 };
    FILE *f = fdopen(mkstemp(certificate), "w");

    make_chain(&c, &chains[0]);
    kit_trust_root(k, c.root);
    write_secret(c.leaf_key, path);
    buf_init(&pem, 65536);
    kit_certificate_pem(c.leaf, &pem);
    kit_certificate_pem(c.middle, &pem);
    (void)fwrite(pem.p, 1, pem.n, f);
    (void)fclose(f);
    a_manifest(&m);
    buf_init(&bundle, 65536);
    CHECK(modelsign_sign(m, NULL, "m", &options, &bundle, &err) == PRATIQUE_OK, "%s", err.msg);
    ask(&a, k, span_of(bundle.p, bundle.n));
    CHECK(a.fault == SIGNATURE_HOLDS && a.said.manifest->n == 3, "%s", a.why ? a.why : "");
    forget(&a);
    (void)unlink(path);
    write_secret(c.middle_key, path);
    buf_clear(&bundle);
    CHECK(modelsign_sign(m, NULL, "m", &options, &bundle, &err) == PRATIQUE_E_USAGE &&
              strstr(err.msg, "not that of the key"),
          "another key: %s", err.msg);
    (void)unlink(path);
    (void)unlink(certificate);
    buf_free(&bundle);
    buf_free(&pem);
    pratique_manifest_free(m);
    free_chain(&c);
    keys_free(k);
}
