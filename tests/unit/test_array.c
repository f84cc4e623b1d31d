/* The links of trees, and the walks over JSON, UBJSON and MessagePack, by tables. */
#include "format/array/array.h"
#include "format/array/events.h"
#include "format/array/tree.h"

#include "base/compiler.h"
#include "model.h"

#define N 4

static const struct {
    const char *what;
    int32_t left[N], right[N];
    size_t n;
    bool good;
} trees[] = {
    { "a leaf", { -1 }, { -1 }, 1, true },
    { "three nodes", { 1, -1, -1 }, { 2, -1, -1 }, 3, true },
    { "a node that nobody leads to", { 1, -1, -1, -1 }, { 2, -1, -1, -1 }, 4, true },
    { "back to the root", { 0, -1, -1 }, { 2, -1, -1 }, 3, false },
    { "past the end", { 3, -1, -1 }, { 2, -1, -1 }, 3, false },
    { "twice the same", { 1, -1, -1 }, { 1, -1, -1 }, 3, false },
    { "one child", { 1, -1 }, { -1, -1 }, 2, false },
    { "below every node", { -2, -1, -1 }, { 2, -1, -1 }, 3, false },
};

TEST(array_trees)
{
    for (size_t i = 0; i < sizeof trees / sizeof *trees; i++) {
        struct bench b;
        struct numbers left = { 0 }, right = { 0 };
        size_t at;
        bool no_memory, added = true;

        bench_init(&b);
        for (size_t k = 0; k < trees[i].n; k++)
            added = added && numbers_add(&b.scan, &left, true, trees[i].left[k]) &&
                    numbers_add(&b.scan, &right, true, trees[i].right[k]);
        CHECK(added, "%s: memory", trees[i].what);
        CHECK(!tree_check(&b.scan, &left, &right, &at, &no_memory) == trees[i].good, "%s",
              trees[i].what);
        numbers_free(&b.scan, &left);
        numbers_free(&b.scan, &right);
        bench_free(&b);
    }
}

static enum pratique_status count_event(void *user, const struct event *e)
{
    uint64_t *n = user;

    (void)e;
    (*n)++;
    return PRATIQUE_OK;
}

typedef enum pratique_status (*walk_fn)(const struct listener *l, struct span in, size_t *used);

#define TEXT(s)                                                                                    \
    {                                                                                              \
        (const uint8_t *)(s), sizeof(s) - 1                                                        \
    }

static const struct {
    const char *what;
    walk_fn walk;
    struct span in;
    uint64_t events; /* 0: broken */
    size_t used;
} walks[] = {
    { "a number", events_json, TEXT("1"), 1, 1 },
    { "an object", events_json, TEXT("{\"a\": [1, null, \"x\"]} "), 8, 22 },
    { "numbers that are none of JSON's", events_json, TEXT("[NaN, -Infinity, 1e5]"), 5, 21 },
    { "an escaped quote", events_json, TEXT("\"a\\\"b\""), 1, 6 },
    { "no comma", events_json, TEXT("[1 2]"), 0, 0 },
    { "no end", events_json, TEXT("[1, 2"), 0, 0 },
    { "no colon", events_json, TEXT("{\"a\" 1}"), 0, 0 },
    { "a word that is none", events_json, TEXT("[nul]"), 0, 0 },
    { "a string without end", events_json, TEXT("\"a\\"), 0, 0 },
    { "nothing", events_json, TEXT(""), 0, 0 },
    { "a map", events_msgpack,
      TEXT("\x81\xa1"
           "a\x92\1\xc0"),
      7, 6 },
    { "an extension", events_msgpack, TEXT("\xd4\5x"), 1, 3 },
    { "a list of four billion", events_msgpack, TEXT("\xdd\xff\xff\xff\xff\1"), 0, 0 },
    { "a text past the end", events_msgpack,
      TEXT("\xa5"
           "abc"),
      0, 0 },
    { "a byte that is never used", events_msgpack, TEXT("\xc1"), 0, 0 },
    { "a key that is a list", events_msgpack, TEXT("\x81\x90\1"), 0, 0 },
    { "an object", events_ubjson, TEXT("{U\1aU\5}"), 4, 7 },
    { "numbers of one type", events_ubjson, TEXT("[$U#U\3abc"), 1, 9 },
    { "a counted list", events_ubjson, TEXT("[#U\2TF"), 4, 6 },
    { "a negative length", events_ubjson, TEXT("Si\xff"), 0, 0 },
    { "a list longer than the file", events_ubjson,
      TEXT("[$L#U\xff"
           "abc"),
      0, 0 },
};

TEST(array_walks)
{
    for (size_t i = 0; i < ARRAY_LEN(walks); i++) {
        struct bench b;
        uint64_t events = 0;
        struct listener l = { &b.scan, &events, count_event };
        size_t used;
        enum pratique_status st;

        bench_init(&b);
        st = walks[i].walk(&l, walks[i].in, &used);
        CHECK((st == PRATIQUE_OK) == (walks[i].events > 0), "%s: status %d", walks[i].what, st);
        if (walks[i].events > 0)
            CHECK(events == walks[i].events && used == walks[i].used, "%s: %u events, %zu bytes",
                  walks[i].what, (unsigned)events, used);
        bench_free(&b);
    }
}
