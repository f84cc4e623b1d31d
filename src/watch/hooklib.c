/* See hooklib.h. */
#include "watch/hooklib.h"

#include <string.h>

#include "watch/hook/hook.h"

#define HIDDEN __attribute__((visibility("hidden")))

/* hook/embed.S */
extern const uint8_t hook_bytes[] HIDDEN, hook_bytes_end[] HIDDEN;
extern const uint8_t runner_bytes[] HIDDEN, runner_bytes_end[] HIDDEN;
extern const uint8_t compiler_bytes[] HIDDEN;

struct span hook_library(void)
{
    return span_of(hook_bytes, (size_t)(hook_bytes_end - hook_bytes));
}

struct span runner_source(void)
{
    return span_of(runner_bytes, (size_t)(runner_bytes_end - runner_bytes));
}

const char *compiler_source(void)
{
    return (const char *)compiler_bytes; /* embed.S ends each with a NUL */
}

static bool is_token(const char *token)
{
    return strspn(token, "0123456789abcdef") >= HOOK_TOKEN_N &&
           memcmp(token, HOOK_MARK_TOKEN, HOOK_TOKEN_N) != 0;
}

bool hook_canary(struct arena *arena, const char *token, struct span *out)
{
    struct span library = hook_library();
    size_t at = span_find(library, 0, SPAN_LITERAL(HOOK_MARK_TEXT HOOK_MARK_TOKEN));
    char *copy = NULL;

    *out = SPAN_EMPTY;
    if (at != SIZE_MAX && is_token(token))
        copy = arena_copy(arena, library.p, library.n);
    if (!copy)
        return false;
    memset(copy + at, 0, sizeof HOOK_MARK_TEXT - 1);
    memcpy(copy + at + offsetof(struct hook_mark, token), token, HOOK_TOKEN_N);
    *out = span_of(copy, library.n);
    return true;
}
