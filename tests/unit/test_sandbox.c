/* The lock-down holds: each row is done in a locked child, and how the child ends is looked at. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/compiler.h"
#include "sandbox/sandbox.h"

/* What a deed returns when nothing stopped it; a status of a child that ended well. */
enum { DONE = 7, FAILED = 8 };

static const struct sandbox_limits limits = { .memory_bytes = 64u << 20,
                                              .cpu_seconds = 20,
                                              .descriptors = 8 };

static int told(bool done)
{
    return done ? DONE : FAILED;
}

static int compute(void)
{
    char *p = malloc(1000000);
    bool ok = p != NULL;

    if (p)
        memset(p, 1, 1000000);
    free(p);
    return told(ok);
}

static int talk(void)
{
    return told(write(SANDBOX_CHANNEL, "x", 1) == 1);
}

static int make_socket(void)
{
    return told(socket(AF_UNIX, SOCK_STREAM, 0) != -1);
}

static int open_file(void)
{
    return told(open("/dev/null", O_RDONLY) != -1);
}

static int open_by_landlock(void)
{
    return told(open("/", O_RDONLY | O_DIRECTORY) != -1);
}

static int run_program(void)
{
    char *argv[] = { NULL };

    return told(execve("/bin/true", argv, argv) != -1);
}

static int make_process(void)
{
    return told(fork() != -1);
}

static int signal_parent(void)
{
    return told(kill(getppid(), 0) == 0);
}

static int trace(void)
{
    return told(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0);
}

static bool map(int prot, int flags)
{
    return mmap(NULL, 4096, prot, flags, -1, 0) != MAP_FAILED;
}

static int map_private(void)
{
    return told(map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS));
}

static int map_program(void)
{
    return told(map(PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS));
}

static int map_shared(void)
{
    return told(map(PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS));
}

static int make_executable(void)
{
    void *p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return told(p != MAP_FAILED && mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0);
}

static int write_elsewhere(void)
{
    return told(write(STDOUT_FILENO, "", 0) == 0);
}

static int read_elsewhere(void)
{
    char c;

    return told(pread(11, &c, 1, 0) != -1 || errno != EBADF);
}

static int give_up(void)
{
    abort();
}

static int take_memory(void)
{
    return told(mmap(NULL, 128u << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                     0) != MAP_FAILED);
}

static int raise_limit(void)
{
    struct rlimit more = { 4096, 4096 };

    return told(setrlimit(RLIMIT_NOFILE, &more) == 0);
}

#ifdef __x86_64__
static int x32_call(void)
{
    return told(syscall(0x40000000 | SYS_getpid) > 0);
}

/* The numbers of another architecture: 20 is getpid there. */
static int i386_call(void)
{
    long rc = 20;

    __asm__ volatile("int $0x80" : "+a"(rc) : : "memory", "r8", "r9", "r10", "r11");
    return told(rc > 0);
}
#endif

static const struct {
    const char *what;
    int (*deed)(void);
    int status; /* of the exit, or 0: */
    int signal; /* it ends by this one */
    bool plain; /* in a build without a sanitizer only */
} rows[] = {
    { "compute", compute, DONE, 0, false },
    { "talk over the channel", talk, DONE, 0, false },
    { "map private memory", map_private, DONE, 0, false },
    { "abort", give_up, 0, SIGABRT, true },
    { "socket", make_socket, 0, SIGSYS, false },
    { "open a file", open_file, 0, SIGSYS, true },
    { "run a program", run_program, 0, SIGSYS, false },
    { "fork", make_process, 0, SIGSYS, false },
    { "signal the parent", signal_parent, 0, SIGSYS, false },
    { "ptrace", trace, 0, SIGSYS, false },
    { "map a program", map_program, 0, SIGSYS, false },
    { "map shared memory", map_shared, 0, SIGSYS, false },
    { "make memory executable", make_executable, 0, SIGSYS, false },
    { "write to standard output", write_elsewhere, 0, SIGSYS, false },
    { "read a descriptor of before", read_elsewhere, FAILED, 0, false },
    { "take more memory than allowed", take_memory, FAILED, 0, true },
    { "raise a limit again", raise_limit, 0, SIGSYS, false },
#ifdef __x86_64__
    { "an x32 call", x32_call, 0, SIGSYS, false },
    { "an i386 call", i386_call, 0, SIGSYS, false },
#endif
};

/* Runs prepare and then deed in a child; how it ended, as waitpid(2) says. */
static int end_of(void (*prepare)(int channel, int parent), int (*deed)(void))
{
    int ends[2], status = -1;
    int parent = getpid();
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        return -1;
    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        (void)dup2(ends[1], 11); /* something to find open */
        prepare(ends[1], parent);
        _exit(deed());
    }
    (void)waitpid(pid, &status, 0);
    close(ends[0]);
    close(ends[1]);
    return status;
}

static void lock(int channel, int parent)
{
    struct sandbox_layer layers[SANDBOX_LAYERS];

    sandbox_lock(layers, channel, parent, &limits);
    for (size_t i = 0; i < SANDBOX_LAYERS; i++)
        if (!layers[i].active && i != SANDBOX_LANDLOCK)
            _exit(100 + (int)i);
}

