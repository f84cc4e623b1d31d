/*
 * A test is TEST(name) { ... }; every one that is linked in is run. Each prints
 * one line of TAP ("ok 3 - zip: name"); a failed CHECK names its place and row.
 */
#ifndef PRATIQUE_TESTS_TEST_H
#define PRATIQUE_TESTS_TEST_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct test {
    const char *file, *name;
    void (*run)(void);
    struct test *next;
};

void test_register(struct test *t);
void test_fail(const char *file, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#define TEST(name)                                                                                 \
    static void name(void);                                                                        \
    static struct test test_##name = { __FILE__, #name, name, NULL };                              \
    __attribute__((constructor)) static void register_##name(void)                                 \
    {                                                                                              \
        test_register(&test_##name);                                                               \
    }                                                                                              \
    static void name(void)

/* CHECK(condition, "row %s", row->what): goes on after a failure. */
#define CHECK(cond, ...)                                                                           \
    do {                                                                                           \
        if (!(cond))                                                                               \
            test_fail(__FILE__, __LINE__, __VA_ARGS__);                                            \
    } while (0)

#endif
