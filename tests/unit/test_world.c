/*
 * A world holds: as root and as an ordinary user, as its user and as its root, a program in it
 * tries what it must not be able to do, and says how each went. What needs the supervisor's
 * refusal is refused; everything else is let go on, so that what stops it is the world.
 */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "sandbox/observe.h"
#include "sandbox/sandbox.h"
#include "sandbox/world.h"

#define PYTHON      "/usr/bin/python3"
#define ORDINARY    1000
#define HEARD_BYTES 65536
#define HOST_SOCKET "pratique-test-world"
#define PATIENCE_MS 20000

static int bad; /* failed checks in this process: those of a forked one count by its status */
#define HOLDS(cond, ...)                                                                           \
    do {                                                                                           \
        bool held_ = (cond);                                                                       \
        bad += !held_;                                                                             \
        CHECK(held_, __VA_ARGS__);                                                                 \
    } while (0)

/* ---- a world to try things in ---- */

static const struct world_bind binds[] = {
    { "/usr", NULL, false },
    { "/bin", NULL, true },
    { "/lib", NULL, true },
    { "/lib64", NULL, true },
    { "/sbin", NULL, true },
    { "/nowhere", NULL, true },
    { "/usr/share", "/opt/a/deep/place", false },
    { "/usr/share", "/home/alex/.pyenv/versions/3", false },
};
static const struct world_file files[] = {
    { "/etc/passwd", "alex:x:1000:1000::/home/alex:/bin/sh\n", 37, 0644 },
    { "/etc/secret", "s", 1, 0600 },
    { "/home/alex/.config/x", "x", 1, 0644 },
};
static const char *const folders[] = { "/tmp", "/home/alex", "/dev/shm" };

static struct world_config config_of(bool network)
{
    return (struct world_config){ .binds = binds,
                                  .binds_n = ARRAY_LEN(binds),
                                  .files = files,
                                  .files_n = ARRAY_LEN(files),
                                  .folders = folders,
                                  .folders_n = ARRAY_LEN(folders),
                                  .tmpfs_bytes = 8 << 20,
                                  .host = "thinkpad",
                                  .uptime_s = 4000000,
                                  .cpu_seconds = 30,
                                  .file_bytes = 4 << 20,
                                  .processes = 40,
                                  .descriptors = 64,
                                  .network = network };
}

struct play {
    struct world_config config;
    const char *script, *argument;
    bool as_root, twice;
    int out;
};

/* True for what only a supervisor's refusal stops, or may. */
static bool refuses(enum observed_kind kind)
{
    return kind == OBSERVED_BYPASS || kind == OBSERVED_ESCAPE || kind == OBSERVED_KERNEL;
}

/* What this supervisor says: 1 is "go on", else 0 or an error. */
static int judgement(enum observed_kind kind, bool weak)
{
    if (kind == OBSERVED_HOOK)
        return 0;
    if (!weak)
        return refuses(kind) ? -EPERM : 1;
    if (kind == OBSERVED_ATTRIBUTE)
        return 0;
    return observed_may_continue(kind, true) ? 1 : -EPERM;
}

/* The supervisor has to be able to copy what a call names, wherever it is left that right. */
static void copy_path(const struct seccomp_notif *n, int out)
{
    char byte, link[64];
    struct iovec to = { &byte, 1 }, from = { (void *)(uintptr_t)n->data.args[1], 1 };

    if (n->data.nr == SYS_openat && n->data.arch == OBSERVED_ARCH &&
        process_vm_readv((pid_t)n->pid, &to, 1, &from, 1, 0) != 1)
        dprintf(out, "fail to read the memory of the watched: %s\n", strerror(errno));
    (void)snprintf(link, sizeof link, "/proc/%u/exe", n->pid);
    if (n->data.nr == SYS_openat && readlink(link, &byte, 1) != 1)
        dprintf(out, "fail to look at the watched: %s\n", strerror(errno));
}

static void answer(int listener, int out, bool weak)
{
    struct seccomp_notif n;
    struct seccomp_notif_resp r;

    memset(&n, 0, sizeof n);
    memset(&r, 0, sizeof r);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n) != 0)
        return;
    r.id = n.id;
    copy_path(&n, out);
    if (n.data.arch != OBSERVED_ARCH || (OBSERVED_X32 && (unsigned)n.data.nr & OBSERVED_X32)) {
        dprintf(out, "heard foreign\n");
        r.error = -ENOSYS;
    } else {
        dprintf(out, "heard %s\n", observed_name(n.data.arch, n.data.nr));
        r.error = judgement(observed_kind(n.data.arch, n.data.nr), weak);
    }
    if (r.error == 1)
        r.error = 0, r.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    (void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r);
}

