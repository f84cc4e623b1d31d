/* src/watch: events on the wire, addresses, trees, the story as facts. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "fact/fact.h"
#include "test.h"
#include "watch/address.h"
#include "watch/tree.h"
#include "watch/watch.h"

static const struct watch_event sample = {
    .kind = EVENT_CONNECT,
    .flags = EVENT_NATIVE | NET_DNS,
    .time_us = 123456789012,
    .pid = 7,
    .pass = 2,
    .number = UINT64_MAX,
};

static struct watch_event an_event(void)
{
    struct watch_event e = sample;

    e.subject = SPAN_LITERAL("tcp 192.0.2.1:443");
    e.detail = SPAN_LITERAL("");
    e.frames = SPAN_LITERAL("/opt/venv/lib/python3.11/site-packages/x/y.py:12 f\n/usr/z.py:3 g");
    return e;
}

TEST(events_come_back_as_they_were)
{
    struct watch_event e = an_event(), got;
    uint8_t bytes[EVENT_WIRE_MAX];
    size_t n = event_put(bytes, &e);
    struct span in = span_of(bytes, n);

    CHECK(event_take(&in, &got) == 1 && in.n == 0, "taken whole");
    CHECK(got.kind == e.kind && got.flags == e.flags && got.time_us == e.time_us &&
              got.pid == e.pid && got.pass == e.pass && got.number == e.number,
          "numbers");
    CHECK(span_equal(got.subject, e.subject) && span_equal(got.frames, e.frames) &&
              got.detail.n == 0,
          "texts");
}

TEST(events_are_cut_to_their_bounds)
{
    static char text[3 * EVENT_FRAMES_MAX];
    struct watch_event e = an_event(), got;
    uint8_t bytes[EVENT_WIRE_MAX];
    struct span in;

    memset(text, 'x', sizeof text);
    e.subject = e.detail = e.frames = span_of(text, sizeof text);
    in = span_of(bytes, event_put(bytes, &e));
    CHECK(in.n == EVENT_WIRE_MAX, "the longest there is");
    CHECK(event_take(&in, &got) == 1, "is an event");
    CHECK(got.subject.n == EVENT_SUBJECT_MAX && got.detail.n == EVENT_DETAIL_MAX &&
              got.frames.n == EVENT_FRAMES_MAX,
          "texts cut");
}

TEST(half_an_event_is_none_yet)
{
    struct watch_event e = an_event(), got;
    uint8_t bytes[EVENT_WIRE_MAX];
    size_t n = event_put(bytes, &e);

    for (size_t cut = 0; cut < n; cut++) {
        struct span in = span_of(bytes, cut);

        CHECK(event_take(&in, &got) == 0 && in.n == cut, "%zu bytes", cut);
    }
}

TEST(nonsense_is_no_event)
{
    static const struct {
        const char *what;
        size_t at;
        uint8_t value;
    } rows[] = {
        { "too short", 0, 1 },
        { "a huge length", 3, 0xff },
        { "an unknown kind", 5, 0xff },
        { "a text past the end", 34, 0xff },
        { "a text of another length", 34, 16 },
    };
    struct watch_event e = an_event(), got;
    uint8_t bytes[EVENT_WIRE_MAX];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct span in = span_of(bytes, event_put(bytes, &e));

        bytes[rows[i].at] = rows[i].value;
        CHECK(event_take(&in, &got) == -1, "%s", rows[i].what);
    }
}

TEST(addresses_as_texts)
{
    static const struct {
        int family;
        const char *address, *text;
        uint16_t port;
        uint32_t flags;
    } rows[] = {
        { AF_INET, "192.0.2.1", "192.0.2.1:443", 443, 0 },
        { AF_INET, "127.9.9.9", "127.9.9.9:1", 1, NET_LOOPBACK },
        { AF_INET, "0.0.0.0", "0.0.0.0:0", 0, NET_UNSPECIFIED },
        { AF_INET6, "2001:db8::1", "[2001:db8::1]:53", 53, 0 },
        { AF_INET6, "::1", "[::1]:8080", 8080, NET_LOOPBACK },
        { AF_INET6, "::", "[::]:80", 80, NET_UNSPECIFIED },
        { AF_INET6, "::ffff:127.0.0.1", "[::ffff:127.0.0.1]:80", 80, NET_LOOPBACK },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sockaddr_storage sa = { .ss_family = (sa_family_t)rows[i].family };
        struct address a;

        if (rows[i].family == AF_INET) {
            struct sockaddr_in *in = (struct sockaddr_in *)&sa;

            in->sin_port = htons(rows[i].port);
            CHECK(inet_pton(AF_INET, rows[i].address, &in->sin_addr) == 1, "%s", rows[i].address);
        } else {
            struct sockaddr_in6 *in = (struct sockaddr_in6 *)&sa;

            in->sin6_port = htons(rows[i].port);
            CHECK(inet_pton(AF_INET6, rows[i].address, &in->sin6_addr) == 1, "%s", rows[i].address);
        }
        address_of(&a, &sa, sizeof sa);
        CHECK(strcmp(a.text, rows[i].text) == 0 && a.port == rows[i].port &&
                  a.flags == rows[i].flags,
              "%s: %s, flags %x", rows[i].text, a.text, a.flags);
    }
}

TEST(addresses_of_every_length)
{
    struct sockaddr_storage sa = { .ss_family = AF_UNIX };
    struct sockaddr_un *un = (struct sockaddr_un *)&sa;
    struct address a;

    memset(un->sun_path, 'x', sizeof un->sun_path);
    for (socklen_t n = 0; n <= sizeof sa; n++) {
        address_of(&a, &sa, n);
        CHECK(a.text[0], "unix, %u bytes", n);
    }
    memcpy(un->sun_path, "\0name", 5);
    address_of(&a, &sa, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 5));
    CHECK(strcmp(a.text, "@name") == 0, "abstract: %s", a.text);
    for (int family = 0; family < 50; family++)
        for (socklen_t n = 0; n <= 28; n++) {
            sa.ss_family = (sa_family_t)family;
            address_of(&a, &sa, n);
            CHECK(a.text[0], "family %d, %u bytes", family, n);
        }
}

/* ---- trees ---- */

