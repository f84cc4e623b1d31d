/* The gate: what is found, in which order it is told, and what is said of bad input. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pratique/pratique.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "input/map.h"
#include "scan/blame.h"

/* What came out of one call: a line for each report, "name verdict rule rule ...". */
struct log {
    const char *root; /* left out of names */
    struct buf lines;
    unsigned reports;
    unsigned progress; /* of the last call */
    uint64_t found;
    char sha256[65];
};

static void on_report(void *user, const struct pratique_report *r)
{
    struct log *l = user;
    const char *path = pratique_report_path(r);
    size_t n = l->root ? strlen(l->root) : 0;

    if (n && strncmp(path, l->root, n) == 0)
        path += n;
    (void)buf_printf(&l->lines, "%s %s", *path ? path : ".",
                     pratique_verdict_name(pratique_report_verdict(r)));
    for (size_t i = 0; i < pratique_report_findings(r); i++)
        (void)buf_printf(&l->lines, " %s", pratique_report_finding(r, i)->rule->id);
    (void)buf_putc(&l->lines, '\n');
    l->reports++;
    if (pratique_report_sha256(r))
        (void)snprintf(l->sha256, sizeof l->sha256, "%s", pratique_report_sha256(r));
    CHECK(!pratique_report_finding(r, pratique_report_findings(r)), "%s: past the end", path);
    CHECK(!pratique_report_component(r, pratique_report_components(r)), "%s: past the end", path);
}

static void on_progress(void *user, const struct pratique_progress *p)
{
    struct log *l = user;

    l->progress++;
    CHECK(p->artifacts_done == l->progress && p->artifacts_found >= p->artifacts_done, "%s",
          p->path);
    l->found = p->artifacts_found;
}

static void log_init(struct log *l, const char *root)
{
    *l = (struct log){ .root = root };
    buf_init(&l->lines, 1u << 24);
}

static const char *lines(const struct log *l)
{
    return l->lines.p ? l->lines.p : "";
}

/* Scans the paths with a gate of its own. */
static void scan(struct log *l, const struct pratique_options *options, const char *const *paths,
                 size_t n)
{
    struct pratique_gate *g;
    struct pratique_error err = { 0 };
    unsigned before = l->reports;

    l->progress = 0;
    CHECK(pratique_gate_open(&g, options, &err) == PRATIQUE_OK, "open: %s", err.msg);
    if (!g)
        return;
    CHECK(pratique_gate_scan(g, paths, n, on_report, on_progress, l, &err) == PRATIQUE_OK,
          "scan: %s", err.msg);
    CHECK(l->progress == l->reports - before, "progress %u, reports %u", l->progress, l->reports);
    pratique_gate_close(g);
}

static void scan_one(struct log *l, const char *path)
{
    const struct pratique_options options = { .workers = 2 };

    scan(l, &options, &path, 1);
}

/* A folder of one test, gone afterwards. */
static char root[64];

static void enter(void)
{
    (void)snprintf(root, sizeof root, P_tmpdir "/pratique-unit-XXXXXX");
    if (!mkdtemp(root) || chdir(root) != 0)
        CHECK(false, "no folder to test in: %s", strerror(errno));
}

static void leave(void)
{
    char command[256];

    (void)snprintf(command, sizeof command, "chmod -R u+rwx '%s'; rm -rf '%s'", root, root);
    CHECK(chdir("/") == 0 && system(command) == 0, "%s is left behind", root);
}

static void put(const char *name, const void *p, size_t n)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    CHECK(fd != -1 && write(fd, p, n) == (ssize_t)n, "%s: %s", name, strerror(errno));
    if (fd != -1)
        close(fd);
}

static void put_text(const char *name)
{
    put(name, "hello\n", 6);
}

TEST(gate_wrong_use)
{
    static const struct {
        const char *what;
        struct pratique_options options;
    } rows[] = {
        { "too deep", { .limits = { .depth = 65 } } },
        { "too little memory", { .limits = { .memory_bytes = 1 << 20 } } },
        { "too many workers", { .workers = 100000 } },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct pratique_gate *g;
        struct pratique_error err = { 0 };

        CHECK(pratique_gate_open(&g, &rows[i].options, &err) == PRATIQUE_E_USAGE && !g, "%s",
              rows[i].what);
        CHECK(err.status == PRATIQUE_E_USAGE && err.msg[0], "%s", rows[i].what);
        pratique_gate_close(g);
    }
}

