/* src/trust/confined.c */
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"
#include "trust/confined.h"

#define MANY ((size_t)9 * 1024 * 1024 + 12345)

static void tell_many(struct confined_child *c, void *arg)
{
    size_t n = *(size_t *)arg;
    uint8_t piece[1000];

    for (size_t at = 0; at < n; at += sizeof piece) {
        for (size_t i = 0; i < sizeof piece; i++)
            piece[i] = (uint8_t)((at + i) % 251);
        confined_put(c, piece, n - at < sizeof piece ? n - at : sizeof piece);
    }
}

TEST(confined_tells_everything)
{
    static const size_t sizes[] = { 0, 1, CONFINED_BATCH, CONFINED_BATCH + 1, MANY };

    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct confined_limits limits = { 0 };
        struct pratique_error err = { 0 };
        size_t n = sizes[i], wrong = 0;
        struct buf out;

        buf_init(&out, MANY);
        CHECK(confined_run(tell_many, &n, &limits, &out, &err) == PRATIQUE_OK, "%zu bytes: %s", n,
              err.msg);
        for (size_t k = 0; k < out.n; k++)
            wrong += (uint8_t)out.p[k] != k % 251;
        CHECK(out.n == n && wrong == 0, "%zu bytes: %zu came, %zu of them wrong", n, out.n, wrong);
        buf_free(&out);
    }
}

static void tell_rooms(struct confined_child *c, void *arg)
{
    (void)arg;
    for (uint32_t i = 0; i < 5000; i++) {
        memcpy(confined_room(c, 3000), &i, sizeof i);
        confined_commit(c, 3000);
    }
}

TEST(confined_rooms_are_whole)
{
    struct confined_limits limits = { 0 };
    struct pratique_error err = { 0 };
    struct confined *c;
    struct span batch, one;
    uint32_t next = 0, got;

    CHECK(confined_start(&c, tell_rooms, NULL, &limits, &err) == PRATIQUE_OK, "%s", err.msg);
    while (confined_next(c, &batch, &err) == PRATIQUE_OK && batch.n > 0)
        while (take(&batch, 3000, &one) && take_u32le(&one, &got) && got == next)
            next++;
    CHECK(next == 5000, "%u rooms came in order", next);
    confined_end(c);
}

static void ask(struct confined_child *c, void *arg)
{
    uint32_t word;

    (void)arg;
    confined_put(c, "plan", 4);
    word = confined_ask(c);
    confined_put(c, &word, sizeof word);
}

TEST(confined_waits_for_a_word)
{
    struct confined_limits limits = { 0 };
    struct pratique_error err = { 0 };
    struct confined *c;
    struct span batch;
    uint32_t word = 0;

    CHECK(confined_start(&c, ask, NULL, &limits, &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(confined_next(c, &batch, &err) == PRATIQUE_OK && span_is(batch, "plan"), "the plan");
    CHECK(confined_say(c, 0x12345678), "it is there");
    CHECK(confined_next(c, &batch, &err) == PRATIQUE_OK && take_u32le(&batch, &word) &&
              word == 0x12345678,
          "the word came back");
    CHECK(confined_next(c, &batch, &err) == PRATIQUE_OK && batch.n == 0, "it ended well");
    confined_end(c);
}

static void end_early(struct confined_child *c, void *arg)
{
    (void)c;
    _exit(*(int *)arg);
}

static void loop(struct confined_child *c, void *arg)
{
    volatile unsigned long n = 0;

    (void)c;
    (void)arg;
    for (;;)
        n++;
}

static void open_socket(struct confined_child *c, void *arg)
{
    (void)arg;
    confined_put(c, "never", socket(AF_INET, SOCK_STREAM, 0) == -1 ? 5 : 4);
}

TEST(confined_faults_are_told)
{
    static int status = 7;
    static const struct {
        const char *what;
        confined_work *work;
        enum pratique_status want;
        const char *words;
    } rows[] = {
        { "an end too early", end_early, PRATIQUE_E_FORMAT, "ended with 7" },
        { "no end", loop, PRATIQUE_E_LIMIT, "too long" },
        { "a forbidden call", open_socket, PRATIQUE_E_FORMAT, "signal 31" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct confined_limits limits = { .time_ms = 300 };
        struct pratique_error err = { 0 };
        struct buf out;

        buf_init(&out, 100);
        CHECK(confined_run(rows[i].work, &status, &limits, &out, &err) == rows[i].want, "%s: %s",
              rows[i].what, err.msg);
        CHECK(strstr(err.msg, rows[i].words) != NULL, "%s: %s", rows[i].what, err.msg);
        buf_free(&out);
    }
}

TEST(confined_tells_no_more_than_is_wanted)
{
    struct confined_limits limits = { 0 };
    struct pratique_error err = { 0 };
    size_t n = MANY;
    struct buf out;

    buf_init(&out, 1000);
    CHECK(confined_run(tell_many, &n, &limits, &out, &err) == PRATIQUE_E_LIMIT, "%s", err.msg);
    buf_free(&out);
}