static int run(const struct play *p)
{
    char home[WORLD_PATH_MAX];
    char *argv[] = { (char[]){ "python3" }, (char[]){ "-IS" },   (char[]){ "-c" },
                     strdup(p->script),     strdup(p->argument), NULL };
    char *env[] = { (char[]){ "HOME=/home/alex" }, NULL };
    struct spawn s = { .program = PYTHON,
                       .argv = argv,
                       .env = env,
                       .folder = world_path(&p->config, "/home/alex", home),
                       .out = p->out,
                       .err = p->out,
                       .as_root = p->as_root };
    struct spawned child;
    struct pollfd poller = { .events = POLLIN };
    int status;

    if (!world_spawn(&p->config, &s, &child)) {
        dprintf(p->out, "fail spawn: %s\n", strerror(errno));
        return 9;
    }
    status = -1;
    poller.fd = child.listener;
    while (waitpid(child.pid, &status, WNOHANG) == 0)
        if (poll(&poller, 1, 5) == 1 && poller.revents & POLLIN)
            answer(child.listener, p->out, p->config.weak);
    close(child.listener);
    free(argv[3]);
    free(argv[4]);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

static int keeper(void *user, const struct world_layer *layers)
{
    const struct play *p = user;
    int rc = run(p);

    for (int i = 0; i < WORLD_LAYERS; i++)
        if (!layers[i].active && world_layer_needed((enum world_layer_id)i) &&
            (!p->config.weak || i >= WORLD_PRIVILEGES))
            dprintf(p->out, "fail layer %s\n", world_layer_name((enum world_layer_id)i));
    if (p->twice && rc == 0) {
        for (size_t i = 0; i < p->config.folders_n; i++)
            if (!world_renew(&p->config, p->config.folders[i]))
                dprintf(p->out, "fail renew: %s\n", strerror(errno));
        rc = run(p);
    }
    return rc;
}

static void drain(int fd, struct buf *out)
{
    char bytes[4096];
    ssize_t n;

    while ((n = read(fd, bytes, sizeof bytes)) > 0)
        (void)buf_add(out, bytes, (size_t)n);
}

/* Runs the script in a world and returns the exit status; *out is what it and its keeper said. */
static int play(struct play *p, struct buf *out)
{
    struct pratique_error err;
    struct world w;
    int ends[2], status = -1;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    p->out = ends[1];
    if (world_start(&w, &p->config, NULL, keeper, p, &err) != PRATIQUE_OK) {
        (void)buf_printf(out, "fail start: %s\n", err.msg);
        close(ends[1]);
    } else {
        struct pollfd over = { .fd = w.pidfd, .events = POLLIN };

        close(ends[1]);
        drain(ends[0], out);
        (void)poll(&over, 1, PATIENCE_MS);
        world_end(&w, &status);
    }
    close(ends[0]);
    return status;
}

/* Every "fail ..." line is a failed check. */
static void judge(const struct buf *out, const char *what)
{
    char *text = out->p ? strdup(out->p) : NULL, *rest = text, *line;

    HOLDS(text, "%s: nothing was said", what);
    while (text && (line = strsep(&rest, "\n")))
        HOLDS(strncmp(line, "pass", 4) == 0 || strncmp(line, "heard ", 6) == 0 || !*line, "%s: %s",
              what, line);
    free(text);
}

/* ---- as root, and as an ordinary user ---- */

static bool become(uid_t user)
{
    return user == 0 || (setgroups(0, NULL) == 0 && setresgid(user, user, user) == 0 &&
                         setresuid(user, user, user) == 0 && prctl(PR_SET_DUMPABLE, 1) == 0);
}

/* Whether this machine lets this user make the namespaces of a world, and has the deeds' calls. */
static bool may(bool namespaces)
{
    pid_t pid;
    int status = 1;

    if (access(PYTHON, X_OK) != 0 || OBSERVED_ARCH != AUDIT_ARCH_X86_64) /* raw numbers in it */
        return false;
    if (!namespaces)
        return sandbox_landlock_abi() >= 1;
    fflush(stdout);
    pid = fork();
    if (pid == 0)
        _exit(syscall(SYS_unshare, geteuid() ? CLONE_NEWUSER | CLONE_NEWNS : CLONE_NEWNS) != 0);
    (void)waitpid(pid, &status, 0);
    return status == 0;
}

/* Runs it as each user that we can be, in a process of its own; failed checks are counted. */
static void as_users(void (*deed)(const char *who), bool namespaces)
{
    static const struct {
        uid_t user;
        const char *name;
    } users[] = { { 0, "root" }, { ORDINARY, "a user" } };

    for (size_t i = 0; i < ARRAY_LEN(users); i++) {
        int status = -1;
        pid_t pid;

        if (geteuid() != 0 && users[i].user == 0)
            continue;
        fflush(stdout);
        pid = fork();
        if (pid == 0) {
            int failed = 0;

            if (geteuid() == 0 && !become(users[i].user))
                printf("# cannot be %s\n", users[i].name), failed = 1;
            else if (!may(namespaces))
                printf("# skip %s: this machine does not let it\n", users[i].name);
            else
                deed(users[i].name), failed = bad;
            fflush(stdout);
            _exit(failed != 0);
        }
        (void)waitpid(pid, &status, 0);
        CHECK(status == 0, "as %s", users[i].name);
    }
}

/* What is tried. argument: the user's id inside, a file of the host, "lo" or "no lo". */
static const char deeds[] =
    "import ctypes, errno, os, signal, socket, struct, sys, time\n"
    "uid, host_file, network = sys.argv[1].split('|')\n"
    "libc = ctypes.CDLL(None, use_errno=True)\n"
    "def tell(name, ok, detail=''):\n"
    "    print('pass' if ok else 'fail', name, detail, flush=True)\n"
    "def call(nr, *args):\n"
    "    ctypes.set_errno(0)\n"
    "    rc = libc.syscall(ctypes.c_long(nr), *[ctypes.c_long(a) for a in args])\n"
    "    return rc if rc >= 0 else -ctypes.get_errno()\n"
    "def refused(name, deed, *errors):\n"
    "    try:\n"
    "        got = deed()\n"
    "    except OSError as e:\n"
    "        got = -e.errno\n"
    "    tell(name, isinstance(got, int) and got < 0 and (not errors or -got in errors), "
    "repr(got))\n"
    "ro = (errno.EROFS, errno.EACCES)\n"
    "def write(path, how='w'):\n"
    "    return lambda: open(path, how).write('x')\n"
    /* who it is */
    "tell('user', os.getresuid() == (int(uid),) * 3 and os.getresgid() == (int(uid),) * 3)\n"
    "status = dict(l.split(':', 1) for l in open('/proc/self/status').read().splitlines())\n"
    "tell('capabilities', all(int(status[c], 16) == 0 for c in "
    "('CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb')))\n"
    "tell('no new privileges', status['NoNewPrivs'].strip() == '1')\n"
    "tell('groups', os.getgroups() in ([], [65534], [int(uid)]), repr(os.getgroups()))\n"
    "tell('session', os.getsid(0) == os.getpid())\n"
    "refused('terminal', lambda: os.open('/dev/tty', os.O_RDWR), errno.ENXIO)\n"
    "tell('environment', {k: v for k, v in os.environ.items() if k != 'LC_CTYPE'} == "
    "{'HOME': '/home/alex'}, repr(dict(os.environ)))\n"
    "tell('descriptors', {int(f) for f in os.listdir('/proc/self/fd')} <= {0, 1, 2, 3})\n"
    "refused('descriptor 3', lambda: os.fstat(3), errno.EBADF)\n"
    /* what it sees */
    "tell('host name', socket.gethostname() == 'thinkpad')\n"
    "tell('host file', not os.path.exists(host_file))\n"
    "tell('no host folders', not any(os.path.exists(p) for p in "
    "('/run', '/var', '/root', '/home/user', '/srv', '/boot', '/mnt')))\n"
    "tell('processes', sorted(int(p) for p in os.listdir('/proc') if p.isdigit()) == "
    "[1, os.getpid()])\n"
    "tell('process 1', open('/proc/1/comm').read() == 'systemd\\n' and "
    "open('/proc/1/cmdline').read().strip('\\0') == '/sbin/init')\n"
    "tell('bind elsewhere', os.path.isdir('/opt/a/deep/place'))\n"
    "tell('inside of a folder', os.path.isdir('/home/alex/.pyenv/versions/3/doc') and "
    "open('/home/alex/.config/x').read() == 'x')\n"
    "tell('devices', open('/dev/zero', 'rb').read(2) == b'\\0\\0' and "
    "open('/dev/null', 'w').write('x') == 1 and len(open('/dev/urandom', 'rb').read(8)) == 8)\n"
    "tell('uptime', abs(float(open('/proc/uptime').read().split()[0]) - 4000000) < 1000 or "
    "not os.path.exists('/proc/self/timens_offsets'))\n"
    "if uid == '1000' and os.stat('/etc/secret').st_uid != 1000:\n"
    "    refused('a file of another', lambda: open('/etc/secret').read(), errno.EACCES)\n"
    /* what it may write */
    "for p in ('/tmp/x', '/home/alex/x', '/dev/shm/x'):\n"
    "    tell('fresh ' + p, not os.path.exists(p))\n"
    "    tell('write ' + p, write(p)() == 1)\n"
    "os.mkdir('/home/alex/d'); os.rename('/home/alex/x', '/home/alex/d/y')\n"
    "tell('rename', open('/home/alex/d/y').read() == 'x')\n"
    "for p in ('/x', '/usr/x', '/etc/x', '/etc/passwd', '/dev/x', '/opt/x', '/bin/sh', '/home/x', "
    "'/proc/sys/kernel/core_pattern', '/proc/sys/kernel/hostname', '/proc/sysrq-trigger', "
    "'/sys/x', '/proc/sys/net/ipv4/ip_forward', '/proc/self/root/etc/passwd', "
    "'/proc/1/root/etc/passwd', '/home/alex/.pyenv/versions/3/x', '/opt/a/deep/place/x'):\n"
    "    refused('write ' + p, write(p), *ro, errno.ENOENT, errno.EPERM)\n"
    "refused('chmod', lambda: os.chmod('/etc/passwd', 0o777), *ro, errno.EPERM)\n"
    "refused('unlink', lambda: os.unlink('/etc/passwd'), *ro)\n"
    "refused('device', lambda: os.mknod('/tmp/sda', 0o60666, os.makedev(8, 0)), errno.EPERM, "
    "errno.EACCES)\n"
    "os.symlink('/proc/1/root/etc/shadow', '/tmp/link')\n"
    "refused('by a link', lambda: open('/tmp/link').read())\n"
    "refused('up', lambda: open('/../../../../etc/shadow').read(), errno.ENOENT)\n"
    /* the supervisor */
    "for p in ('environ', 'maps', 'mem', 'fd/3', 'cwd/x'):\n"
    "    refused('/proc/1/' + p, lambda: open('/proc/1/' + p, 'rb').read(1), errno.EACCES, "
    "errno.EPERM, errno.ENOENT)\n"
    "refused('write its memory', lambda: os.open('/proc/1/mem', os.O_RDWR), errno.EACCES, "
    "errno.EPERM, errno.ENOENT)\n"
    "for s in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGSEGV):\n"
    "    try: os.kill(1, s)\n"
    "    except PermissionError: pass\n"
    "try: os.killpg(1, signal.SIGKILL)\n"
    "except OSError: pass\n"
    "refused('ptrace', lambda: call(101, 16, 1, 0, 0), errno.EPERM, errno.EACCES)\n"
    "word = (ctypes.c_char * 16)()\n"
    "iov = struct.pack('QQ', ctypes.addressof(word), 16)\n"
    "away = struct.pack('QQ', 0x400000, 16)\n"
    "for nr in (310, 311):\n"
    "    refused('memory %d' % nr, lambda: libc.syscall(nr, 1, iov, 1, away, 1, 0) < 0 and "
    "-ctypes.get_errno(), errno.EPERM)\n"
    "fd = os.pidfd_open(1)\n"
    "refused('its descriptors', lambda: call(438, fd, 0, 0), errno.EPERM, errno.EACCES)\n"
    /* namespaces, mounts, the kernel */
    "refused('unshare', lambda: call(272, 0x10000000), errno.EPERM)\n"
    "refused('clone', lambda: call(56, 0x10000000 | 17, 0, 0, 0, 0), errno.EPERM)\n"
    "refused('setns', lambda: call(308, fd, 0x20000000), errno.EPERM)\n"
    "refused('mount', lambda: call(165, 0, 0, 0, 0, 0), errno.EPERM)\n"
    "refused('umount', lambda: call(166, 0, 0), errno.EPERM)\n"
    "refused('chroot', lambda: os.chroot('/tmp'), errno.EPERM)\n"
    "refused('bpf', lambda: call(321, 0, 0, 0), errno.EPERM)\n"
    "refused('io_uring', lambda: call(425, 1, 0), errno.EPERM)\n"
    "refused('openat2', lambda: call(437, -100, 0, 0, 0), errno.ENOSYS)\n"
    "refused('clone3', lambda: call(435, 0, 0), errno.ENOSYS)\n"
    "refused('listener', lambda: call(317, 1, 8, 0), errno.EINVAL)\n"
    "refused('filter', lambda: call(157, 22, 2, 0, 0, 0), errno.EINVAL)\n"
    "refused('x32', lambda: call(0x40000000 | 39), errno.ENOSYS)\n"
    /* mov $20, %eax; int $0x80; ret: getpid by another architecture's number */
    "import mmap\n"
    "m = mmap.mmap(-1, 4096, prot=7)\n"
    "m.write(bytes.fromhex('b814000000cd80c3'))\n"
    "at = ctypes.addressof(ctypes.c_char.from_buffer(m))\n"
    "refused('int 0x80', lambda: ctypes.CFUNCTYPE(ctypes.c_int)(at)(), errno.ENOSYS)\n"
    "tell('hook', call(157, 0x50525451, 1, 0, 0, 0) == 0)\n"
    "m, s = os.openpty()\n"
    "refused('TIOCSTI', lambda: call(16, s, 0x5412, ctypes.addressof(word)), errno.EPERM)\n"
    "import resource\n"
    "try: resource.setrlimit(7, (4096, 4096)); tell('raise a limit', False)\n"
    "except ValueError: pass\n"
    /* the network */
    "refused('packet socket', lambda: socket.socket(17, 3, 0), errno.EPERM)\n"
    "u = socket.socket(socket.AF_UNIX)\n"
    "refused('abstract socket of the host', lambda: u.connect('\\0" HOST_SOCKET
    "'), errno.ECONNREFUSED)\n"
    "def meet(family, here, there, port):\n"
    "    l = socket.socket(family); l.bind((here, port)); l.listen()\n"
    "    c = socket.create_connection((there, port), 5); a, _ = l.accept()\n"
    "    return c.getpeername()[0] == a.getsockname()[0] == there\n"
    "if network == 'lo':\n"
    "    tell('IPv4', meet(socket.AF_INET, '0.0.0.0', '192.0.2.1', 80))\n"
    "    if os.path.exists('/proc/net/if_inet6'):\n"
    "        tell('IPv6', meet(socket.AF_INET6, '::', '2001:db8::1', 443))\n"
    "    tell('loopback', meet(socket.AF_INET, '127.0.0.1', '127.0.0.1', 53))\n"
    "else:\n"
    "    c = socket.socket()\n"
    "    refused('no network', lambda: c.connect(('127.0.0.1', 80)), errno.ENETUNREACH)\n"
    /* limits */
    "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    "refused('a large file', lambda: os.truncate('/tmp/x', 5 << 20), errno.EFBIG)\n"
    "def fill():\n"
    "    for i in range(4):\n"
    "        open('/tmp/f%d' % i, 'wb').write(bytes(3 << 20))\n"
    "refused('a full disk', fill, errno.ENOSPC)\n"
    "def bomb():\n"
    "    pids = []\n"
    "    try:\n"
    "        while len(pids) < 500:\n"
    "            pid = os.fork()\n"
    "            if pid == 0: time.sleep(30)\n"
    "            pids.append(pid)\n"
    "    finally:\n"
    "        for pid in pids: os.kill(pid, 9); os.waitpid(pid, 0)\n"
    "refused('many processes', bomb, errno.EAGAIN)\n"
    "refused('many descriptors', lambda: [os.open('/', 0) for _ in range(80)], errno.EMFILE)\n";

static bool heard(const struct buf *out, const char *what)
{
    char line[64];

    (void)snprintf(line, sizeof line, "heard %s\n", what);
    return out->p && strstr(out->p, line);
}

/* The registers that the deeds give must have been enough for the filter to tell. */
static void judge_heard(const struct buf *out, const char *who)
{
    static const char *const calls[] = {
        "execve", "openat",  "kill",   "ptrace",         "process_vm_readv", "process_vm_writev",
        "mount",  "umount2", "chroot", "pidfd_getfd",    "unshare",          "clone",
        "setns",  "bpf",     "bind",   "io_uring_setup", "connect",          "listen",
        "socket", "prctl",   "rename", "truncate",
    };

    for (size_t i = 0; i < ARRAY_LEN(calls); i++)
        HOLDS(heard(out, calls[i]), "%s: %s was not heard of", who, calls[i]);
    HOLDS(!heard(out, "fork") && !heard(out, "close"), "%s: too much was heard of", who);
#ifdef __x86_64__
    HOLDS(heard(out, "foreign"), "%s: x32 was not heard of", who);
#endif
}

static void try_deeds(const char *who, bool as_root, bool network)
{
    char file[] = "/var/tmp/pratique-test-XXXXXX", argument[128], what[64];
    int fd = mkstemp(file);
    struct play p = { .config = config_of(network),
                      .script = deeds,
                      .argument = argument,
                      .as_root = as_root,
                      .twice = as_root };
    struct buf out;
    int status;

    buf_init(&out, HEARD_BYTES * 4);
    (void)setenv("PRATIQUE_TEST_SECRET", "1", 1);
    (void)snprintf(argument, sizeof argument, "%d|%s|%s", as_root ? 0 : 1000, file,
                   network ? "lo" : "no lo");
    (void)snprintf(what, sizeof what, "%s, %s", who, as_root ? "as root" : "as alex");
    status = play(&p, &out);
    HOLDS(status == 0, "%s: status %x", what, (unsigned)status);
    judge(&out, what);
    if (network)
        judge_heard(&out, what);
    buf_free(&out);
    (void)unlink(file);
    (void)close(fd);
}

static void deeds_of(const char *who)
{
    struct sockaddr_un name = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    memcpy(name.sun_path + 1, HOST_SOCKET, strlen(HOST_SOCKET));
    (void)bind(fd, (struct sockaddr *)&name,
               (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(HOST_SOCKET)));
    (void)listen(fd, 1);
    try_deeds(who, false, true);
    try_deeds(who, true, true);
    try_deeds(who, false, false);
    (void)close(fd);
}

/* ---- what is heard of ---- */

/* "case CALL N": from here to the next, CALL is heard of N times. */
static const char cases[] =
    "import ctypes, os, select, signal, socket, threading, time\n"
    "def case(call, n, deed):\n"
    "    os.write(1, b'case %s %d\\n' % (call.encode(), n))\n"
    "    try: deed()\n"
    "    except OSError: pass\n"
    "    os.write(1, b'case - 0\\n')\n"
    "a, b = socket.socketpair()\n"
    "b.send(b'x')\n"
    "p = select.poll(); p.register(a, select.POLLIN)\n"
    "e = select.epoll(); e.register(a, select.EPOLLIN)\n"
    "l = threading.Lock()\n"
    "case('poll', 0, lambda: p.poll(49))\n"
    "case('poll', 1, lambda: p.poll(50))\n"
    "case('poll', 0, lambda: p.poll(-1))\n"
    "case('epoll_wait', 0, lambda: e.poll(0.04))\n"
    "case('epoll_wait', 1, lambda: e.poll(60))\n"
    "case('epoll_wait', 0, lambda: e.poll(-1))\n"
    "case('pselect6', 0, lambda: select.select([a], [], []))\n"
    "case('pselect6', 1, lambda: select.select([a], [], [], 1))\n"
    "case('clock_nanosleep', 1, lambda: time.sleep(0.001))\n"
    "l.acquire()\n"
    "case('futex', 1, lambda: l.acquire(timeout=0.01))\n"
    "case('futex', 0, l.release)\n"
    "case('openat', 0, lambda: os.close(os.open('/usr', os.O_RDONLY)))\n"
    "case('openat', 1, lambda: os.open('/tmp/q', os.O_WRONLY | os.O_CREAT))\n"
    "case('openat', 1, lambda: os.open('/tmp/q', os.O_RDWR))\n"
    "case('openat', 1, lambda: os.open('/tmp/q', os.O_TRUNC))\n"
    "case('openat', 1, lambda: os.open('/tmp', os.O_TMPFILE | os.O_WRONLY))\n"
    "case('sendto', 0, lambda: a.send(b'x'))\n"
    "u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
    "case('sendto', 1, lambda: u.sendto(b'x', ('127.0.0.1', 9)))\n"
    "case('sendmsg', 1, lambda: a.sendmsg([b'x']))\n"
    "case('socket', 0, lambda: socket.socket())\n"
    "case('socket', 0, lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM))\n"
    "case('socket', 0, lambda: socket.socket(socket.AF_UNIX))\n"
    "case('socket', 0, lambda: socket.socket(16, 3, 0))\n"
    "case('socket', 1, lambda: socket.socket(16, 3, 15))\n"
    "case('socket', 1, lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))\n"
    "case('socket', 1, lambda: socket.socket(17, 3, 0))\n"
    "case('clone', 0, lambda: os.fork() or os._exit(0))\n"
    "case('prctl', 0, lambda: ctypes.CDLL(None).prctl(4, 1, 0, 0, 0))\n"
    "case('prctl', 1, lambda: ctypes.CDLL(None).prctl(0x50525451, 0, 0, 0, 0))\n"
    "case('kill', 1, lambda: os.kill(os.getpid(), 0))\n"
    "case('tgkill', 0, lambda: signal.raise_signal(signal.SIGCHLD))\n"
    "case('setsid', 1, os.setsid)\n"
    "case('unlink', 1, lambda: os.unlink('/tmp/q'))\n"
    "case('fchmod', 1, lambda: os.fchmod(0, 0o777))\n";

static void judge_cases(const struct buf *out, const char *who)
{
    char *text = out->p ? strdup(out->p) : NULL, *rest = text, *line, call[32] = "-", row[48] = "";
    int want = 0, got = 0, n = 0;

    while (text && (line = strsep(&rest, "\n"))) {
        if (strncmp(line, "case ", 5) == 0) {
            HOLDS(strcmp(call, "-") == 0 || got == want, "%s: %s: heard %d times", who, row, got);
            (void)snprintf(row, sizeof row, "%s", line);
            n += sscanf(line, "case %31s %d", call, &want) == 2;
            got = 0;
        } else if (strncmp(line, "heard ", 6) == 0) {
            got += strcmp(line + 6, call) == 0;
        } else {
            HOLDS(!*line, "%s: %s", who, line);
        }
    }
    HOLDS(n > 60, "%s: %d cases", who, n);
    free(text);
}

static void cases_of(const char *who)
{
    struct play p = { .config = config_of(true), .script = cases, .argument = "" };
    struct buf out;
    int status;

    buf_init(&out, HEARD_BYTES * 4);
    status = play(&p, &out);
    HOLDS(status == 0, "%s: status %x", who, (unsigned)status);
    judge_cases(&out, who);
    buf_free(&out);
}

TEST(world_hears_what_it_should)
{
    as_users(cases_of, true);
}

TEST(observed_names)
{
    CHECK(strcmp(observed_name(OBSERVED_ARCH, SYS_connect), "connect") == 0, "connect");
    CHECK(strcmp(observed_name(OBSERVED_ARCH, SYS_read), "?") == 0, "read");
    CHECK(strcmp(observed_name(0, SYS_connect), "?") == 0, "another architecture");
    CHECK(observed_kind(OBSERVED_ARCH, SYS_io_uring_setup) == OBSERVED_BYPASS, "io_uring");
    CHECK(observed_kind(OBSERVED_ARCH, SYS_read) == OBSERVED_NONE, "read");
    for (int weak = 0; weak < 2; weak++) {
        CHECK(!observed_may_continue(OBSERVED_NONE, weak), "no row");
        CHECK(!observed_may_continue(OBSERVED_ESCAPE, weak), "mounts");
        CHECK(observed_may_continue(OBSERVED_EXEC, weak), "programs");
        CHECK(observed_may_continue(OBSERVED_NETWORK, weak) == !weak, "network");
    }
}

TEST(world_layer_names)
{
    for (unsigned i = 0; i < WORLD_LAYERS; i++)
        CHECK(strlen(world_layer_name((enum world_layer_id)i)) > 3, "layer %u", i);
    CHECK(strcmp(world_layer_name(WORLD_LAYERS), "?") == 0, "past the end");
    CHECK(world_layer_needed(WORLD_NET) && !world_layer_needed(WORLD_TIME), "what full needs");
}

TEST(world_holds)
{
    as_users(deeds_of, true);
}

/* ---- aside, and how it all ends ---- */

/* Tells the keeper, over a pair of sockets that both inherited, what it sees of itself. */
static int aside(void *user, const struct world_layer *layers)
{
    const int *ends = user;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in low = { .sin_family = AF_INET, .sin_port = htons(53) };
    char said = 'y';

    (void)layers;
    if (access("/usr/bin", F_OK) != 0 || access("/home/alex", F_OK) != 0 ||
        access("/var", F_OK) == 0 || getuid() == 0)
        said = 'r';
    else if (bind(fd, (struct sockaddr *)&low, sizeof low) != 0 || listen(fd, 1) != 0)
        said = 'b';
    if (write(ends[0], &said, 1) != 1)
        return 1;
    for (;;)
        pause();
}

static int keeper_of_aside(void *user, const struct world_layer *layers)
{
    const int *ends = user;
    struct sockaddr_in there = { .sin_family = AF_INET,
                                 .sin_port = htons(53),
                                 .sin_addr.s_addr = htonl(0xc0000201) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    char said;

    (void)layers;
    if (read(ends[1], &said, 1) != 1 || said != 'y')
        return 10;
    if (connect(fd, (struct sockaddr *)&there, sizeof there) != 0)
        return 11;
    return 42;
}

static void aside_of(const char *who)
{
    struct world_config config = config_of(true);
    struct pratique_error err;
    struct world w;
    int ends[2], status = -1;

    HOLDS(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "%s: socketpair", who);
    HOLDS(world_start(&w, &config, aside, keeper_of_aside, ends, &err) == PRATIQUE_OK, "%s: %s",
          who, err.msg);
    if (w.pidfd != -1) {
        struct pollfd over = { .fd = w.pidfd, .events = POLLIN };

        HOLDS(poll(&over, 1, PATIENCE_MS) == 1, "%s: it goes on", who);
    }
    world_end(&w, &status);
    HOLDS(WIFEXITED(status) && WEXITSTATUS(status) == 42, "%s: status %x", who, (unsigned)status);
    world_end(&w, &status); /* once more does nothing */
    (void)close(ends[0]);
    (void)close(ends[1]);
}

TEST(world_has_somebody_aside)
{
    as_users(aside_of, true);
}

static void fails_of(const char *who)
{
    static const struct world_bind missing = { "/no/such/folder", NULL, false };
    static const struct world_file inside = { "/usr/pratique-test", "x", 1, 0644 };
    struct world_config config = config_of(false);
    struct pratique_error err;
    struct world w;

    config.binds = &missing, config.binds_n = 1;
    HOLDS(world_start(&w, &config, NULL, keeper, NULL, &err) == PRATIQUE_E_IO, "%s: a bind", who);
    HOLDS(strstr(err.msg, missing.from), "%s: %s", who, err.msg);
    config = config_of(false);
    config.files = &inside, config.files_n = 1;
    HOLDS(world_start(&w, &config, NULL, keeper, NULL, &err) == PRATIQUE_E_IO, "%s: a file", who);
    HOLDS(access(inside.path, F_OK) != 0, "%s: %s was written on the host", who, inside.path);
}

TEST(world_says_why_not)
{
    as_users(fails_of, true);
}

/* Processes that never end by themselves, in a session of their own. */
static const char stayer[] = "import os, time\n"
                             "for i in range(4):\n"
                             "    if os.fork() == 0:\n"
                             "        os.setsid()\n"
                             "        os.fork()\n"
                             "        time.sleep(1000)\n"
                             "time.sleep(1000)\n";

static int count_lines(const char *path)
{
    FILE *f = fopen(path, "re");
    int c, n = 0;

    while (f && (c = getc(f)) != EOF)
        n += c == '\n';
    if (f)
        (void)fclose(f);
    return n;
}

/* Reaps whatever becomes ours; true when nothing is left. */
static bool none_left(void)
{
    for (int ms = 0; ms < PATIENCE_MS; ms++) {
        pid_t pid = waitpid(-1, NULL, WNOHANG);

        if (pid == -1 && errno == ECHILD)
            return true;
        if (pid == 0)
            (void)usleep(1000);
    }
    return false;
}

/* One world that ends in one of the ways that there are; who ends it is way % 3. */
static void end_one(const char *who, struct play *p, int way)
{
    struct pratique_error err;
    struct world w;
    pid_t pid = way % 3 == 2 ? fork() : 0;
    int status = 0;

    if (pid > 0) { /* whoever called it is killed */
        (void)usleep((useconds_t)(way * 997 % 15000));
        (void)kill(pid, SIGKILL);
        (void)waitpid(pid, &status, 0);
        return;
    }
    if (world_start(&w, &p->config, NULL, keeper, p, &err) != PRATIQUE_OK) {
        HOLDS(false, "%s: start %d: %s", who, way, err.msg);
        return;
    }
    while (way % 3 == 2)
        (void)pause();
    (void)usleep((useconds_t)(way * 997 % 15000));
    if (way % 3 == 1 && !p->config.weak)
        (void)kill(w.stem, SIGKILL);
    world_end(&w, NULL);
}

static void cycle(const char *who, struct play *p, int n)
{
    int mounts = count_lines("/proc/self/mountinfo");
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    p->out = null;
    for (int i = 0; i < n && !bad; i++) {
        if (p->config.weak) /* it goes with whoever called it */
            HOLDS((mkdir(p->config.place, 0700) == 0 || errno == EEXIST) &&
                      world_empty(p->config.place),
                  "%s: %s", who, strerror(errno));
        end_one(who, p, i);
        HOLDS(none_left(), "%s: cycle %d left a process", who, i);
    }
    HOLDS(count_lines("/proc/self/mountinfo") == mounts, "%s: mounts were left", who);
    (void)close(null);
}

static void cycles_of(const char *who)
{
    struct play p = { .config = config_of(true), .script = stayer, .argument = "" };

    cycle(who, &p, 120);
}

TEST(world_leaves_nothing)
{
    as_users(cycles_of, true);
}

/* ---- the weak world ---- */

#define BPF_CALL(nr, action)                                                                       \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1), BPF_STMT(BPF_RET | BPF_K, action)
#define NO (SECCOMP_RET_ERRNO | EPERM)
#define NEW                                                                                        \
    (CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS)

/* What docker's default profile refuses to whoever lacks CAP_SYS_ADMIN, of what matters here. */
static bool in_a_container(void)
{
    static struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_CALL(SYS_unshare, NO),
        BPF_CALL(SYS_setns, NO),
        BPF_CALL(SYS_mount, NO),
        BPF_CALL(SYS_umount2, NO),
        BPF_CALL(SYS_pivot_root, NO),
        BPF_CALL(SYS_move_mount, NO),
        BPF_CALL(SYS_open_tree, NO),
        BPF_CALL(SYS_fsopen, NO),
        BPF_CALL(SYS_mount_setattr, NO),
        BPF_CALL(SYS_pidfd_getfd, NO),
        BPF_CALL(SYS_sethostname, NO),
        BPF_CALL(SYS_clone3, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NEW, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, NO),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog prog = { ARRAY_LEN(code), code };
    static const int dropped[] = { CAP_SYS_ADMIN, CAP_SYS_PTRACE, CAP_NET_ADMIN, CAP_SYS_MODULE,
                                   CAP_DAC_READ_SEARCH };
    struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];

    if (syscall(SYS_capget, &head, caps) != 0)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(dropped); i++) {
        caps[0].effective &= ~(1u << dropped[i]);
        caps[0].permitted &= ~(1u << dropped[i]);
    }
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(SYS_capset, &head, caps) == 0 &&
           syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) == 0;
}

