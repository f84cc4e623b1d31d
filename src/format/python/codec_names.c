/* Which codec a name means, as CPython's encodings.search_function() and its aliases have it. */
#include "format/python/codec.h"

static const struct py_codec codecs[] = {
    { "utf_8", "utf-8", py_decode_utf8, NULL, 0, CODEC_ASCII },
    { "latin_1", "iso-8859-1", py_decode_map, NULL, 0, CODEC_ASCII },
    { "ascii", "ascii", py_decode_ascii, NULL, 0, CODEC_ASCII },
};

const struct py_codec *py_codec_find(struct span name)
{
    static const struct {
        const char *alias;
        unsigned codec;
    } aliases[] = {
        { "utf8", 0 },       { "utf-8", 0 }, { "latin1", 1 },
        { "iso-8859-1", 1 }, { "ascii", 2 }, { "us-ascii", 2 },
    };

    for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
        if (span_is(name, aliases[i].alias))
            return &codecs[aliases[i].codec];
    return NULL;
}
