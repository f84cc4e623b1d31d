/* Putting a seccomp filter together, instruction by instruction (linux/filter.h, seccomp(2)). */
#ifndef PRATIQUE_SANDBOX_BPF_H
#define PRATIQUE_SANDBOX_BPF_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

#define BPF_PROGRAM_MAX 2048

/* One that is full may have been cut: it must not be installed. */
struct program {
    struct sock_filter code[BPF_PROGRAM_MAX];
    unsigned short n;
};

#define FIELD(name) ((uint32_t)offsetof(struct seccomp_data, name))

static inline void emit(struct program *p, uint16_t op, uint32_t k, uint8_t yes, uint8_t no)
{
    if (p->n < ARRAY_LEN(p->code))
        p->code[p->n++] = (struct sock_filter){ op, yes, no, k };
}

static inline void emit_load(struct program *p, uint32_t field)
{
    emit(p, BPF_LD | BPF_W | BPF_ABS, field, 0, 0);
}

static inline void emit_return(struct program *p, uint32_t action)
{
    emit(p, BPF_RET | BPF_K, action, 0, 0);
}

/* The low half of an argument; both architectures that we know are little-endian. */
static inline void emit_load_arg(struct program *p, unsigned arg)
{
    emit_load(p, FIELD(args) + 8 * arg);
}

#endif
