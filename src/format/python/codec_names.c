/*
 * Which codec a name means: encodings.normalize_encoding(), then the aliases, then the modules
 * of CPython's `encodings`. The lists are CPython's own (tools/codecs/make.py).
 */
#include <stdlib.h>

#include "format/python/codec.h"

/* Numbers in codec_single.def: runs of successors, and of bytes without a character. */
#define R2(x)  (x), (x) + 1
#define R4(x)  R2(x), R2((x) + 2)
#define R8(x)  R4(x), R4((x) + 4)
#define R16(x) R8(x), R8((x) + 8)
#define R32(x) R16(x), R16((x) + 16)
#define G2     0xFFFE, 0xFFFE
#define G4     G2, G2
#define G8     G4, G4
#define G16    G8, G8
#define G32    G16, G16
#define G64    G32, G32

#include "format/python/codec_single.def"

enum number {
#define CODEC(name, title, decode, map, variant, flags) M_##name,
#define CODECS
#include "format/python/codec_names.def"
#undef CODEC
};

static const struct py_codec codecs[] = {
#define CODEC(name, title, decode, map, variant, flags)                                            \
    { #name, title, decode, map, variant, flags },
#define CODECS
#include "format/python/codec_names.def"
#undef CODEC
};

static const struct alias {
    const char *name;
    uint16_t codec; /* enum number */
} aliases[] = {
#define ALIAS(name, codec) { name, M_##codec },
#define ALIASES
#include "format/python/codec_names.def"
#undef ALIAS
};

#define NAME_MAX_LEN 64 /* no name is longer */

/* Lower case, what is neither letter, digit nor dot as one '_', none at the ends; or "". */
static void normalize(struct span name, char out[NAME_MAX_LEN])
{
    bool gap = false;
    size_t n = 0;

    for (size_t i = 0; i < name.n && n < NAME_MAX_LEN - 2; i++) {
        uint8_t c = name.p[i], low = c | 0x20;

        if (!(c >= '0' && c <= '9') && !(low >= 'a' && low <= 'z') && c != '.') {
            gap = n > 0;
            continue;
        }
        if (gap)
            out[n++] = '_';
        gap = false;
        out[n++] = (char)(c >= 'A' && c <= 'Z' ? low : c);
    }
    out[n < NAME_MAX_LEN - 2 ? n : 0] = '\0';
}

static int by_alias(const void *key, const void *row)
{
    return strcmp(key, ((const struct alias *)row)->name);
}

static int by_name(const void *key, const void *row)
{
    return strcmp(key, ((const struct py_codec *)row)->name);
}

static const struct py_codec *by_any_alias(char *word)
{
    const struct alias *hit = bsearch(word, aliases, ARRAY_LEN(aliases), sizeof *aliases, by_alias);

    return hit ? &codecs[hit->codec] : NULL;
}

const struct py_codec *py_codec_find(struct span name)
{
    char word[NAME_MAX_LEN], plain[NAME_MAX_LEN];
    const struct py_codec *codec;

    normalize(name, word);
    memcpy(plain, word, sizeof plain);
    for (char *dot = plain; (dot = strchr(dot, '.'));)
        *dot = '_';
    codec = by_any_alias(word);
    if (!codec)
        codec = by_any_alias(plain);
    if (!codec)
        codec = bsearch(word, codecs, ARRAY_LEN(codecs), sizeof *codecs, by_name);
    return codec;
}
