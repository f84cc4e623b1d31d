/* src/watch/hooklib.c */
#include "watch/hooklib.h"

#include <dlfcn.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "test.h"
#include "watch/hook/hook.h"

#define TOKEN "0123456789abcdef01234567"

/* Loads it as a program would; it may call prctl, which answers EINVAL here. */
static bool loads(struct span library)
{
    int fd = memfd_create("library", MFD_CLOEXEC);
    bool ok = fd != -1 && write(fd, library.p, library.n) == (ssize_t)library.n;
    char path[40];
    void *handle;

    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    handle = ok ? dlopen(path, RTLD_NOW) : NULL;
    if (handle)
        (void)dlclose(handle);
    if (fd != -1)
        (void)close(fd);
    return handle != NULL;
}

TEST(hooklib_holds_the_library_and_the_runner)
{
    struct span library = hook_library(), mark = SPAN_LITERAL(HOOK_MARK_TEXT HOOK_MARK_TOKEN);
    size_t at = span_find(library, 0, mark);

    CHECK(span_starts(library, SPAN_LITERAL("\177ELF")), "an ELF file");
    CHECK(at != SIZE_MAX && span_find(library, at + 1, mark) == SIZE_MAX, "one place for a token");
    CHECK(loads(library), "loads");
    CHECK(span_find(runner_source(), 0, SPAN_LITERAL("modules.txt")) != SIZE_MAX, "the runner");
}

TEST(hooklib_makes_canaries)
{
    struct arena arena;
    struct span canary;

    arena_init(&arena, 1 << 20);
    CHECK(hook_canary(&arena, TOKEN, &canary), "made");
    CHECK(canary.n == hook_library().n, "of the library's size");
    CHECK(span_find(canary, 0, SPAN_LITERAL(TOKEN)) != SIZE_MAX, "the token is in it");
    CHECK(span_find(canary, 0, SPAN_LITERAL(HOOK_MARK_TEXT)) == SIZE_MAX, "the mark is not");
    CHECK(loads(canary), "loads");
    arena_reset(&arena);
}

TEST(hooklib_refuses_what_is_no_token)
{
    static const char *const rows[] = { "", "0123456789abcdef", HOOK_MARK_TOKEN,
                                        "0123456789ABCDEF01234567", "0123456789abcdef0123456-" };
    struct arena arena;
    struct span canary;

    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(!hook_canary(&arena, rows[i], &canary) && canary.n == 0, "%s", rows[i]);
    arena_reset(&arena);
    arena_init(&arena, 100);
    CHECK(!hook_canary(&arena, TOKEN, &canary) && canary.n == 0, "no memory");
    arena_reset(&arena);
}
