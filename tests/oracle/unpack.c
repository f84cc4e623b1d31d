/*
 * The unpacking of an archive by itself, without the scan before it: unpack ARCHIVE DIR. DIR is
 * there and empty. Says "ok FILES BYTES" (exit status 0), or what the facts are, a line each: kind,
 * place, detail (1); anything else that went wrong (3).
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trust/admit/unpack.h"

static int say(struct facts *facts, const struct unpacked *done)
{
    for (size_t i = 0; i < facts->n; i++) {
        const struct fact *f = &facts->list[i];
        const char *path = where_path(facts->arena, f->where);

        printf("%s\t%s\t%.*s\n", fact_kind_name(f->kind), path ? path : "", (int)f->detail.n,
               (const char *)f->detail.p);
    }
    if (facts->full || !unpack_admits(facts))
        return facts->full ? 3 : 1;
    printf("ok %llu %llu\n", (unsigned long long)done->files, (unsigned long long)done->bytes);
    return 0;
}

static int unpack(const char *path, int fd, int root)
{
    struct unpack_limits limits = { .files = 1000000, .bytes = 16ull << 30, .ratio = 400 };
    struct pratique_error err = { 0 };
    struct unpacked done;
    struct arena arena;
    struct facts facts;
    struct stat st;
    int status;

    if (fd == -1 || root == -1 || fstat(fd, &st) != 0) {
        perror(path);
        return 3;
    }
    arena_init(&arena, 1ull << 30);
    facts_init(&facts, &arena);
    if (unpack_run(&done, fd, (uint64_t)st.st_size, path, root, &limits, &facts, &err) !=
        PRATIQUE_OK) {
        fprintf(stderr, "%s: %s\n", path, err.msg);
        status = 3;
    } else {
        status = say(&facts, &done);
    }
    facts_free(&facts);
    arena_reset(&arena);
    return status;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: unpack ARCHIVE DIR\n", stderr);
        return 3;
    }
    return unpack(argv[1], open(argv[1], O_RDONLY | O_CLOEXEC),
                  open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}
