/* Names for the compiler attributes and builtins we use (gcc 12, clang 14). */
#ifndef PRATIQUE_BASE_COMPILER_H
#define PRATIQUE_BASE_COMPILER_H

#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define MUST_CHECK              __attribute__((warn_unused_result))
#define NONNULL                 __attribute__((nonnull))
#define NORETURN                __attribute__((noreturn))
#define ALWAYS_INLINE           inline __attribute__((always_inline))
#define UNUSED                  __attribute__((unused))
#define LIKELY(x)               __builtin_expect(!!(x), 1)
#define UNLIKELY(x)             __builtin_expect(!!(x), 0)
#define FALLTHROUGH             __attribute__((fallthrough))

/* True on overflow, *out then holds the wrapped value. */
#define ADD_OVERFLOWS(a, b, out) __builtin_add_overflow(a, b, out)
#define MUL_OVERFLOWS(a, b, out) __builtin_mul_overflow(a, b, out)

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
