/*
 * Landlock (Linux 5.13 and later; Documentation/userspace-api/landlock.rst): a
 * ruleset that handles every right the running kernel knows and grants none.
 * The rights of later kernels are not in the headers of older ones, so the
 * interface is written out here: rights 0 to 12 came with ABI 1.
 */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* struct landlock_ruleset_attr, as far as ABI 7 knows it; older kernels are told a shorter one. */
struct ruleset {
    uint64_t fs, net, scope;
};

#define VERSION_FLAG 1u

/* What each ABI added; the size is that of the attribute it understands. */
static const struct step {
    int abi;
    struct ruleset adds;
    size_t size;
} ladder[] = {
    { 1, { .fs = 0x1fff }, 8 },   /* execute ... make_sym */
    { 2, { .fs = 1 << 13 }, 8 },  /* refer */
    { 3, { .fs = 1 << 14 }, 8 },  /* truncate */
    { 4, { .net = 0x3 }, 16 },    /* bind and connect TCP */
    { 5, { .fs = 1 << 15 }, 16 }, /* ioctl on devices */
    { 6, { .scope = 0x3 }, 24 },  /* abstract unix sockets, signals */
};

/* Of the rights on the network: binding a TCP port. */
#define NET_BIND 0x1u

/* Handles every right but those on the network in net_left. */
static int restrict_self(int abi, uint64_t net_left)
{
    struct ruleset all = { 0 };
    size_t size = 0;
    int fd, rc;

    for (size_t i = 0; i < ARRAY_LEN(ladder) && ladder[i].abi <= abi; i++) {
        all.fs |= ladder[i].adds.fs;
        all.net |= ladder[i].adds.net;
        all.scope |= ladder[i].adds.scope;
        size = ladder[i].size;
    }
    all.net &= ~net_left;
    fd = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
    if (fd == -1)
        return -1;
    rc = (int)syscall(SYS_landlock_restrict_self, fd, 0);
    (void)close(fd);
    return rc;
}

static const char *reason(void)
{
    switch (errno) {
    case ENOSYS:
        return "the kernel has no Landlock";
    case EOPNOTSUPP:
        return "Landlock is switched off at boot";
    case EPERM:
        return "needs no-new-privs";
    default:
        return strerror(errno);
    }
}

static void restrict_to(struct sandbox_layer *layer, uint64_t net_left, const char *net)
{
    int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION_FLAG);

    if (abi < 1 || restrict_self(abi, net_left) != 0)
        sandbox_set(layer, false, "%s", reason());
    else
        sandbox_set(layer, true, "ABI %d, no files%s%s", abi, abi >= 4 ? net : "",
                    abi >= 6 ? ", no signals out" : "");
}

void sandbox_landlock(struct sandbox_layer *layer)
{
    restrict_to(layer, 0, ", no TCP");
}

void sandbox_landlock_server(struct sandbox_layer *layer)
{
    restrict_to(layer, NET_BIND, ", no TCP out");
}
