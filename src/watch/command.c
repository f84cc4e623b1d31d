/* The keeper's course when a command is watched. See keeper.h. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "watch/keeper.h"
#include "watch/tree.h"

/* Folders that the command may write are copies: it finds what is there, and changes nothing. */
bool command_folders(struct keeper *k)
{
    for (size_t i = 0; i < k->plan->writable_n; i++)
        if (!tree_copy(k->plan->writable[i].from, k->plan->writable[i].to, WORLD_UID,
                       TREE_LINKS_ALL)) {
            tell_plain(&k->teller, EVENT_SETUP, 0, k->plan->writable[i].to, strerror(errno), 0);
            return false;
        }
    return true;
}

/* The folders themselves go to the parent, which keeps what is in them when it may be kept. */
void command_hand_over(struct keeper *k)
{
    union {
        char room[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;

    for (size_t i = 0; i < k->plan->writable_n; i++) {
        struct iovec part = { &(char){ 'f' }, 1 };
        struct msghdr m = { .msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = &control,
                            .msg_controllen = sizeof control };
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        int fd = open(k->plan->writable[i].to, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

        if (fd == -1)
            return;
        *c = (struct cmsghdr){ .cmsg_level = SOL_SOCKET,
                               .cmsg_type = SCM_RIGHTS,
                               .cmsg_len = CMSG_LEN(sizeof fd) };
        memcpy(CMSG_DATA(c), &fd, sizeof fd);
        (void)sendmsg(k->plan->handover[1], &m, MSG_NOSIGNAL);
        (void)close(fd);
    }
}

bool command_run(struct keeper *k)
{
    if (!runner_start(k))
        return false;
    supervise(k);
    runner_clear(k);
    return true;
}
