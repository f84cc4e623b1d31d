/*
 * The private root: a tmpfs with what the configuration binds and writes, /dev, /sys and /proc.
 * It is laid over "/" while "/" stays the root of this process, so that the host's paths can
 * be bound; paths in it are walked from its descriptor and never leave it (openat2(2),
 * RESOLVE_IN_ROOT). Needs Linux 5.12 (mount_setattr).
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/write.h"
#include "sandbox/world_inner.h"

/* It holds folders and small files alone. */
#define DEV_OPTIONS "mode=0755,size=64k,nr_inodes=64"

static int folder_in(int root, const char *path)
{
    struct open_how how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
                            .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };

    return (int)syscall(SYS_openat2, root, *path ? path : ".", &how, sizeof how);
}

/* The folder at path, made with its parents where it is missing. The root is walked again for
 * each part: a part may be a symbolic link, which is to be followed inside. */
static int make_folders(int root, const char *path)
{
    char part[PATH_MAX];
    int at = folder_in(root, "");

    for (const char *end = path; at != -1 && *end;) {
        const char *name = end + strspn(end, "/");
        int next;

        end = name + strcspn(name, "/");
        if (end == name)
            break;
        if ((size_t)(end - path) >= sizeof part) {
            (void)close(at);
            errno = ENAMETOOLONG;
            return -1;
        }
        memcpy(part, path, (size_t)(end - path));
        part[end - path] = '\0';
        next = folder_in(root, part);
        if (next == -1 && errno == ENOENT && mkdirat(at, part + (name - path), 0755) == 0)
            next = folder_in(root, part);
        (void)close(at);
        at = next;
    }
    return at;
}

bool root_parent(int root, const char *path, char name[ROOT_NAME_MAX])
{
    const char *slash = strrchr(path, '/');
    char parent[PATH_MAX];
    int at;
    bool ok;

    errno = ENAMETOOLONG;
    if (!slash || !slash[1] || (size_t)(slash - path) >= sizeof parent ||
        strlen(slash + 1) >= ROOT_NAME_MAX)
        return false;
    memcpy(parent, path, (size_t)(slash - path));
    parent[slash - path] = '\0';
    strcpy(name, slash + 1);
    at = make_folders(root, parent);
    ok = at != -1 && fchdir(at) == 0;
    if (at != -1)
        (void)close(at);
    return ok;
}

static bool seal(const char *name, uint64_t flags, unsigned recursive)
{
    struct mount_attr attr = { .attr_set = flags };

    return syscall(SYS_mount_setattr, AT_FDCWD, name, AT_SYMLINK_NOFOLLOW | recursive, &attr,
                   sizeof attr) == 0;
}