static void put(const char *folder, const char *name, const char *text)
{
    char path[256];
    int fd;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    CHECK(fd != -1 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), "%s", path);
    (void)close(fd);
}

static void put_link(const char *folder, const char *name, const char *target)
{
    char path[256];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    CHECK(symlink(target, path) == 0, "%s", path);
}

static bool holds(const char *folder, const char *name, const char *text)
{
    char path[256], got[64];
    int fd;
    ssize_t n;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    n = fd == -1 ? -1 : read(fd, got, sizeof got);
    if (fd != -1)
        (void)close(fd);
    return n == (ssize_t)strlen(text) && memcmp(got, text, (size_t)n) == 0;
}

static bool is_there(const char *folder, const char *name)
{
    char path[256];
    struct stat st;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return lstat(path, &st) == 0;
}

TEST(a_tree_becomes_another)
{
    char from[] = "/tmp/pratique-from-XXXXXX", to[] = "/tmp/pratique-to-XXXXXX", path[256];

    CHECK(mkdtemp(from) && mkdtemp(to), "folders");
    (void)snprintf(path, sizeof path, "%s/d", from);
    CHECK(mkdir(path, 0755) == 0, "a folder");
    put(from, "a", "new");
    put(from, "d/b", "deep");
    put_link(from, "inside", "d/b");
    put_link(from, "d/up", "../a");
    put_link(from, "out", "../../etc/passwd");
    put_link(from, "d/out", "../../x");
    put_link(from, "absolute", "/etc/passwd");
    put(to, "a", "old");
    put(to, "gone", "x");
    put(to, "d", "a file where a folder comes");
    CHECK(tree_copy(from, to, (uid_t)-1, TREE_LINKS_INSIDE), "copied");
    CHECK(holds(to, "a", "new") && holds(to, "d/b", "deep"), "files");
    CHECK(!is_there(to, "gone"), "what is not there is removed");
    CHECK(is_there(to, "inside") && is_there(to, "d/up"), "links that stay inside");
    CHECK(!is_there(to, "out") && !is_there(to, "d/out") && !is_there(to, "absolute"),
          "links that lead out");
    CHECK(tree_copy(from, to, (uid_t)-1, TREE_LINKS_ALL) && is_there(to, "out"), "all of them");
    (void)snprintf(path, sizeof path, "rm -rf %s %s", from, to);
    CHECK(system(path) == 0, "removed");
}

