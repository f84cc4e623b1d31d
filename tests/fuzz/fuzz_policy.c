/*
 * A policy file. What is taken is whole: each entry has all that an entry must have,
 * each mode a name. Its calls are then compared with one another, token by token:
 * without "..." and code in strings, what matches also matches the other way round.
 */
#include <stdlib.h>

#include "harness.h"
#include "verdict/policy_file.h"

#define CALLS_MAX 8

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void check_entry(const struct allowance *a)
{
    must(a->rule && a->file && a->call && a->reason && a->owner && a->line > 0);
    must(a->expires >= 101 && a->expires <= 99991231);
    must(policy_of_rule(a->rule) != 0);
}

static void compare(const char *left, const char *right)
{
    struct span a = span_text(left), b = span_text(right);
    bool plain = span_find(a, 0, SPAN_LITERAL("...")) == SIZE_MAX &&
                 span_find(b, 0, SPAN_LITERAL("...")) == SIZE_MAX;
    bool there = allow_call_matches(a, b), back = allow_call_matches(b, a);

    must(!plain || there == back);
    (void)allow_glob(left, right);
}

static void check(const struct policy_file *f)
{
    size_t n = f->allows_n < CALLS_MAX ? f->allows_n : CALLS_MAX;

    for (size_t i = 0; i < f->modes_n; i++)
        must(f->modes[i].name && f->modes[i].line > 0);
    for (size_t i = 0; i < f->allows_n; i++)
        check_entry(&f->allows[i]);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            compare(f->allows[i].call, f->allows[k].call);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct pratique_error err = { 0 };
    struct policy_file *file;
    enum pratique_status st;

    if (n > POLICY_FILE_BYTES_MAX)
        return 0;
    st = policy_file_parse(&file, "p.yml", span_of(data, n), &err);
    must((st == PRATIQUE_OK) == (file != NULL));
    must(st == PRATIQUE_OK || st == PRATIQUE_E_NOMEM ||
         (st == PRATIQUE_E_USAGE && strncmp(err.msg, "p.yml:", 6) == 0));
    if (file)
        check(file);
    policy_file_free(file);
    return 0;
}