TEST(gate_tells_its_layers)
{
    const struct pratique_options options = { .workers = 1 };
    struct pratique_gate *g;
    struct pratique_error err = { 0 };

    CHECK(pratique_gate_open(&g, &options, &err) == PRATIQUE_OK, "open: %s", err.msg);
    if (!g)
        return;
    CHECK(pratique_gate_layers(g) == 5, "%zu layers", pratique_gate_layers(g));
    for (size_t i = 0; i < pratique_gate_layers(g); i++) {
        const struct pratique_layer *l = pratique_gate_layer(g, i);

        CHECK(l->name[0] && l->detail[0], "layer %zu", i);
        CHECK(l->active || strcmp(l->name, "landlock") == 0, "%s: %s", l->name, l->detail);
    }
    CHECK(!pratique_gate_layer(g, 5), "past the end");
    pratique_gate_close(g);
}

/* Makes one system call fail from now on, as an old kernel would. */
static bool forget_call(unsigned nr, unsigned error)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { .len = ARRAY_LEN(code), .filter = code };

    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static const struct missing {
    const char *layer;
    unsigned call, error;
    bool weak_ok;
    enum pratique_status want;
} missing[] = {
    { "landlock", SYS_landlock_create_ruleset, ENOSYS, false, PRATIQUE_OK },
    { "landlock", SYS_landlock_restrict_self, EPERM, false, PRATIQUE_OK },
    { "seccomp", SYS_seccomp, ENOSYS, false, PRATIQUE_E_IO },
    { "seccomp", SYS_seccomp, EINVAL, true, PRATIQUE_OK },
    { "no-new-privs", SYS_capset, EPERM, false, PRATIQUE_E_IO },
    { "no-new-privs", SYS_capset, EPERM, true, PRATIQUE_OK },
    { "rlimits", SYS_prlimit64, EPERM, false, PRATIQUE_E_IO },
    { "descriptors", SYS_close_range, ENOSYS, false, PRATIQUE_E_IO },
    { "descriptors", SYS_close_range, ENOSYS, true, PRATIQUE_OK },
};

/* In a child: 0 when the gate does as the row says. */
static int open_without(const struct missing *row)
{
    const struct pratique_options options = { .workers = 1, .weak_sandbox_ok = row->weak_ok };
    struct pratique_gate *g;
    struct pratique_error err = { 0 };
    struct log l;
    int bad = 0;

    log_init(&l, NULL);
    if (!forget_call(row->call, row->error))
        return 1;
    if (pratique_gate_open(&g, &options, &err) != row->want)
        return 2;
    if (!g)
        return strstr(err.msg, row->layer) ? 0 : 3;
    for (size_t i = 0; i < pratique_gate_layers(g); i++)
        if (pratique_gate_layer(g, i)->active ==
            (strcmp(pratique_gate_layer(g, i)->name, row->layer) == 0))
            bad = 4;
    if (pratique_gate_scan_memory(g, "name", "hello\n", 6, on_report, &l, &err) != PRATIQUE_OK ||
        strcmp(lines(&l), "name admit\n") != 0)
        bad = 5;
    buf_free(&l.lines);
    pratique_gate_close(g);
    return bad;
}

TEST(gate_without_a_layer)
{
    for (size_t i = 0; i < ARRAY_LEN(missing); i++) {
        int status = -1;
        pid_t pid;

        fflush(stdout);
        pid = fork();
        if (pid == 0)
            _exit(open_without(&missing[i]));
        (void)waitpid(pid, &status, 0);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s, row %zu: %x", missing[i].layer, i,
              (unsigned)status);
    }
}

