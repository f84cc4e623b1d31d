/* Each verified file mounted over itself, for reading only, where the command alone sees it. */
#include "trust/manifest/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool ok = fd != -1 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    if (fd != -1)
        (void)close(fd);
    return ok;
}

/* A user namespace in which we are who we were. */
static bool map_ourselves(uid_t uid, gid_t gid)
{
    char text[64];

    if (!write_file("/proc/self/setgroups", "deny"))
        return false;
    (void)snprintf(text, sizeof text, "%u %u 1\n", gid, gid);
    if (!write_file("/proc/self/gid_map", text))
        return false;
    (void)snprintf(text, sizeof text, "%u %u 1\n", uid, uid);
    return write_file("/proc/self/uid_map", text);
}

static bool new_namespace(void)
{
    uid_t uid = geteuid();
    gid_t gid = getegid();

    if (unshare(CLONE_NEWNS) != 0 &&
        (uid == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 || !map_ourselves(uid, gid)))
        return false;
    return mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) == 0;
}

static bool is(int fd, struct identity want)
{
    struct stat st;

    return fstat(fd, &st) == 0 && (uint64_t)st.st_dev == want.device &&
           (uint64_t)st.st_ino == want.inode;
}

/* Mounts the file of fd over itself. */
static bool mount_over(int fd)
{
    struct mount_attr only_read = { .attr_set = MOUNT_ATTR_RDONLY };
    int tree = open_tree(fd, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
    bool ok = tree != -1 &&
              mount_setattr(tree, "", AT_EMPTY_PATH, &only_read, sizeof only_read) == 0 &&
              move_mount(tree, "", fd, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) == 0;
    int error = errno;

    if (tree != -1)
        (void)close(tree);
    errno = error;
    return ok;
}

static enum guard_mounted mount_file(const struct guard *g, int root, size_t i)
{
    int fd = tree_open(root, g->v->manifest->artifacts[i].path, g->v->links), error;
    enum guard_mounted how = GUARD_MOUNTED;

    if (fd == -1 || !is(fd, g->files[i]))
        how = GUARD_OTHER_FILE;
    else if (!mount_over(fd))
        how = GUARD_NO_MOUNT;
    error = errno;
    if (fd != -1)
        (void)close(fd);
    errno = error;
    return how;
}

enum guard_mounted guard_mount(const struct guard *g, int *error, size_t *which)
{
    enum guard_mounted how = GUARD_MOUNTED;
    int root;

    *which = 0;
    *error = E2BIG;
    if (g->v->manifest->n > GUARD_MOUNTS_MAX)
        return GUARD_NO_MOUNT;
    if (!new_namespace()) {
        *error = errno;
        return GUARD_NO_NAMESPACE;
    }
    root = tree_root(g->v->root_path); /* in the new namespace; the old one cannot be mounted on */
    if (root == -1)
        how = GUARD_OTHER_FILE;
    for (size_t i = 0; how == GUARD_MOUNTED && i < g->v->manifest->n; i++) {
        how = mount_file(g, root, i);
        *which = i;
    }
    *error = errno;
    if (root != -1)
        (void)close(root);
    return how;
}
