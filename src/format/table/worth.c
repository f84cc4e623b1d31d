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

bool worth_a_walk(struct span value, size_t *walked)
{
    *walked = 0;
    if (is_binary_pickle(value) || is_text_pickle(value))
        return pickle_walk(value, walked);
    return value.n >= 4 && hidden_has_magic(value);
}

bool worth_a_look(struct span value)
{
    size_t walked;

    return worth_a_walk(value, &walked);
}
