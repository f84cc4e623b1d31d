/* See worth.h. */
#include "format/table/worth.h"

#include "base/compiler.h"
#include "format/pickle/pickle.h"

static bool starts_as_file(struct span value)
{
    static const struct span magics[] = {
        SPAN_LITERAL("PK\3\4"),
        SPAN_LITERAL("\x7f"
                     "ELF"),
        SPAN_LITERAL("MZ"),
        SPAN_LITERAL("\x1f\x8b\x08"),
        SPAN_LITERAL("\xca\xfe\xba\xbe"),
        SPAN_LITERAL("\xcf\xfa\xed\xfe"),
        SPAN_LITERAL("\x93NUMPY"),
        SPAN_LITERAL("\x89HDF\r\n"),
        SPAN_LITERAL("#!/"),
        SPAN_LITERAL("\xe3\0\0\0\0"),
        SPAN_LITERAL("\x28\xb5\x2f\xfd"),
        SPAN_LITERAL("\xfd"
                     "7zXZ"),
        SPAN_LITERAL("BZh"),
    };

    for (size_t i = 0; i < ARRAY_LEN(magics); i++)
        if (span_starts(value, magics[i]))
            return true;
    return false;
}

/* Protocols from 2 on announce themselves. */
static bool is_binary_pickle(struct span value)
{
    return value.n >= 4 && value.p[0] == 0x80 && value.p[1] <= 5;
}

/* Those before start with MARK or a name or a container. */
static bool is_text_pickle(struct span value)
{
    return value.n >= 4 && memchr("c(]})iI", value.p[0], 7) && value.p[value.n - 1] == '.';
}

bool worth_a_look(struct span value)
{
    if (is_binary_pickle(value))
        return pickle_walks(value);
    if (is_text_pickle(value))
        return pickle_looks_like(value);
    return value.n >= 4 && starts_as_file(value);
}

size_t worth_bytes(struct span value)
{
    return is_binary_pickle(value) || is_text_pickle(value) ? value.n : 0;
}