/* An empty folder or file to mount on, in the folder that we are in. */
static bool make_target(const char *name, bool folder)
{
    struct stat st;
    int fd;

    if (fstatat(AT_FDCWD, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        return S_ISDIR(st.st_mode) == folder && !S_ISLNK(st.st_mode);
    if (folder)
        return mkdir(name, 0755) == 0;
    fd = open(name, O_CREAT | O_EXCL | O_RDONLY | O_CLOEXEC, 0644);
    if (fd != -1)
        (void)close(fd);
    return fd != -1;
}

static bool copy_link(const char *from, const char *name)
{
    char text[PATH_MAX];
    ssize_t n = readlink(from, text, sizeof text - 1);

    if (n < 0)
        return false;
    text[n] = '\0';
    return symlink(text, name) == 0 || errno == EEXIST;
}

static const char *target(const struct world_bind *b)
{
    return b->to ? b->to : b->from;
}

static bool bind_one(int root, const struct world_bind *b)
{
    const char *to = target(b);
    char name[ROOT_NAME_MAX];
    struct stat st;

    if (lstat(b->from, &st) != 0)
        return b->optional && (errno == ENOENT || errno == ENOTDIR);
    if (!root_parent(root, to, name))
        return false;
    if (S_ISLNK(st.st_mode) && strcmp(to, b->from) == 0)
        return copy_link(b->from, name);
    if (stat(b->from, &st) != 0)
        return b->optional && errno == ENOENT;
    return make_target(name, S_ISDIR(st.st_mode)) &&
           mount(b->from, name, NULL, MS_BIND | MS_REC, NULL) == 0 &&
           seal(name, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, AT_RECURSIVE);
}

bool root_write(int root, const struct world_file *f)
{
    char name[ROOT_NAME_MAX];
    int fd;
    bool ok;

    if (!root_parent(root, f->path, name))
        return false;
    fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd == -1)
        return false;
    ok = write_all(fd, f->bytes, f->n) && fchmod(fd, f->mode & 0777) == 0;
    (void)close(fd);
    return ok;
}

static bool ends_with(const char *s, const char *tail)
{
    size_t n = strlen(s), t = strlen(tail);

    return n >= t && strcmp(s + n - t, tail) == 0;
}

mode_t root_folder_mode(const char *folder)
{
    return ends_with(folder, "/tmp") || strcmp(folder, "/dev/shm") == 0 ? 01777 : 0755;
}

void root_folder_options(char out[ROOT_OPTIONS_MAX], const char *folder, uint64_t bytes,
                         uid_t owner)
{
    (void)snprintf(out, ROOT_OPTIONS_MAX, "mode=%o,uid=%u,gid=%u,size=%llu",
                   root_folder_mode(folder), owner, owner, (unsigned long long)bytes);
}

static bool make_writable(int root, const struct making *m, const char *folder)
{
    char name[ROOT_NAME_MAX], options[ROOT_OPTIONS_MAX];

    root_folder_options(options, folder, m->config->tmpfs_bytes, m->user);
    return root_parent(root, folder, name) && make_target(name, true) &&
           mount("tmpfs", name, "tmpfs", MS_NOSUID | MS_NODEV, options) == 0;
}

static bool make_devices(int root)
{
    static const char *const nodes[] = { "null", "zero", "full", "random", "urandom", "tty" };
    static const struct {
        const char *name, *to;
    } links[] = { { "fd", "/proc/self/fd" },
                  { "stdin", "/proc/self/fd/0" },
                  { "stdout", "/proc/self/fd/1" },
                  { "stderr", "/proc/self/fd/2" },
                  { "ptmx", "pts/ptmx" } };
    char from[32], name[ROOT_NAME_MAX];

    if (!root_parent(root, "/dev", name) || !make_target(name, true) ||
        mount("tmpfs", name, "tmpfs", MS_NOSUID | MS_NOEXEC, DEV_OPTIONS) != 0 ||
        !root_parent(root, "/dev/x", name))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(nodes); i++) {
        (void)snprintf(from, sizeof from, "/dev/%s", nodes[i]);
        if (!make_target(nodes[i], false) || mount(from, nodes[i], NULL, MS_BIND, NULL) != 0 ||
            !seal(nodes[i], MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, 0))
            return false;
    }
    for (size_t i = 0; i < ARRAY_LEN(links); i++)
        if (symlink(links[i].to, links[i].name) != 0)
            return false;
    return mkdir("pts", 0755) == 0 && mkdir("shm", 0755) == 0;
}

