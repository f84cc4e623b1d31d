/* The keeper's course when a command is watched. See keeper.h. */
#include <errno.h>
#include <string.h>

#include "watch/keeper.h"
#include "watch/tree.h"

/* Folders that the command may write are copies: it finds what is there, and changes nothing. */
bool command_folders(struct keeper *k)
{
    for (size_t i = 0; i < k->plan->writable_n; i++)
        if (!tree_copy(k->plan->writable[i].from, k->plan->writable[i].to, WORLD_UID)) {
            tell_plain(&k->teller, EVENT_SETUP, 0, k->plan->writable[i].to, strerror(errno), 0);
            return false;
        }
    return true;
}

bool command_run(struct keeper *k)
{
    if (!runner_start(k))
        return false;
    supervise(k);
    runner_clear(k);
    return true;
}