TEST(a_tree_that_is_not_there)
{
    CHECK(!tree_copy("/nonexistent/x", "/nonexistent/y", (uid_t)-1, TREE_LINKS_ALL), "fails");
}

/* ---- the story ---- */

static void tell_event(struct watch_story *s, const struct watch_event *e)
{
    uint8_t bytes[EVENT_WIRE_MAX];

    CHECK(buf_add(&s->bytes, bytes, event_put(bytes, e)), "room");
    s->events++;
}

TEST(a_story_as_facts)
{
    struct watch_story s = { .done = true };
    struct arena arena;
    struct facts facts;
    struct watch_event e = an_event();

    arena_init(&arena, 1 << 20);
    facts_init(&facts, &arena);
    buf_init(&s.bytes, 1 << 20);
    tell_event(&s, &e);
    CHECK(watch_facts(&facts, &s, "x.whl", 5), "told");
    CHECK(facts.n == 2 && facts.list[0].kind == FACT_WATCH_CONNECT &&
              facts.list[1].kind == FACT_READ,
          "one event, and that it was read");
    CHECK(strcmp(where_path(&arena, facts.list[0].where), "x.whl!/x/y.py") == 0 &&
              facts.list[0].line == 12 && facts.list[0].refs_n == 2,
          "at the innermost frame of the wheel");
    watch_story_free(&s);
    facts_free(&facts);
    arena_reset(&arena);
}

TEST(a_place_far_below_is_found)
{
    struct watch_story s = { .done = true };
    struct arena arena;
    struct facts facts;
    struct watch_event e = an_event();

    e.frames = SPAN_LITERAL("/l/a.py:1 a\n/l/a.py:2 b\n/l/a.py:3 c\n/l/a.py:4 d\n/l/a.py:5 e\n"
                            "/l/a.py:6 f\n/l/a.py:7 g\n/l/a.py:8 h\n/l/a.py:9 i\n"
                            "/opt/venv/lib/python3.11/site-packages/x.py:10 deep\n"
                            "/opt/venv/lib/python3.11/site-packages/y.py:11 deeper");
    arena_init(&arena, 1 << 20);
    facts_init(&facts, &arena);
    buf_init(&s.bytes, 1 << 20);
    tell_event(&s, &e);
    CHECK(watch_facts(&facts, &s, "x.whl", 5) && facts.n == 2, "told");
    CHECK(strcmp(where_path(&arena, facts.list[0].where), "x.whl!/x.py") == 0 &&
              facts.list[0].line == 10,
          "line %u", facts.list[0].line);
    CHECK(facts.list[0].refs_n == FACT_REFS_MAX &&
              span_ends(facts.list[0].refs[FACT_REFS_MAX - 1], SPAN_LITERAL("x.py:10 deep")),
          "its frame is kept");
    watch_story_free(&s);
    facts_free(&facts);
    arena_reset(&arena);
}

TEST(a_story_without_an_end_is_a_gap)
{
    static const struct {
        const char *what;
        bool done, nonsense, late, read;
    } rows[] = {
        { "done", true, false, false, true },
        { "not done", false, false, false, false },
        { "nonsense", true, true, false, false },
        { "late", false, false, true, false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct watch_story s = { .done = rows[i].done,
                                 .nonsense = rows[i].nonsense,
                                 .late = rows[i].late };
        struct arena arena;
        struct facts facts;

        arena_init(&arena, 1 << 20);
        facts_init(&facts, &arena);
        buf_init(&s.bytes, 1 << 20);
        CHECK(watch_facts(&facts, &s, "x.whl", 5), "%s: told", rows[i].what);
        CHECK(facts.n == 1 && facts.list[0].kind == (rows[i].read ? FACT_READ : FACT_WATCH_SETUP),
              "%s: what it says", rows[i].what);
        watch_story_free(&s);
        facts_free(&facts);
        arena_reset(&arena);
    }
}
