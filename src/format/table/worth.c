/* See worth.h. */
#include "format/table/worth.h"

#include "format/model/hidden.h"
#include "format/pickle/pickle.h"

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
    return hidden_has_magic(value);
}

size_t worth_bytes(struct span value)
{
    return is_binary_pickle(value) || is_text_pickle(value) ? value.n : 0;
}