TEST(gate_follows_folders_in_order)
{
    struct log l;

    enter();
    put_text("b.txt");
    put_text("a.txt");
    put("empty", "", 0);
    (void)!mkdir("a", 0700);
    put_text("a/z.txt");
    put_text("a/.hidden.txt");
    (void)!mkdir("a/nothing", 0700);
    log_init(&l, root);
    scan_one(&l, root);
    CHECK(strcmp(lines(&l), "/a/.hidden.txt admit\n/a/z.txt admit\n/a.txt admit\n"
                            "/b.txt admit\n/empty undecided ENG005\n") == 0,
          "%s", lines(&l));
    CHECK(l.found == 5, "found %u", (unsigned)l.found);
    buf_free(&l.lines);
    leave();
}

TEST(gate_keeps_the_order_of_paths)
{
    const struct pratique_options options = { .workers = 3 };
    const char *paths[300];
    char names[300][16];
    struct buf want;
    struct log l;

    enter();
    buf_init(&want, 1u << 20);
    for (size_t i = 0; i < 300; i++) {
        (void)snprintf(names[i], sizeof names[i], "%03zu.txt", (i * 7) % 300);
        put(names[i], "hello\n", i % 5 ? 6 : 0);
        paths[i] = names[i];
        (void)buf_printf(&want, "%s %s\n", names[i], i % 5 ? "admit" : "undecided ENG005");
    }
    log_init(&l, NULL);
    scan(&l, &options, paths, 300);
    CHECK(strcmp(lines(&l), want.p) == 0, "%.200s", lines(&l));
    buf_free(&want);
    buf_free(&l.lines);
    leave();
}

static void make_socket(const char *name)
{
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    (void)snprintf(a.sun_path, sizeof a.sun_path, "%s", name);
    CHECK(fd != -1 && bind(fd, (const struct sockaddr *)&a, sizeof a) == 0, "socket: %s",
          strerror(errno));
    close(fd);
}

TEST(gate_opens_nothing_but_files)
{
    struct log l;

    enter();
    CHECK(mkfifo("fifo", 0600) == 0, "fifo");
    make_socket("socket");
    put_text("text.txt");
    log_init(&l, root);
    scan_one(&l, root);
    CHECK(strcmp(lines(&l), "/fifo undecided ENG007\n/socket undecided ENG007\n"
                            "/text.txt admit\n") == 0,
          "%s", lines(&l));
    buf_free(&l.lines);
    log_init(&l, NULL);
    scan_one(&l, "/dev/zero");
    scan_one(&l, "fifo");
    scan_one(&l, "gone.txt");
    scan_one(&l, "text.txt/below");
    scan_one(&l, "");
    CHECK(strcmp(lines(&l), "/dev/zero undecided ENG007\nfifo undecided ENG007\n"
                            "gone.txt undecided ENG006\ntext.txt/below undecided ENG006\n"
                            ". undecided ENG006\n") == 0,
          "%s", lines(&l));
    buf_free(&l.lines);
    leave();
}

TEST(gate_says_when_there_is_nothing)
{
    struct log l;

    enter();
    (void)!mkdir("empty", 0700);
    (void)!mkdir("hollow", 0700);
    (void)!mkdir("hollow/hollow", 0700);
    (void)!mkdir("itself", 0700);
    (void)!symlink(".", "itself/link");
    log_init(&l, NULL);
    scan_one(&l, "empty");
    scan_one(&l, "hollow/");
    scan_one(&l, "itself");
    CHECK(strcmp(lines(&l), "empty undecided ENG005\nhollow undecided ENG005\n"
                            "itself/link admit ENG015\nitself undecided ENG005\n") == 0,
          "%s", lines(&l));
    buf_free(&l.lines);
    leave();
}