TEST(sandbox_allows_little)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int status;

        if (rows[i].plain && SANDBOX_SANITIZED)
            continue;
        status = end_of(lock, rows[i].deed);
        if (rows[i].signal)
            CHECK(WIFSIGNALED(status) && WTERMSIG(status) == rows[i].signal, "%s: status %x",
                  rows[i].what, (unsigned)status);
        else
            CHECK(WIFEXITED(status) && WEXITSTATUS(status) == rows[i].status, "%s: status %x",
                  rows[i].what, (unsigned)status);
    }
}

static void lock_server(int channel, int parent)
{
    struct sandbox_layer layers[SANDBOX_LAYERS];

    sandbox_lock_server(layers, channel, parent, &limits);
    for (size_t i = 0; i < SANDBOX_LAYERS; i++)
        if (!layers[i].active && i != SANDBOX_LANDLOCK)
            _exit(100 + (int)i);
}

static int bind_port(void)
{
    struct sockaddr_in any = { .sin_family = AF_INET };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    return told(fd != -1 && bind(fd, (struct sockaddr *)&any, sizeof any) == 0 &&
                listen(fd, 1) == 0);
}

static int connect_out(void)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    return told(fd != -1 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
}

static int talk_as_server(void)
{
    return told(send(SANDBOX_CHANNEL, "x", 1, MSG_NOSIGNAL) == 1);
}

static int make_raw_socket(void)
{
    return told(socket(AF_PACKET, SOCK_RAW, 0) != -1);
}

TEST(sandbox_server_serves_and_no_more)
{
    static const struct {
        const char *what;
        int (*deed)(void);
        int status, signal;
        bool plain;
    } server_rows[] = {
        { "compute", compute, DONE, 0, false },
        { "talk over the channel", talk_as_server, DONE, 0, false },
        { "bind and listen", bind_port, DONE, 0, false },
        { "connect", connect_out, 0, SIGSYS, false },
        { "a raw socket", make_raw_socket, 0, SIGSYS, false },
        { "a unix socket", make_socket, 0, SIGSYS, false },
        { "open a file", open_file, 0, SIGSYS, true },
        { "run a program", run_program, 0, SIGSYS, false },
        { "fork", make_process, 0, SIGSYS, false },
        { "signal the parent", signal_parent, 0, SIGSYS, false },
        { "map a program", map_program, 0, SIGSYS, false },
    };

    for (size_t i = 0; i < ARRAY_LEN(server_rows); i++) {
        int status;

        if (server_rows[i].plain && SANDBOX_SANITIZED)
            continue;
        status = end_of(lock_server, server_rows[i].deed);
        if (server_rows[i].signal)
            CHECK(WIFSIGNALED(status) && WTERMSIG(status) == server_rows[i].signal, "%s: status %x",
                  server_rows[i].what, (unsigned)status);
        else
            CHECK(WIFEXITED(status) && WEXITSTATUS(status) == server_rows[i].status,
                  "%s: status %x", server_rows[i].what, (unsigned)status);
    }
}

static void lock_landlock(int channel, int parent)
{
    struct sandbox_layer layer;

    (void)channel;
    sandbox_privileges(&layer, parent);
    sandbox_landlock(&layer);
    if (!layer.active)
        _exit(FAILED); /* a kernel without it */
}

/* Each layer holds by itself: what seccomp would have stopped first is seen here. */
TEST(sandbox_landlock_alone_hides_files)
{
    int status = end_of(lock_landlock, open_by_landlock);

    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == FAILED, "status %x", (unsigned)status);
}

static void lock_rlimits(int channel, int parent)
{
    struct sandbox_layer layer;

    (void)channel;
    sandbox_privileges(&layer, parent); /* root could raise them again */
    sandbox_rlimits(&layer, &limits);
    if (!layer.active)
        _exit(100);
}

TEST(sandbox_rlimits_alone_are_final)
{
    int status = end_of(lock_rlimits, raise_limit);

    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == FAILED, "status %x", (unsigned)status);
}

static void nothing(int channel, int parent)
{
    (void)channel;
    (void)parent;
}

static int orphan(void)
{
    struct sandbox_layer layer;

    sandbox_privileges(&layer, 1 + getppid()); /* as if the parent had died before */
    return told(!layer.active && strstr(layer.detail, "gone"));
}

static int no_channel(void)
{
    struct sandbox_layer layer;

    sandbox_descriptors(&layer, 999);
    return told(!layer.active && layer.detail[0]);
}

TEST(sandbox_tells_what_is_missing)
{
    int status = end_of(nothing, orphan);

    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == DONE, "orphan: %x", (unsigned)status);
    status = end_of(nothing, no_channel);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == DONE, "no channel: %x", (unsigned)status);
}

TEST(sandbox_layer_names)
{
    for (unsigned i = 0; i < SANDBOX_LAYERS; i++)
        CHECK(strlen(sandbox_layer_name((enum sandbox_layer_id)i)) > 3, "layer %u", i);
    CHECK(strcmp(sandbox_layer_name(SANDBOX_LAYERS), "?") == 0, "past the end");
}
