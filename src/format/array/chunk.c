/*
 * Stores of arrays in folders: zarr, N5, TensorStore and Orbax. Chunks are known by their paths;
 * the description of an array (zarr.json, .zarray) names the codecs that a chunk goes through when
 * it is read, and a codec that unpickles runs what the chunk says.
 *
 * Spec: zarr-specs.readthedocs.io, versions 2 and 3; numcodecs 0.16; tensorstore, driver/zarr3.
 */
#include "base/compiler.h"
#include "base/digit.h"
#include "format/array/array.h"
#include "format/path.h"

static bool all_hex(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (digit_hex(s.p[i]) < 0 || (s.p[i] >= 'A' && s.p[i] <= 'F'))
            return false;
    return s.n == 32;
}

/* "0", "12.3": digits, and dots between them. */
static bool all_digits(struct span s, bool dots)
{
    bool digit = false;

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= '0' && s.p[i] <= '9')
            digit = true;
        else if (dots && digit && s.p[i] == '.')
            digit = false;
        else
            return false;
    }
    return digit;
}

/* Cuts the last part of a path off. */
static struct span last_part(struct span *path)
{
    size_t n = path->n;
    struct span part;

    while (n > 0 && path->p[n - 1] != '/')
        n--;
    part = span_from(*path, n);
    path->n = n > 0 ? n - 1 : 0;
    return part;
}

bool array_is_chunk(const struct scan *s)
{
    const struct where *w = s->where;
    struct span path, part;

    while (w && w->parent)
        w = w->parent;
    if (!w)
        return false;
    path = span_text(w->name);
    part = last_part(&path);
    if (all_hex(part))
        return span_is(last_part(&path), "d");
    if (path.n == 0 || !all_digits(part, true))
        return false;
    if (span_find(part, 0, SPAN_LITERAL(".")) != SIZE_MAX)
        return true;
    part = last_part(&path);
    while (all_digits(part, false) && path.n > 0)
        part = last_part(&path);
    return part.n > 0;
}

/* ---- descriptions ---- */

/* Codecs of numcodecs and of zarr itself that turn bytes into bytes, or into numbers and texts. */
static bool is_plain_codec(struct span id)
{
    static const char *const names[] = {
        "zlib",
        "gzip",
        "bz2",
        "lzma",
        "blosc",
        "zstd",
        "lz4",
        "shuffle",
        "delta",
        "quantize",
        "fixedscaleoffset",
        "packbits",
        "astype",
        "categorize",
        "bitround",
        "crc32",
        "crc32c",
        "adler32",
        "fletcher32",
        "jenkins_lookup3",
        "vlen-utf8",
        "vlen-bytes",
        "vlen-array",
        "json2",
        "base64",
        "msgpack2",
        "bytes",
        "transpose",
        "sharding_indexed",
        "null",
        "pcodec",
        "zfpy",
        "endian",
        "bitpack",
        "lzf",
        "reshape",
        "cast_value",
        "scale_offset",
        "zfp",
        "packbits8",
        "optional",
    };

    if (span_starts(id, SPAN_LITERAL("numcodecs.")))
        (void)skip(&id, 10);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(id, names[i]))
            return true;
    return false;
}

static bool is_pickle_codec(struct span id)
{
    if (span_starts(id, SPAN_LITERAL("numcodecs.")))
        (void)skip(&id, 10);
    return span_is(id, "pickle") || span_is(id, "dill") || span_is(id, "cloudpickle");
}

/* A codec stands in an object with "id" (version 2), or with "name" in a list of codecs (3). */
static bool is_codec(const struct doc *d, doc_id id)
{
    struct span key = doc_key(d, id), above = doc_key(d, doc_parent(d, doc_parent(d, id)));
    struct span own = doc_key(d, doc_parent(d, id));

    if (doc_kind(d, id) != DOC_STRING)
        return false;
    if (span_is(key, "id"))
        return span_is(own, "compressor") || span_is(above, "filters") ||
               span_is(above, "compressors");
    return span_is(key, "name") && (span_is(above, "codecs") || span_is(above, "index_codecs"));
}

static bool is_type(struct span key)
{
    return span_is(key, "dtype") || span_is(key, "data_type");
}

static enum pratique_status tell(const struct doc *d)
{
    for (doc_id id = 0; id != DOC_NONE; id = doc_walk(d, id)) {
        struct span text;

        if (is_codec(d, id)) {
            text = doc_text(d, id);
            if (is_pickle_codec(text))
                doc_fact(d, FACT_CODEC_PICKLE, id, text, SPAN_EMPTY);
            else if (!is_plain_codec(text))
                doc_fact(d, FACT_CODEC_UNKNOWN, id, text, SPAN_EMPTY);
        }
    }
    return PRATIQUE_OK;
}

/* Objects without a codec of their own: what their bytes are is not told. */
static enum pratique_status tell_zarr(const struct doc *d)
{
    doc_id filters = doc_get(d, 0, "filters");

    for (doc_id id = doc_first(d, 0); id != DOC_NONE; id = doc_next(d, id))
        if (is_type(doc_key(d, id)) && array_is_object(doc_text(d, id)) &&
            doc_count(d, filters) == 0)
            doc_fact(d, FACT_ARRAY_OBJECTS, id, doc_key(d, id), doc_text(d, id));
    return tell(d);
}

static bool matches(const struct doc *d)
{
    return doc_kind(d, 0) == DOC_OBJECT && (doc_get(d, 0, "zarr_format") != DOC_NONE ||
                                            doc_get(d, 0, "zarr_consolidated_format") != DOC_NONE);
}

const struct doc_reader array_zarr_reader = {
    .name = "zarr",
    .matches = matches,
    .tell = tell_zarr,
};
