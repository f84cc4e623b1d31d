/*
 * Landlock (Linux 5.13 and later; Documentation/userspace-api/landlock.rst): a
 * ruleset that handles every right the running kernel knows and grants none.
 * The rights of later kernels are not in the headers of older ones, so the
 * interface is written out here: rights 0 to 12 came with ABI 1.
 */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
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

/* Every right that the interface of that number knows; the size of the attribute. */
static size_t all_rights(int abi, struct ruleset *all)
{
    size_t size = 0;

    *all = (struct ruleset){ 0 };
    for (size_t i = 0; i < ARRAY_LEN(ladder) && ladder[i].abi <= abi; i++) {
        all->fs |= ladder[i].adds.fs;
        all->net |= ladder[i].adds.net;
        all->scope |= ladder[i].adds.scope;
        size = ladder[i].size;
    }
    return size;
}

/* Handles every right but those on the network in net_left. */
static int restrict_self(int abi, uint64_t net_left)
{
    struct ruleset all;
    size_t size = all_rights(abi, &all);
    int fd, rc;

    all.net &= ~net_left;
    fd = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
    if (fd == -1)
        return -1;
    rc = (int)syscall(SYS_landlock_restrict_self, fd, 0);
    (void)close(fd);
    return rc;
}

/* struct landlock_path_beneath_attr, which is packed. */
struct beneath {
    uint64_t rights;
    int32_t parent;
} __attribute__((packed));

#define RULE_PATH_BENEATH 1
#define FS_EXECUTE        (1u << 0)
#define FS_WRITE_FILE     (1u << 1)
#define FS_READ_FILE      (1u << 2)
#define FS_READ_DIR       (1u << 3)
#define FS_TRUNCATE       (1u << 14)
#define FS_IOCTL_DEV      (1u << 15)
/* Those that a rule for what is no folder may speak of. */
#define FS_OF_FILES (FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

static bool grant(int ruleset, const struct ruleset *all, const struct sandbox_grant *g)
{
    struct beneath b = { .parent = open(g->path, O_PATH | O_CLOEXEC) };
    struct stat st;
    bool ok;

    if (b.parent == -1)
        return errno == ENOENT || errno == ENOTDIR;
    b.rights =
        g->right == SANDBOX_WRITE ? all->fs : all->fs & (FS_EXECUTE | FS_READ_FILE | FS_READ_DIR);
    if (fstat(b.parent, &st) != 0 || !S_ISDIR(st.st_mode))
        b.rights &= FS_OF_FILES;
    ok = syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &b, 0) == 0;
    (void)close(b.parent);
    return ok;
}

int sandbox_landlock_abi(void)
{
    return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION_FLAG);
}

bool sandbox_landlock_grants(const struct sandbox_grant *grants, size_t n)
{
    struct ruleset all;
    size_t size = all_rights(sandbox_landlock_abi(), &all);
    bool ok = true;
    int fd;

    all.net = 0;
    fd = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
    if (fd == -1)
        return false;
    for (size_t i = 0; ok && i < n; i++)
        ok = grant(fd, &all, &grants[i]);
    ok = ok && syscall(SYS_landlock_restrict_self, fd, 0) == 0;
    (void)close(fd);
    return ok;
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
    int abi = sandbox_landlock_abi();

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