/*
 * The program ends while a process of it stays: the keeper ends, and the stem sees to the rest.
 * argument: the place, a file of the host that everybody may read and that is the user's own.
 */
static const char weak_deeds[] =
    "import ctypes, errno, os, signal, socket, struct, sys\n"
    "place, host_file = sys.argv[1].split('|')\n"
    "def tell(name, ok, detail=''):\n"
    "    print('pass' if ok else 'fail', name, detail, flush=True)\n"
    "def refused(name, deed):\n"
    "    try: got = deed()\n"
    "    except OSError as e: got = -e.errno\n"
    "    tell(name, isinstance(got, int) and got < 0, repr(got))\n"
    "def write(path): return lambda: open(path, 'w').write('x')\n"
    "status = dict(l.split(':', 1) for l in open('/proc/self/status').read().splitlines())\n"
    "tell('capabilities', all(int(status[c], 16) == 0 for c in ('CapInh', 'CapPrm', 'CapEff')))\n"
    "tell('no new privileges', status['NoNewPrivs'].strip() == '1')\n"
    "tell('environment', 'PRATIQUE_TEST_SECRET' not in os.environ)\n"
    "tell('descriptors', {int(f) for f in os.listdir('/proc/self/fd')} <= {0, 1, 2, 3})\n"
    "tell('session', os.getsid(0) == os.getpid())\n"
    "tell('folder', os.getcwd() == place + '/home/alex', os.getcwd())\n"
    "for p in ('/tmp/x', '/home/alex/x', '/dev/shm/x'):\n"
    "    tell('write ' + p, not os.path.exists(place + p) and write(place + p)() == 1)\n"
    "os.mkdir('d'); os.rename('x', 'd/y'); os.rename('d/y', '../alex/z')\n"
    "tell('a file of the world', open(place + '/etc/passwd').read().startswith('alex'))\n"
    "tell('a bind elsewhere', os.path.isdir(place + '/opt/a/deep/place/doc'))\n"
    "tell('devices', open('/dev/null', 'w').write('x') == 1)\n"
    "refused('host file', lambda: open(host_file).read())\n"
    "for p in ('/etc/shadow', '/etc/hostname', '/root', '/home', '/var/log', '/run', '/tmp', "
    "'/'):\n"
    "    refused('look into ' + p, lambda: open(p).read() if os.path.isfile(p) else "
    "os.listdir(p))\n"
    "for p in (host_file, '/tmp/x', '/var/tmp/x', '/dev/shm/x', '/usr/x', place + '/x', "
    "place + '/etc/passwd', place + '/opt/a/deep/place/x', '/proc/self/oom_score_adj'):\n"
    "    refused('write ' + p, write(p))\n"
    "os.chmod(host_file, 0o777)\n"
    "keeper = os.getppid()\n"
    "for p in ('environ', 'mem', 'maps', 'fd'):\n"
    "    q = '/proc/%d/%s' % (keeper, p)\n"
    "    refused(q, lambda: os.listdir(q) if p == 'fd' else open(q, 'rb').read(1))\n"
    "for pid in (keeper, 1):\n"
    "    refused('kill %d' % pid, lambda: os.kill(pid, signal.SIGKILL) or 0)\n"
    "refused('socket', lambda: socket.socket())\n"
    "refused('a socket by name', lambda: socket.socket(socket.AF_UNIX).connect('/run/x'))\n"
    "refused('datagrams', lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))\n"
    "a, b = socket.socketpair(); a.send(b'x'); tell('a pair', b.recv(1) == b'x')\n"
    "if os.fork() == 0:\n"
    "    os.setsid()\n"
    "    if os.fork() == 0: signal.pause()\n"
    "    os._exit(0)\n"
    "os.wait()\n"
    "d = 'deep'\n"
    "os.mkdir('no', 0o300); os.mkdir('no/no', 0o700); os.mkdir('zero', 0)\n"
    "for i in range(300):\n"
    "    os.mkdir(d); os.chdir(d)\n"
    "os.close(os.open('last', os.O_CREAT | os.O_WRONLY))\n"
    "os._exit(0)\n";