TEST(gate_leaves_no_folder_by_a_link)
{
    static const struct {
        const char *name, *target, *want;
    } rows[] = {
        { "absolute", "/etc/passwd", "undecided ENG016" },
        { "circle", "circle", "undecided ENG006" },
        { "dangling", "nowhere", "undecided ENG006" },
        { "device", "../fifo", "undecided ENG016" },
        { "folder", ".", "admit ENG015" },
        { "inside", "text.txt", "admit ENG015" },
        { "outside", "../outside.txt", "undecided ENG016" },
        { "pipe", "here-fifo", "undecided ENG007" },
        { "proc", "/proc/self/cwd", "undecided ENG016" },
        { "roundabout", "../root/text.txt", "undecided ENG016" },
        { "two-steps", "outside", "undecided ENG016" },
    };
    struct log l;
    struct buf want;

    enter();
    (void)!mkdir("root", 0700);
    put_text("outside.txt");
    CHECK(mkfifo("fifo", 0600) == 0 && mkfifo("root/here-fifo", 0600) == 0, "fifos");
    put_text("root/text.txt");
    CHECK(chdir("root") == 0, "root");
    buf_init(&want, 1u << 16);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CHECK(symlink(rows[i].target, rows[i].name) == 0, "%s", rows[i].name);
        if (strcmp(rows[i].name, "inside") == 0)
            (void)buf_puts(&want, "root/here-fifo undecided ENG007\n");
        if (strcmp(rows[i].name, "two-steps") == 0)
            (void)buf_puts(&want, "root/text.txt admit\n");
        (void)buf_printf(&want, "root/%s %s\n", rows[i].name, rows[i].want);
    }
    CHECK(chdir("..") == 0 && symlink("root", "named") == 0, "up");
    log_init(&l, NULL);
    scan_one(&l, "root");
    CHECK(strcmp(lines(&l), want.p) == 0, "%s", lines(&l));
    buf_free(&l.lines);
    log_init(&l, NULL);
    scan_one(&l, "named"); /* a link that the user names is followed */
    CHECK(l.reports == 13, "%s", lines(&l));
    buf_free(&want);
    buf_free(&l.lines);
    leave();
}

TEST(gate_says_what_may_not_be_read)
{
    struct log l;

    enter();
    put_text("locked.txt");
    (void)!mkdir("shut", 0700);
    put_text("shut/inside.txt");
    CHECK(chmod("locked.txt", 0) == 0 && chmod("shut", 0) == 0, "chmod");
    log_init(&l, root);
    if (access("locked.txt", R_OK) != 0) { /* root may read all */
        scan_one(&l, root);
        CHECK(strcmp(lines(&l), "/locked.txt undecided ENG006\n/shut undecided ENG006\n") == 0,
              "%s", lines(&l));
    }
    buf_free(&l.lines);
    leave();
}

TEST(gate_follows_folders_to_a_bound)
{
    struct log l;
    int depth = 0;

    enter();
    while (depth < 140 && mkdir("d", 0700) == 0 && chdir("d") == 0)
        depth++;
    put_text("bottom.txt");
    CHECK(depth == 140 && chdir(root) == 0, "a chain of folders");
    log_init(&l, NULL);
    scan_one(&l, root);
    CHECK(l.reports == 1 && strstr(lines(&l), "undecided ENG002"), "%s", lines(&l));
    buf_free(&l.lines);
    leave();
}

TEST(gate_sparse_terabyte)
{
    const struct pratique_options options = { .workers = 1 };
    const char *path = "sparse";
    struct log l;
    int fd;

    enter();
    fd = open("sparse", O_WRONLY | O_CREAT, 0600);
    if (fd != -1 && ftruncate(fd, (off_t)1 << 40) == 0) { /* a file system may refuse */
        log_init(&l, NULL);
        scan(&l, &options, &path, 1);
        CHECK(l.reports == 1 && strstr(lines(&l), "undecided"), "%s", lines(&l));
        buf_free(&l.lines);
    }
    if (fd != -1)
        close(fd);
    leave();
}

static void on_report_slowly(void *user, const struct pratique_report *r)
{
    const struct log *l = user;

    on_report(user, r);
    if (l->reports == 1)
        (void)usleep(2500 * 1000);
}

