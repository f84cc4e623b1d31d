/*
 * Runs a command in a network of its own whose other end is the sink, and prints what the
 * sink tells: one event a line, "kind|flags|subject|detail|number". What is no plain ASCII is
 * written \xNN. Needs root. Usage:
 *
 *   sink [--no-answers] [--timing] FOLDER PORTS COMMAND...
 *
 * PORTS: "t80,t443,u123". FOLDER gets ca.pem and the bait's environment (env). Exit status:
 * the command's; 77 where namespaces cannot be had.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/budget.h"
#include "watch/sink.h"

#define TOKEN   "0123456789abcdef01234567"
#define SKIPPED 77

static void die(const char *what)
{
    perror(what);
    exit(SKIPPED);
}

static void put_file(const char *folder, const char *name, const void *p, size_t n)
{
    char path[512];
    FILE *f;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "wb");
    if (!f || fwrite(p, 1, n, f) != n || fclose(f) != 0)
        die(path);
}

/* ---- the network ---- */

static void lo_up(void)
{
    struct ifreq r = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    if (fd == -1 || ioctl(fd, SIOCSIFFLAGS, &r) != 0)
        die("lo");
    close(fd);
}

static void add_attribute(struct nlmsghdr *n, unsigned short type, int value)
{
    struct rtattr *a = (struct rtattr *)((char *)n + NLMSG_ALIGN(n->nlmsg_len));

    a->rta_type = type;
    a->rta_len = RTA_LENGTH(sizeof value);
    memcpy(RTA_DATA(a), &value, sizeof value);
    n->nlmsg_len = NLMSG_ALIGN(n->nlmsg_len) + a->rta_len;
}

/* ip route add local default dev lo: every address is this machine's. */
static void any_ip(unsigned char family)
{
    struct {
        struct nlmsghdr head;
        struct rtmsg route;
        char room[64];
    } m = { .head = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg)),
                      .nlmsg_type = RTM_NEWROUTE,
                      .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_ACK },
            .route = { .rtm_family = family,
                       .rtm_table = RT_TABLE_LOCAL,
                       .rtm_protocol = RTPROT_STATIC,
                       .rtm_scope = RT_SCOPE_HOST,
                       .rtm_type = RTN_LOCAL } };
    int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    char answer[1024];

    add_attribute(&m.head, RTA_OIF, 1);
    if (fd == -1 || send(fd, &m, m.head.nlmsg_len, 0) == -1 ||
        recv(fd, answer, sizeof answer, 0) < (ssize_t)sizeof(struct nlmsghdr))
        die("route");
    close(fd);
}

static void world(const char *folder)
{
    static const char resolver[] = "nameserver 127.0.0.1\noptions timeout:2 attempts:1\n";
    char path[512];

    put_file(folder, "resolv.conf", resolver, sizeof resolver - 1);
    (void)snprintf(path, sizeof path, "%s/resolv.conf", folder);
    if (unshare(CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWUTS) != 0)
        die("unshare");
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount(path, "/etc/resolv.conf", NULL, MS_BIND, NULL) != 0)
        die("resolv.conf");
    (void)sethostname("thinkpad", 8);
    lo_up();
    any_ip(AF_INET);
    any_ip(AF_INET6);
}

/* ---- events ---- */

static void print_text(struct span s)
{
    putchar('|');
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < ' ' || s.p[i] > '~' || s.p[i] == '|' || s.p[i] == '\\')
            printf("\\x%02x", s.p[i]);
        else
            putchar(s.p[i]);
}

/* The next event; its kind, or -1 at the end. */
static int print_event(int control)
{
    static uint8_t wire[EVENT_WIRE_MAX];
    ssize_t n = recv(control, wire, sizeof wire, 0);
    struct span in = span_of(wire, n > 0 ? (size_t)n : 0);
    struct watch_event e;

    if (n <= 0)
        return -1;
    if (event_take(&in, &e) != 1 || in.n) {
        printf("broken|0|||0\n");
        return EVENTS;
    }
    printf("%s|%u", event_name(e.kind), e.flags);
    print_text(e.subject);
    print_text(e.detail);
    printf("|%llu\n", (unsigned long long)e.number);
    fflush(stdout);
    return (int)e.kind;
}

