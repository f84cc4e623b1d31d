/*
 * A pratique.lock. What is taken is whole: each name stays below its folder, each hash is one, each
 * URL is https or beside the lock; what is refused is told with its line.
 */
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "trust/fetch/lock.h"

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void check(const struct pratique_locked *f)
{
    must(f->name[0] && f->name[0] != '/');
    must(strcmp(f->name, "..") != 0 && strncmp(f->name, "../", 3) != 0 && !strstr(f->name, "/../"));
    must(strlen(f->sha256) == 64 && strspn(f->sha256, "0123456789abcdef") == 64);
    must(f->size > 0 && f->size <= LOCK_SIZE_MAX && f->urls_n > 0 && f->urls_n <= LOCK_URLS_MAX);
    must(f->platform[0] && f->abi[0]);
    must(!f->member == !f->member_sha256 && !f->member == !f->member_size);
    must(!f->signature == !f->signature_key);
    for (size_t i = 0; i < f->urls_n; i++)
        must(strncmp(f->urls[i], "https://", 8) == 0 || strncmp(f->urls[i], "file:", 5) == 0);
}

/* A choice is of entries that are there, each name once. */
static void choose(const struct pratique_lock *l, const char *platform, const char *python)
{
    const struct lock_target t = { platform, python };
    size_t chosen[LOCK_FILES_MAX], n;
    bool unnamed;

    n = lock_choose(l, &t, chosen, &unnamed);
    must(n <= l->n);
    for (size_t i = 0; i < n; i++) {
        must(chosen[i] < l->n && (i == 0 || chosen[i - 1] < chosen[i]));
        must(lock_rank(&l->files[chosen[i]], &t) > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct pratique_error err = { 0 };
    struct pratique_lock *l;
    enum pratique_status st;

    if (n > LOCK_BYTES_MAX)
        return 0;
    st = lock_parse(&l, "l", span_of(data, n), &err);
    must(st == PRATIQUE_OK || st == PRATIQUE_E_USAGE || st == PRATIQUE_E_NOMEM);
    must((st == PRATIQUE_OK) == (l != NULL));
    must(st != PRATIQUE_E_USAGE || (strncmp(err.msg, "l:", 2) == 0 && atoi(err.msg + 2) > 0));
    if (!l)
        return 0;
    for (size_t i = 0; i < l->n; i++)
        check(&l->files[i]);
    choose(l, "manylinux_2_36_x86_64", "cp311");
    choose(l, "musllinux_1_2_aarch64", NULL);
    choose(l, "macosx_14_0_arm64", "cp313t");
    choose(l, "win_amd64", "py39");
    pratique_lock_free(l);
    return 0;
}
