/* See worth.h. */
#include "format/table/worth.h"

#include "format/model/hidden.h"
#include "format/pickle/pickle.h"

/* Protocols from 2 on announce themselves; those before start with MARK or a name or a container.
 */
bool worth_a_look(struct span value)
{
    if (value.n < 4)
        return false;
    if (value.p[0] == 0x80 && value.p[1] <= 5)
        return pickle_walks(value);
    if (memchr("c(]})iI", value.p[0], 7) && value.p[value.n - 1] == '.')
        return pickle_looks_like(value);
    return hidden_has_magic(value);
}
