/*
 * For tests: unpacks an archive into a new folder without scanning it first, so that the unpacking
 * stands for itself.
 *
 *   unpack ARCHIVE FOLDER    1: refused, with a line "RULE<tab>subject<tab>detail" for each reason;
 *                            3: not finished; what was written by then stays
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules/rules.h"
#include "trust/unpack.h"

static const struct unpack_limits limits = {
    .files = 1000000,
    .bytes = (uint64_t)16 << 30,
    .ratio = 400,
    .memory_bytes = (uint64_t)2 << 30,
    .time_ms = 120000,
};

static void print_fact(const struct fact *f)
{
    const struct pratique_rule *rule = rule_for_fact(f->kind);

    printf("%s\t%.*s\t%.*s\n", rule ? rule->id : fact_kind_name(f->kind), (int)f->subject.n,
           (const char *)f->subject.p, (int)f->detail.n, (const char *)f->detail.p);
}

static bool against(const struct fact *f)
{
    const struct pratique_rule *rule = rule_for_fact(f->kind);

    return !rule || rule->severity >= PRATIQUE_GAP;
}

static int unpack(int fd, const char *path, int root)
{
    const char *slash = strrchr(path, '/');
    struct pratique_error err = { 0 };
    struct unpacked done = { 0 };
    struct facts facts;
    struct arena arena;
    struct stat st;
    enum pratique_status status;
    bool refused = false;

    if (fstat(fd, &st) != 0)
        return 2;
    arena_init(&arena, (size_t)64 << 20);
    facts_init(&facts, &arena);
    status = unpack_run(&done, fd, (uint64_t)st.st_size, slash ? slash + 1 : path, root, &limits,
                        &facts, &err);
    for (size_t i = 0; i < facts.n; i++) {
        print_fact(&facts.list[i]);
        refused |= against(&facts.list[i]);
    }
    if (status != PRATIQUE_OK)
        fprintf(stderr, "unpack: %s: %s\n", pratique_status_name(status), err.msg);
    facts_free(&facts);
    arena_reset(&arena);
    return refused ? 1 : status != PRATIQUE_OK ? 3 : 0;
}

int main(int argc, char **argv)
{
    int fd, root, end;

    if (argc != 3) {
        fputs("usage: unpack ARCHIVE FOLDER\n", stderr);
        return 2;
    }
    fd = open(argv[1], O_RDONLY | O_CLOEXEC);
    root = mkdir(argv[2], 0777) == 0 ? open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd == -1 || root == -1) {
        fprintf(stderr, "unpack: %s: %s\n", fd == -1 ? argv[1] : argv[2], strerror(errno));
        return 2;
    }
    end = unpack(fd, argv[1], root);
    (void)close(fd);
    (void)close(root);
    return end;
}
