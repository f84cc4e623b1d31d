/* src/base/arena.c */
#include "base/arena.h"
#include "test.h"

TEST(arena_gives_zeroed_aligned_memory)
{
    struct arena a;
    unsigned char *p;

    arena_init(&a, 1 << 20);
    for (size_t n = 0; n < 300; n += 7) {
        p = arena_alloc(&a, n);
        CHECK(p && (uintptr_t)p % 16 == 0, "alignment of %zu", n);
        for (size_t i = 0; p && i < n; i++)
            CHECK(p[i] == 0, "byte %zu of %zu", i, n);
        if (p)
            memset(p, 0xAA, n);
    }
    arena_reset(&a);
    CHECK(a.used == 0 && !a.chunks, "reset");
}

TEST(arena_keeps_its_ceiling)
{
    static const struct {
        const char *what;
        size_t ceiling, n;
        bool fits;
    } rows[] = {
        { "nothing", 0, 0, true },
        { "one past nothing", 0, 1, false },
        { "just", 64, 64, true },
        { "one more", 64, 65, false },
        { "huge", 1024, SIZE_MAX, false },
        { "wraps", SIZE_MAX, SIZE_MAX - 3, false },
        { "own chunk", 3 << 20, 2 << 20, true },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena a;
        void *p;

        arena_init(&a, rows[i].ceiling);
        p = arena_alloc(&a, rows[i].n);
        CHECK(!!p == rows[i].fits, "%s: alloc", rows[i].what);
        CHECK(a.exhausted == !rows[i].fits, "%s: exhausted", rows[i].what);
        arena_reset(&a);
        CHECK(!a.exhausted && a.ceiling == rows[i].ceiling, "%s: reset", rows[i].what);
    }
}

TEST(arena_counts_what_many_small_ones_take)
{
    struct arena a;
    size_t n = 0;

    arena_init(&a, 16 * 1000);
    while (arena_alloc(&a, 9) && n < 2000)
        n++;
    CHECK(n == 1000, "%zu of 16 bytes fit", n);
    arena_reset(&a);
}

TEST(arena_array_refuses_an_overflow)
{
    struct arena a;

    arena_init(&a, SIZE_MAX);
    CHECK(!arena_array(&a, SIZE_MAX / 2, 3), "product");
    CHECK(a.exhausted, "exhausted");
    arena_reset(&a);
    CHECK(arena_array(&a, 10, 3), "30 bytes");
    arena_reset(&a);
}

TEST(arena_copies_and_prints)
{
    struct arena a;
    char *s;

    arena_init(&a, 1 << 16);
    s = arena_copy(&a, "abc\0def", 7);
    CHECK(s && memcmp(s, "abc\0def", 8) == 0, "copy with its NUL");
    s = arena_copy(&a, "", 0);
    CHECK(s && *s == '\0', "copy of nothing");
    s = arena_printf(&a, "%s-%d", "x", 42);
    CHECK(s && strcmp(s, "x-42") == 0, "printed");
    CHECK(!arena_printf(&a, "%*s", 1 << 17, ""), "past the ceiling");
    arena_reset(&a);
}
