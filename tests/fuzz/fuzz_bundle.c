/*
 * Bundles, envelopes and the statements in them, as the children read them and the parent hears
 * them. What is told is whole, and a fault is all that is told with it; an envelope that was read
 * is read again as it is written; a manifest is sorted, and its paths are what they must be.
 */
#include <stdlib.h>

#include "harness.h"
#include "trust/attest/modelsign.h"
#include "trust/attest/vsa.h"
#include "trust/manifest/manifest.h"

#define RECORDS ((size_t)4 * 1024 * 1024)

static void must(bool ok)
{
    if (!ok)
        abort();
}

/* Reads and checks the records; false for a fault. */
static bool told(told_reader *read, struct span in, struct buf *out)
{
    struct span rest, bytes;
    enum told tag;
    size_t n = 0;
    bool fault = false;

    buf_init(out, RECORDS);
    read(in, out);
    rest = span_of(out->p, out->n);
    for (; told_take(&rest, &tag, &bytes); n++)
        fault = fault || tag == TOLD_FAULT;
    must(rest.n == 0 && n > 0 && (!fault || n == 1));
    return !fault;
}

static void hear_statement(struct span records)
{
    struct pratique_error err = { 0 };
    struct modelsign said = { .manifest = NULL };
    struct arena arena;
    const char *why = NULL;

    arena_init(&arena, RECORDS);
    if (modelsign_heard(&said, &why, records, &arena, &err) == PRATIQUE_OK && !why) {
        must(said.manifest && said.manifest->n > 0);
        for (size_t i = 0; i < said.manifest->n; i++) {
            const struct pratique_artifact *a = &said.manifest->artifacts[i];

            must(!manifest_path_fault(span_text(a->path)) && strlen(a->sha256) == 64);
            must(i == 0 || strcmp(a[-1].path, a->path) < 0);
        }
        pratique_manifest_free(said.manifest);
    }
    arena_reset(&arena);
}

static void try_statement(struct span in)
{
    struct buf records;

    if (told(modelsign_read, in, &records))
        hear_statement(span_of(records.p, records.n));
    buf_free(&records);
}

static void try_summary(struct span in)
{
    uint8_t digest[SHA256_BYTES] = { 0 };
    struct vsa_said said;
    struct arena arena;
    struct buf records;
    int64_t at = 0;

    arena_init(&arena, RECORDS);
    if (told(vsa_read, in, &records) && vsa_heard(&said, span_of(records.p, records.n)) &&
        statement_digest(said.digest, digest))
        must(vsa_fault(&said, digest, 1790000000, &at, &arena) != NULL || at <= 1790000300);
    buf_free(&records);
    arena_reset(&arena);
}

static void again(const struct dsse *d)
{
    struct dsse same = { SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY };
    struct span rest, bytes;
    struct buf text, records;
    enum told tag;

    buf_init(&text, RECORDS);
    must(dsse_write(&text, d));
    must(told(dsse_read, span_of(text.p, text.n), &records));
    rest = span_of(records.p, records.n);
    while (told_take(&rest, &tag, &bytes))
        must(dsse_heard(&same, tag, bytes));
    must(span_equal(same.type, d->type) && span_equal(same.payload, d->payload) &&
         span_equal(same.keyid, d->keyid) && span_equal(same.signature, d->signature));
    buf_free(&text);
    buf_free(&records);
}

static void try_bundle(struct span in)
{
    struct buf records;
    struct bundle b;

    if (told(bundle_read, in, &records) && !bundle_heard(&b, span_of(records.p, records.n))) {
        must(modelsign_looks_like(in) || in.n > 4096);
        again(&b.envelope);
        for (size_t i = 0; i < b.certificates_n; i++)
            X509_free(x509_read(b.certificates[i]));
        try_statement(b.envelope.payload);
    }
    buf_free(&records);
}

static void try_envelope(struct span in)
{
    struct dsse d = { SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY };
    struct span rest, bytes;
    struct buf records;
    enum told tag;

    if (told(dsse_read, in, &records)) {
        rest = span_of(records.p, records.n);
        while (told_take(&rest, &tag, &bytes))
            must(dsse_heard(&d, tag, bytes));
        if (!dsse_fault(&d)) {
            again(&d);
            try_summary(d.payload);
        }
    }
    buf_free(&records);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n);

    try_bundle(in);
    try_envelope(in);
    try_statement(in);
    try_summary(in);
    hear_statement(in); /* as if a child had told it */
    return 0;
}
