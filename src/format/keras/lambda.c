/*
 * Lambda layers, and whatever is kept as text that is bytes: code objects (marshal, in base64 since
 * Keras 2.0.7, as characters before), pickles of torch modules.
 *
 * Spec: keras/src/utils/python_utils.py (func_dump, func_load), keras/src/utils/torch_utils.py.
 */
#include <stdio.h>

#include "base/compiler.h"
#include "format/keras/parts.h"
#include "format/marshal/marshal.h"
#include "format/model/model.h"
#include "format/pickle/pickle.h"
#include "input/base64.h"

/* Shorter texts hold no code object: its counts alone are 16 bytes. */
#define TEXT_MIN 24

/* Characters as bytes, as codecs' raw_unicode_escape writes those below 256. */
static size_t from_latin(struct span text, uint8_t *out, size_t max)
{
    size_t n = 0;

    for (size_t i = 0; i < text.n && n < max; i++) {
        uint8_t c = text.p[i];

        if ((c & 0xFE) == 0xC2 && i + 1 < text.n) /* U+0080 to U+00FF */
            c = (uint8_t)(c << 6 | (text.p[++i] & 0x3F));
        out[n++] = c;
    }
    return n;
}

enum encoding { ENCODED_NOT, ENCODED_BASE64, ENCODED_LATIN };

/* What the bytes start with is told from their first few. */
static bool is_program(struct span head)
{
    return marshal_looks_like_code(head) || span_starts(head, SPAN_LITERAL("PK\x03\x04")) ||
           pickle_looks_like(head) || span_starts(head, SPAN_LITERAL("\x80\x02")) ||
           span_starts(head, SPAN_LITERAL("\x80\x03")) ||
           span_starts(head, SPAN_LITERAL("\x80\x04")) ||
           span_starts(head, SPAN_LITERAL("\x80\x05"));
}

#define HEAD_BYTES 64

/* A marshalled code object whose code lies behind the head: its length cannot be checked there. */
static bool is_code_head(struct span head)
{
    static const size_t places[] = { 17, 21, 25 };
    uint8_t type = head.n ? head.p[0] & 0x7F : 0;

    if (type != 'c' || head.n < 30)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(places); i++)
        if ((head.p[places[i]] & 0x7F) == 's' && head.p[places[i] - 1] < 0x10)
            return true;
    return false;
}

static enum encoding encoding_of(struct span text)
{
    uint8_t head[HEAD_BYTES];
    size_t n = base64_loose(text, false, head, sizeof head);

    if (is_code_head(span_of(head, n)) || is_program(span_of(head, n)))
        return ENCODED_BASE64;
    n = from_latin(text, head, sizeof head);
    return is_code_head(span_of(head, n)) ? ENCODED_LATIN : ENCODED_NOT;
}

/* A code object is read as one; all else is a file inside this one. */
static enum pratique_status hand_on(struct keras *k, doc_id id, struct span bytes)
{
    enum pratique_status st;

    if (!is_code_head(bytes) && !marshal_looks_like_code(bytes))
        return model_embedded(k->s, bytes, SPAN_LITERAL("text in the configuration"));
    keras_fact(k, FACT_KERAS_LAMBDA, id, SPAN_LITERAL("Lambda"), "its code is in the file");
    st = marshal_tell(k->s, bytes, "a Lambda layer");
    return st == PRATIQUE_E_FORMAT ? PRATIQUE_OK : st; /* no version would load it */
}

enum pratique_status keras_text(struct keras *k, doc_id id)
{
    struct span text = doc_text(k->d, id);
    enum encoding encoding = text.n < TEXT_MIN ? ENCODED_NOT : encoding_of(text);
    enum pratique_status st;
    uint8_t *bytes;
    size_t n;

    if (encoding == ENCODED_NOT)
        return PRATIQUE_OK;
    bytes = scan_map(k->s, text.n);
    if (!bytes)
        return scan_fail_budget(k->s, doc_offset(k->d, id));
    n = encoding == ENCODED_BASE64 ? base64_loose(text, false, bytes, text.n)
                                   : from_latin(text, bytes, text.n);
    st = hand_on(k, id, span_of(bytes, n));
    scan_unmap(k->s, bytes, text.n);
    return st;
}

/* ---- Lambda layers ---- */

/* What a key of a Lambda layer may hold a function under. */
static const char *const functions[] = { "function", "output_shape", "mask" };

/* Keras 1 and 2 say beside it what it is. */
static bool is_type(struct keras *k, doc_id config, const char *key, const char *type)
{
    char name[32];
    size_t n = strlen(key);

    memcpy(name, key, n);
    memcpy(name + n, "_type", 6);
    return doc_is(k->d, doc_get(k->d, config, name), type);
}

static struct span layer_name(struct keras *k, doc_id config)
{
    struct span name = doc_get_text(k->d, config, "name");

    return name.n ? name : SPAN_LITERAL("Lambda");
}

/* A function by name: of a module that Keras 2 looks into, or one that the caller hands in. */
static void tell_named(struct keras *k, doc_id id, doc_id config, struct span name)
{
    struct span module = doc_get_text(k->d, config, "module");
    char full[512];
    int n = snprintf(full, sizeof full, "%.*s.%.*s", (int)module.n, (const char *)module.p,
                     (int)name.n, (const char *)name.p);

    if (module.n && !span_is(module, "__main__") && !keras_is_module(module) && n > 0 &&
        n < (int)sizeof full)
        keras_code(k, id, span_of(full, (size_t)n), "a Lambda layer");
    keras_fact(k, FACT_KERAS_CUSTOM, id, name, "the function of a Lambda layer, by its name");
}

static void tell_function(struct keras *k, doc_id id, doc_id config, const char *key)
{
    doc_id value = doc_get(k->d, config, key);
    enum doc_kind kind = doc_kind(k->d, value);
    bool shape = strcmp(key, "output_shape") == 0 || strcmp(key, "mask") == 0;

    if (is_type(k, config, key, "lambda"))
        keras_fact(k, FACT_KERAS_LAMBDA, id, layer_name(k, config), "its code is in the file");
    else if (kind == DOC_STRING)
        tell_named(k, id, config, doc_text(k->d, value));
    else if (kind == DOC_ARRAY && !shape)
        keras_fact(k, FACT_KERAS_LAMBDA, id, layer_name(k, config), "its code is in the file");
}

void keras_lambda(struct keras *k, doc_id id, doc_id config)
{
    k->lambdas++;
    for (size_t i = 0; i < ARRAY_LEN(functions); i++)
        tell_function(k, id, config, functions[i]);
    if (doc_kind(k->d, doc_get(k->d, config, "function")) == DOC_NULL)
        keras_fact(k, FACT_KERAS_CUSTOM, id, layer_name(k, config), "a Lambda layer, no function");
}