static void ask(int control, const char *ports)
{
    for (const char *p = ports; p && *p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL) {
        unsigned port = (unsigned)atoi(p + 1);
        uint8_t message[3] = { (uint8_t)*p, (uint8_t)port, (uint8_t)(port >> 8) };
        int kind;

        if (send(control, message, sizeof message, 0) != sizeof message)
            die("send");
        do
            kind = print_event(control);
        while (kind != EVENT_SINK_READY && kind != -1);
    }
}

/* ---- roles ---- */

static void write_environment(const char *folder, const struct bait *b)
{
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);

    for (size_t i = 0; f && i < b->environment_n; i++)
        fprintf(f, "%s\n", b->environment[i]);
    for (size_t i = 0; f && i < b->secrets_n; i++)
        fprintf(f, "SECRET %s=%s\n", b->secrets[i].what, b->secrets[i].value);
    if (!f || fclose(f) != 0)
        die("env");
    put_file(folder, "env", text, n);
    free(text);
}

static pid_t start_sink(const struct sink_config *config, int ends[2])
{
    pid_t pid = fork();

    if (pid == 0) {
        close(ends[0]);
        sink_run(config, ends[1]);
        _exit(0);
    }
    close(ends[1]);
    return pid;
}

/* Runs the command, and says that it is over; a process of its own, so that events are read. */
static pid_t start_command(char **argv, int control)
{
    pid_t pid = fork(), command;
    int status = 0;

    if (pid != 0)
        return pid;
    command = fork();
    if (command == 0) {
        close(control);
        dup2(STDERR_FILENO, STDOUT_FILENO);
        execvp(argv[0], argv);
        _exit(127);
    }
    (void)waitpid(command, &status, 0);
    shutdown(control, SHUT_WR);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
}

static int follow(int control, pid_t command)
{
    int status = 0;

    while (print_event(control) != -1)
        ;
    (void)waitpid(command, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

/* Microseconds until the sink has answered its first order. */
static void time_start(const struct sink_config *config)
{
    uint64_t begin, done;
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0)
        die("socketpair");
    begin = budget_now_us();
    (void)start_sink(config, ends);
    ask(ends[0], "t80");
    done = budget_now_us();
    fprintf(stderr, "start: %llu us\n", (unsigned long long)(done - begin));
    close(ends[0]);
    (void)wait(NULL);
}

int main(int argc, char **argv)
{
    static const unsigned char seed[32] = { 1, 2, 3 };
    static const char native[] = "\177ELF-stand-in of a shared object";
    struct arena arena;
    struct bait bait;
    struct sink_authority *authority;
    struct sink_config config = { .bait = &bait,
                                  .token = TOKEN,
                                  .native = { (const uint8_t *)native, sizeof native - 1 },
                                  .answers = true,
                                  .host = "thinkpad",
                                  .bytes_max = 4u << 20,
                                  .connections_max = 64 };
    uint64_t begin = budget_now_us();
    bool timing = false;
    int ends[2], status;
    struct span pem;
    pid_t sink;

    for (; argc > 1 && argv[1][0] == '-'; argc--, argv++) {
        config.answers = config.answers && strcmp(argv[1], "--no-answers") != 0;
        timing = timing || strcmp(argv[1], "--timing") == 0;
    }
    if (argc < 4)
        return 2;
    arena_init(&arena, 4u << 20);
    if (!bait_make(&bait, &arena, seed, "alex", "thinkpad"))
        die("bait");
    config.authority = authority = sink_authority_new();
    if (!authority)
        die("authority");
    if (timing)
        fprintf(stderr, "bait and authority: %llu us\n",
                (unsigned long long)(budget_now_us() - begin));
    pem = sink_authority_pem(authority);
    put_file(argv[1], "ca.pem", pem.p, pem.n);
    write_environment(argv[1], &bait);
    world(argv[1]);
    if (timing)
        time_start(&config);
    config.begun_us = budget_now_us();
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0)
        die("socketpair");
    sink = start_sink(&config, ends);
    ask(ends[0], argv[2]);
    status = follow(ends[0], start_command(argv + 3, ends[0]));
    (void)waitpid(sink, NULL, 0);
    sink_authority_free(authority);
    arena_reset(&arena);
    return status;
}