/* A host that takes its time makes no worker look stalled, not even over a long answer. */
TEST(gate_host_that_dawdles)
{
    const struct pratique_options options = { .workers = 2, .limits = { .time_ms = 800 } };
    const char *paths[] = { "a.txt", "b.pkl" };
    struct pratique_gate *g;
    struct pratique_error err = { 0 };
    struct buf pickle;
    struct log l;

    enter();
    put_text("a.txt");
    buf_init(&pickle, 1u << 24);
    for (int i = 0; i < 3000; i++) /* as many names as make an answer that no socket holds */
        (void)buf_printf(&pickle, "cmodule_%0300d\nname_%d\n0", i, i);
    (void)buf_puts(&pickle, "N.");
    put("b.pkl", pickle.p, pickle.n);
    log_init(&l, NULL);
    CHECK(pratique_gate_open(&g, &options, &err) == PRATIQUE_OK, "open: %s", err.msg);
    CHECK(pratique_gate_scan(g, paths, 2, on_report_slowly, NULL, &l, &err) == PRATIQUE_OK,
          "scan: %s", err.msg);
    CHECK(l.reports == 2 && !strstr(lines(&l), "ENG") && strstr(lines(&l), "PKL"), "%.200s",
          lines(&l));
    pratique_gate_close(g);
    buf_free(&pickle);
    buf_free(&l.lines);
    leave();
}

TEST(gate_memory_and_hash)
{
    const struct pratique_options options = { .workers = 1, .sha256 = true };
    struct pratique_gate *g;
    struct pratique_error err = { 0 };
    struct log l;

    log_init(&l, NULL);
    CHECK(pratique_gate_open(&g, &options, &err) == PRATIQUE_OK, "open: %s", err.msg);
    if (!g)
        return;
    CHECK(pratique_gate_scan_memory(g, "a name\n", "hello\n", 6, on_report, &l, &err) ==
              PRATIQUE_OK,
          "%s", err.msg);
    CHECK(strcmp(l.sha256, "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03") == 0,
          "%s", l.sha256);
    CHECK(pratique_gate_scan_memory(g, "nothing", NULL, 0, on_report, &l, &err) == PRATIQUE_OK,
          "%s", err.msg);
    CHECK(strcmp(lines(&l), "a name\\n admit\nnothing undecided ENG005\n") == 0, "%s", lines(&l));
    CHECK(strcmp(l.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") == 0,
          "%s", l.sha256);
    buf_free(&l.lines);
    pratique_gate_close(g);
}

/* Scans standard input while it is fd. */
static void scan_stdin(struct log *l, int fd, uint64_t memory)
{
    const struct pratique_options options = { .workers = 1, .limits = { .memory_bytes = memory } };
    const char *path = "-";
    int saved = dup(STDIN_FILENO);

    CHECK(dup2(fd, STDIN_FILENO) != -1, "dup2");
    scan(l, &options, &path, 1);
    CHECK(dup2(saved, STDIN_FILENO) != -1, "dup2 back");
    close(saved);
}

TEST(gate_standard_input)
{
    const size_t large = 20u << 20;
    struct log l;
    int fd, ends[2];
    pid_t writer;

    enter();
    put("text.txt", "\1\2\3hello\n", 9);
    log_init(&l, NULL);
    fd = open("text.txt", O_RDONLY);
    CHECK(lseek(fd, 3, SEEK_SET) == 3, "what was read already is not scanned");
    scan_stdin(&l, fd, 0);
    close(fd);
    fd = open("/", O_RDONLY | O_DIRECTORY);
    scan_stdin(&l, fd, 0);
    close(fd);
    CHECK(pipe(ends) == 0, "pipe");
    fflush(stdout);
    writer = fork();
    if (writer == 0) {
        close(ends[0]); /* so that the pipe breaks when the gate has had enough */
        (void)signal(SIGPIPE, SIG_DFL);
        _exit(write(ends[1], calloc(1, large), large) > 0);
    }
    close(ends[1]);
    scan_stdin(&l, ends[0], 16u << 20);
    close(ends[0]);
    (void)waitpid(writer, NULL, 0);
    CHECK(strcmp(lines(&l), "- admit\n- undecided ENG007\n- undecided ENG002\n") == 0, "%s",
          lines(&l));
    buf_free(&l.lines);
    leave();
}

/* A file that changes between the two looks that the gate takes. */
TEST(gate_task_that_changes)
{
    struct task *t;

    enter();
    put_text("text.txt");
    t = task_new("text.txt", open("text.txt", O_RDONLY), NULL);
    CHECK(t && truncate("text.txt", 3) == 0, "truncate");
    if (t) {
        task_finish(t);
        CHECK(t->facts.n == 1 && t->facts.list[0].kind == FACT_CHANGED, "%zu facts", t->facts.n);
    }
    task_free(t);
    leave();
}

/* The bytes of a map that are no longer there kill the process that asks for them. */
TEST(gate_map_that_shrinks)
{
    struct map m;
    siginfo_t how = { 0 };
    int fd;
    pid_t pid;

    enter();
    fd = open("file", O_RDWR | O_CREAT, 0600);
    CHECK(ftruncate(fd, 1 << 20) == 0 && map_open(&m, fd, 1 << 20) == PRATIQUE_OK && m.mapped,
          "a map");
    CHECK(ftruncate(fd, 0) == 0, "it shrinks");
    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        volatile const uint8_t *last = m.bytes.p + m.bytes.n - 1;

        (void)signal(SIGBUS, SIG_DFL);
        _exit(*last);
    }
    CHECK(waitid(P_PID, (id_t)pid, &how, WEXITED) == 0 && how.si_status == SIGBUS, "signal %d",
          how.si_status);
    map_close(&m);
    CHECK(map_open(&m, fd, 100) == PRATIQUE_E_FORMAT && m.bytes.n == 0, "a copy that is short");
    map_close(&m);
    close(fd);
    leave();
}

