/* src/trust/admit/place.c, admit_staging.c */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test.h"
#include "trust/admit/unpack.h"

static char folder[] = "/tmp/pratique-place-XXXXXX";
static int root = -1;

static void begin(void)
{
    memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
    CHECK(mkdtemp(folder) != NULL, "a folder");
    root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void end(void)
{
    char command[80];

    (void)close(root);
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    CHECK(system(command) == 0, "clean");
}

static mode_t mode_of(const char *path)
{
    struct stat st;

    return fstatat(root, path, &st, AT_SYMLINK_NOFOLLOW) == 0 ? st.st_mode : 0;
}

static size_t entries(int fd)
{
    DIR *d = fdopendir(openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    size_t n = 0;

    while (d && readdir(d))
        n++;
    (void)closedir(d);
    return n - 2;
}

TEST(place_makes_what_it_is_told)
{
    struct pratique_error err = { 0 };
    struct place *p;
    mode_t mask = umask(022);

    begin();
    CHECK(place_open(&p, root, &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(place_folder(p, SPAN_LITERAL("e/f"), &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(place_file(p, SPAN_LITERAL("a/b/c"), false, 3, &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(place_write(p, SPAN_LITERAL("ab"), &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(place_write(p, SPAN_LITERAL("c"), &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(place_file(p, SPAN_LITERAL("run"), true, 0, &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(place_hardlink(p, SPAN_LITERAL("x/d"), SPAN_LITERAL("a/b/c"), &err) == PRATIQUE_OK, "%s",
          err.msg);
    CHECK(place_symlink(p, SPAN_LITERAL("a/l"), SPAN_LITERAL("b"), &err) == PRATIQUE_OK, "%s",
          err.msg);
    CHECK(place_finish(p, &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(mode_of("a/b/c") == (S_IFREG | 0644) && mode_of("run") == (S_IFREG | 0755) &&
              mode_of("e/f") == (S_IFDIR | 0755) && S_ISLNK(mode_of("a/l")) &&
              S_ISREG(mode_of("x/d")),
          "modes");
    place_close(p);
    end();
    (void)umask(mask);
}

TEST(place_stays_in_its_folder)
{
    static const struct {
        const char *path, *what;
    } bad[] = {
        { "../x", "it climbs" },     { "/tmp/x", "from the root" },
        { "l/x", "through a link" }, { "f", "it is there already" },
        { "f/x", "through a file" }, { "l", "a link is there" },
        { "a//b", "an empty part" }, { "", "nothing" },
    };
    static const char *const links[] = { "/etc", "../../etc", "../..", "x/../../y", "", "C:/x" };
    struct pratique_error err = { 0 };
    struct place *p;

    begin();
    CHECK(symlinkat("/tmp", root, "l") == 0, "a link");
    CHECK(place_open(&p, root, &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(place_file(p, SPAN_LITERAL("f"), false, 0, &err) == PRATIQUE_OK, "%s", err.msg);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        CHECK(place_file(p, span_text(bad[i].path), false, 0, &err) != PRATIQUE_OK, "%s",
              bad[i].what);
    for (size_t i = 0; i < ARRAY_LEN(links); i++)
        CHECK(place_symlink(p, SPAN_LITERAL("d/s"), span_of(links[i], strlen(links[i])), &err) ==
                  PRATIQUE_E_FORMAT,
              "%s", links[i]);
    CHECK(place_hardlink(p, SPAN_LITERAL("h"), SPAN_LITERAL("../x"), &err) != PRATIQUE_OK, "up");
    CHECK(entries(root) == 2, "nothing else is there");
    place_close(p);
    end();
}

TEST(place_wants_all_of_a_file)
{
    struct pratique_error err = { 0 };
    struct place *p;

    begin();
    CHECK(place_open(&p, root, &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(place_file(p, SPAN_LITERAL("a"), false, 2, &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(place_write(p, SPAN_LITERAL("abc"), &err) == PRATIQUE_E_FORMAT, "more than it has");
    CHECK(place_write(p, SPAN_LITERAL("a"), &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(place_finish(p, &err) == PRATIQUE_E_FORMAT, "less than it has");
    place_close(p);
    end();
}

/* A path below the folder of the test; one at a time. */
static const char *at(const char *name)
{
    static char path[200];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

TEST(staging_takes_the_place)
{
    static const struct {
        const char *what;
        bool there;
    } rows[] = { { "a new folder", false }, { "an empty one", true } };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct pratique_error err = { 0 };
        struct staging s;

        begin();
        if (rows[i].there)
            CHECK(mkdirat(root, "to", 0750) == 0, "%s", rows[i].what);
        CHECK(staging_open(&s, at("to/"), &err) == PRATIQUE_OK, "%s: %s", rows[i].what, err.msg);
        CHECK(mkdirat(s.tree, "x", 0755) == 0, "%s", rows[i].what);
        CHECK(staging_commit(&s, &err) == PRATIQUE_OK, "%s: %s", rows[i].what, err.msg);
        staging_close(&s);
        CHECK(S_ISDIR(mode_of("to/x")) && entries(root) == 1, "%s", rows[i].what);
        CHECK(!rows[i].there || (mode_of("to") & 0777) == 0750, "%s: mode", rows[i].what);
        end();
    }
}

TEST(staging_wants_an_empty_place)
{
    struct pratique_error err = { 0 };
    struct staging s;

    begin();
    CHECK(mkdirat(root, "full", 0755) == 0 && mkdirat(root, "full/x", 0755) == 0, "a folder");
    CHECK(symlinkat("full", root, "link") == 0, "a link");
    for (size_t i = 0; i < 5; i++) {
        static const char *const to[] = { "full", "link", "none/x", ".", "full/x/.." };

        CHECK(staging_open(&s, at(to[i]), &err) == PRATIQUE_E_USAGE, "%s: %s", to[i], err.msg);
        staging_close(&s);
    }
    CHECK(staging_open(&s, at("late"), &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(mkdirat(root, "late", 0755) == 0, "made meanwhile");
    CHECK(staging_commit(&s, &err) == PRATIQUE_E_USAGE, "%s", err.msg);
    staging_close(&s);
    CHECK(entries(root) == 3, "nothing is left");
    end();
}

TEST(staging_removes_what_the_dead_left)
{
    struct pratique_error err = { 0 };
    struct staging s;
    int held;

    begin();
    CHECK(mkdirat(root, ".pratique-aaaaaa", 0700) == 0 &&
              mkdirat(root, ".pratique-aaaaaa/x", 0755) == 0 &&
              mkdirat(root, ".pratique-bbbbbb", 0700) == 0 &&
              mkdirat(root, ".pratique-cccccc", 0755) == 0 &&
              mkdirat(root, ".pratique-longer-one", 0700) == 0,
          "folders");
    held = openat(root, ".pratique-bbbbbb", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(flock(held, LOCK_EX) == 0, "somebody works in it");
    CHECK(staging_open(&s, at("to"), &err) == PRATIQUE_OK, "%s", err.msg);
    staging_close(&s);
    CHECK(mode_of(".pratique-aaaaaa") == 0, "the dead one's");
    CHECK(mode_of(".pratique-bbbbbb") && mode_of(".pratique-cccccc") &&
              mode_of(".pratique-longer-one"),
          "the others");
    (void)close(held);
    end();
}

TEST(staging_goes_with_its_process)
{
    const struct timespec some = { .tv_nsec = 10000000 };
    pid_t pid;

    begin();
    pid = fork();
    if (pid == 0) {
        struct pratique_error err = { 0 };
        struct staging s;

        if (staging_open(&s, at("to"), &err) == PRATIQUE_OK)
            (void)mkdirat(s.tree, "x", 0755);
        _exit(0);
    }
    CHECK(waitpid(pid, NULL, 0) == pid, "it ended");
    for (unsigned i = 0; i < 500 && entries(root) > 0; i++)
        (void)nanosleep(&some, NULL);
    CHECK(entries(root) == 0, "nothing is left");
    end();
}
