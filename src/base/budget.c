/* See budget.h. */
#include "base/budget.h"

#include <time.h>

static bool charge(struct budget *b, uint64_t *left, uint64_t n, const char *what)
{
    if (n <= *left) {
        *left -= n;
        return true;
    }
    if (!b->spent)
        b->spent = what;
    return false;
}

bool budget_memory(struct budget *b, uint64_t bytes)
{
    return charge(b, &b->memory_left, bytes, "memory");
}

void budget_memory_return(struct budget *b, uint64_t bytes)
{
    b->memory_left += bytes;
}

bool budget_output(struct budget *b, uint64_t bytes)
{
    return charge(b, &b->output_left, bytes, "decompressed bytes");
}

bool budget_members(struct budget *b, uint64_t n)
{
    return charge(b, &b->members_left, n, "archive members");
}

bool budget_ratio(struct budget *b, uint64_t in, uint64_t out)
{
    if (out <= BUDGET_RATIO_FREE || out / b->ratio <= in)
        return true;
    if (!b->spent)
        b->spent = "compression ratio";
    return false;
}

uint64_t budget_now_us(void)
{
    struct timespec t;

    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
        return 0;
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

bool budget_time(struct budget *b)
{
    if (!b->deadline_us || budget_now_us() < b->deadline_us)
        return true;
    if (!b->spent)
        b->spent = "time";
    return false;
}