TEST(gate_blames_by_how_the_worker_ended)
{
    static const struct {
        int code, status;
        enum fact_kind kind;
        const char *says;
    } rows[] = {
        { CLD_KILLED, SIGBUS, FACT_CHANGED, "shrank" },
        { CLD_KILLED, SIGXCPU, FACT_WORKER_STALLED, "SIGXCPU" },
        { CLD_KILLED, SIGSYS, FACT_WORKER_DIED, "forbidden system call" },
        { CLD_DUMPED, SIGSEGV, FACT_WORKER_DIED, "SIGSEGV" },
        { CLD_KILLED, SIGKILL, FACT_WORKER_DIED, "SIGKILL" },
        { CLD_KILLED, SIGFPE, FACT_WORKER_DIED, "SIGFPE" },
        { CLD_EXITED, 3, FACT_WORKER_DIED, "status 3" },
        { 0, 0, FACT_WORKER_DIED, "not tell" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        siginfo_t how = { .si_code = rows[i].code };
        struct task *t = task_new("a path", -1, NULL);

        how.si_status = rows[i].status;
        if (!t)
            return;
        blame_end(t, &how);
        CHECK(t->facts.n == 1 && t->facts.list[0].kind == rows[i].kind, "row %zu", i);
        CHECK(memmem(t->facts.list[0].detail.p, t->facts.list[0].detail.n, rows[i].says,
                     strlen(rows[i].says)),
              "row %zu: %s", i, rows[i].says);
        task_free(t);
    }
}

/* A host that does not wait for children must not confuse the gate. */
TEST(gate_with_children_ignored)
{
    struct log l;

    enter();
    put_text("text.txt");
    (void)signal(SIGCHLD, SIG_IGN);
    log_init(&l, NULL);
    scan_one(&l, "text.txt");
    (void)signal(SIGCHLD, SIG_DFL);
    CHECK(strcmp(lines(&l), "text.txt admit\n") == 0, "%s", lines(&l));
    buf_free(&l.lines);
    leave();
}

/* Nothing of a gate is left: no process, no descriptor. */
TEST(gate_leaves_nothing)
{
    struct log l;
    int before, after;

    enter();
    put_text("text.txt");
    before = dup(0);
    close(before);
    log_init(&l, NULL);
    for (int i = 0; i < 20; i++)
        scan_one(&l, root);
    after = dup(0);
    close(after);
    CHECK(before == after, "descriptors: %d, then %d", before, after);
    CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD, "a child is left");
    CHECK(l.reports == 20, "%u reports", l.reports);
    buf_free(&l.lines);
    leave();
}