static void weak_of(const char *who)
{
    char place[] = "/tmp/pratique-test-XXXXXX", file[] = "/var/tmp/pratique-test-XXXXXX";
    char argument[128];
    struct play p = { .config = config_of(false), .script = weak_deeds, .argument = argument };
    struct pratique_error err;
    struct stat st;
    struct world w;
    struct buf out;
    int status, fd = mkstemp(file);

    buf_init(&out, HEARD_BYTES * 4);
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    (void)setenv("PRATIQUE_TEST_SECRET", "1", 1);
    HOLDS(fd != -1 && fchmod(fd, 0644) == 0 && mkdtemp(place), "%s: files", who);
    HOLDS(in_a_container(), "%s: profile", who);
    HOLDS(world_start(&w, &p.config, NULL, keeper, &p, &err) == PRATIQUE_E_IO,
          "%s: namespaces in a container", who);
    p.config.weak = true;
    p.config.place = place;
    (void)snprintf(argument, sizeof argument, "%s|%s", place, file);
    status = play(&p, &out);
    HOLDS(status == 0, "%s: status %x", who, (unsigned)status);
    judge(&out, who);
    HOLDS(heard(&out, "socket") && heard(&out, "chmod"), "%s: too little was heard of", who);
    HOLDS(fstat(fd, &st) == 0 && (st.st_mode & 0777) == 0644, "%s: mode %o", who, st.st_mode);
    HOLDS(none_left(), "%s: a process is left", who);
    HOLDS(world_empty(place) && rmdir(place) == 0, "%s: %s is left: %s", who, place,
          strerror(errno));
    buf_free(&out);
    (void)unlink(file);
    (void)close(fd);
}

static void weak_cycles_of(const char *who)
{
    struct play p = { .config = config_of(false), .script = stayer, .argument = "" };
    char place[] = "/tmp/pratique-test-XXXXXX";

    HOLDS(mkdtemp(place), "%s: place", who);
    p.config.weak = true;
    p.config.place = place;
    cycle(who, &p, 30);
    HOLDS(access(place, F_OK) != 0 || (world_empty(place) && rmdir(place) == 0), "%s: %s is left",
          who, place);
}

TEST(world_leaves_nothing_without_namespaces)
{
    as_users(weak_cycles_of, false);
}

TEST(world_holds_without_namespaces)
{
    as_users(weak_of, false);
}