/* Nice to have: pseudo terminals of the world's own, the devices of its own network. */
static void make_extras(int root)
{
    char name[ROOT_NAME_MAX];

    if (root_parent(root, "/dev/pts", name))
        (void)mount("devpts", name, "devpts", MS_NOSUID | MS_NOEXEC,
                    "newinstance,ptmxmode=0666,mode=0620");
    if (root_parent(root, "/sys", name) && make_target(name, true))
        (void)mount("sysfs", name, "sysfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
}

static int make_root(void)
{
    int fd = -1, fs = (int)syscall(SYS_fsopen, "tmpfs", 1 /* FSOPEN_CLOEXEC */);

    if (fs == -1)
        return -1;
    if (syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, "mode", "0755", 0) == 0 &&
        syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, "size", "64m", 0) == 0 &&
        syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
        fd = (int)syscall(SYS_fsmount, fs, 1 /* FSMOUNT_CLOEXEC */,
                          MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
    (void)close(fs);
    if (fd != -1 && syscall(SYS_move_mount, fd, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

static bool is_inside_bind(const struct world_config *c, const char *folder)
{
    for (size_t i = 0; i < c->binds_n; i++) {
        const char *to = c->binds[i].to ? c->binds[i].to : c->binds[i].from;
        size_t n = strlen(to);

        if (strncmp(folder, to, n) == 0 && folder[n] == '/')
            return true;
    }
    return false;
}

/* Those inside of a bind come after it, or it would lie over them. */
static bool make_all_writable(int root, struct making *m, bool inside)
{
    const struct world_config *c = m->config;

    for (size_t i = 0; i < c->folders_n; i++)
        if (is_inside_bind(c, c->folders[i]) == inside && !make_writable(root, m, c->folders[i]))
            return making_failed(m, "make ", c->folders[i]);
    return true;
}

static bool fill(struct making *m, int root)
{
    const struct world_config *c = m->config;

    if (!make_devices(root))
        return making_failed(m, "/dev", NULL);
    make_extras(root);
    if (!make_all_writable(root, m, false))
        return false;
    for (size_t i = 0; i < c->binds_n; i++) /* an interpreter may live in somebody's home */
        if (!bind_one(root, &c->binds[i]))
            return making_failed(m, "bind ", c->binds[i].from);
    if (!make_all_writable(root, m, true))
        return false;
    for (size_t i = 0; i < c->files_n; i++)
        if (!root_write(root, &c->files[i]))
            return making_failed(m, "write ", c->files[i].path);
    return true;
}

int root_build(struct making *m)
{
    int root;
    bool ok;

    umask(0);
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        ok = making_failed(m, "private mounts", NULL), root = -1;
    else if ((root = make_root()) == -1)
        ok = making_failed(m, "the root's tmpfs", NULL);
    else
        ok = fill(m, root);
    umask(022);
    if (!ok && root != -1) {
        (void)close(root);
        root = -1;
    }
    return root;
}

/* What of /proc could change the machine; a process's own part of it stays as it is. */
static void seal_proc(void)
{
    static const char *const parts[] = { "sys", "sysrq-trigger", "irq", "bus", "fs", "acpi" };

    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (mount(parts[i], parts[i], NULL, MS_BIND | MS_REC, NULL) == 0)
            (void)seal(parts[i], MOUNT_ATTR_RDONLY, AT_RECURSIVE);
}

static bool mount_proc(int root)
{
    char name[ROOT_NAME_MAX];

    if (!root_parent(root, "/proc", name) || !make_target(name, true) ||
        mount("proc", name, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0 ||
        !root_parent(root, "/proc/x", name))
        return false;
    seal_proc();
    return true;
}

bool root_enter(struct making *m, int root)
{
    if (!mount_proc(root))
        return making_failed(m, "mount /proc", NULL);
    if (fchdir(root) != 0 || syscall(SYS_pivot_root, ".", ".") != 0 ||
        umount2(".", MNT_DETACH) != 0 || chdir("/") != 0)
        return making_failed(m, "change of root", NULL);
    if (!seal("/", MOUNT_ATTR_RDONLY, 0) || !seal("/dev", MOUNT_ATTR_RDONLY, 0))
        return making_failed(m, "read-only root", NULL);
    return true;
}

/* ---- a fresh folder ---- */

static bool is_below(const char *path, const char *folder)
{
    size_t n = strlen(folder);

    return strncmp(path, folder, n) == 0 && path[n] == '/';
}

/* What is bound inside of the folder, kept open; a link is made anew and needs none of it. */
static void keep_binds(const struct world_config *c, const char *folder, int *trees)
{
    for (size_t i = 0; i < c->binds_n; i++)
        trees[i] = !is_below(target(&c->binds[i]), folder)
                       ? -1
                       : (int)syscall(SYS_open_tree, AT_FDCWD, target(&c->binds[i]),
                                      OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE |
                                          AT_SYMLINK_NOFOLLOW);
}

static bool bind_again(int root, const struct world_bind *b, int tree)
{
    char name[ROOT_NAME_MAX];
    struct stat st;

    return fstat(tree, &st) == 0 && root_parent(root, target(b), name) &&
           make_target(name, S_ISDIR(st.st_mode)) &&
           syscall(SYS_move_mount, tree, "", AT_FDCWD, name, MOVE_MOUNT_F_EMPTY_PATH) == 0;
}

/* As in the order of fill(). */
static bool refill(const struct making *m, int root, const char *folder, const int *trees)
{
    const struct world_config *c = m->config;
    bool ok = true;

    for (size_t i = 0; ok && i < c->folders_n; i++)
        if (is_below(c->folders[i], folder))
            ok = make_writable(root, m, c->folders[i]);
    for (size_t i = 0; ok && i < c->binds_n; i++)
        if (trees[i] != -1)
            ok = bind_again(root, &c->binds[i], trees[i]);
    for (size_t i = 0; ok && i < c->files_n; i++)
        if (is_below(c->files[i].path, folder))
            ok = root_write(root, &c->files[i]);
    return ok;
}

/* What root's world has from before the user namespace stays mounted, below. */
static bool renew(const struct making *m, const char *folder, const int *trees)
{
    char options[ROOT_OPTIONS_MAX];
    int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    bool ok;

    if (root == -1)
        return false;
    root_folder_options(options, folder, m->config->tmpfs_bytes, m->user);
    (void)umount2(folder, MNT_DETACH | UMOUNT_NOFOLLOW);
    ok = mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, options) == 0 &&
         refill(m, root, folder, trees);
    (void)close(root);
    return chdir("/") == 0 && ok;
}

bool root_renew(const struct making *m, const char *folder)
{
    const struct world_config *c = m->config;
    int *trees = calloc(c->binds_n + 1, sizeof *trees);
    bool ok;

    if (!trees)
        return false;
    keep_binds(c, folder, trees);
    ok = renew(m, folder, trees);
    for (size_t i = 0; i < c->binds_n; i++)
        if (trees[i] != -1)
            (void)close(trees[i]);
    free(trees);
    return ok;
}
