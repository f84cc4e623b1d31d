/*
 * What the watched tell of their own accord: audit hooks, the runner's marks, native
 * canaries. See hook/protocol.h. Believed for who did a thing, never for whether.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "watch/calls.h"

/* The text up to a NUL; the rest stays in *in. */
static struct span take_text(struct span *in)
{
    const uint8_t *end = memchr(in->p, '\0', in->n);
    struct span s = span_of(in->p, end ? (size_t)(end - in->p) : in->n);

    (void)skip(in, end ? s.n + 1 : s.n);
    return s;
}

static void copy_text(struct span s, char *to, size_t size)
{
    (void)snprintf(to, size, "%.*s", (int)(s.n < size ? s.n : size - 1), (const char *)s.p);
}

/* Native code is loaded: an extension module, or a library by ctypes. */
static void loads(const struct call *c, struct span path)
{
    char name[PATH_MAX], real[PATH_MAX];
    uint32_t flags;

    copy_text(path, name, sizeof name);
    if (!strchr(name, '/') || !place_resolve(c->k, c->tid, AT_FDCWD, name, true, real))
        return;
    flags = place_flags(c->k, real);
    if (place_is_written(c->k, real)) {
        flags |= EXEC_WRITTEN;
        if (place_has_canary(c->k, real))
            flags |= EXEC_CANARY;
        c->k->convicted = true;
    }
    if (flags & (EXEC_WRITTEN | PATH_TMP))
        call_tell(c, EVENT_LOAD, flags, real, "", 0);
}

static void audit(const struct call *c, struct span record)
{
    struct span rest = record, event = take_text(&rest), first = take_text(&rest),
                second = take_text(&rest);

    (void)crowd_meet(c->k, c->tid);
    crowd_note(c->k, c->tid, record);
    if (span_is(event, "ctypes.dlopen"))
        loads(c, first);
    else if (span_is(event, "import"))
        loads(c, second);
}

/* They come in their order, each twice: what was found last is looked at first, then the next. */
static struct task_module *module_named(struct keeper *k, struct span name)
{
    for (size_t i = 0; i < k->modules_n; i++) {
        size_t at = (k->found + i) % k->modules_n;

        if (span_is(name, k->modules[at].name)) {
            k->found = at;
            return &k->modules[at];
        }
    }
    return NULL;
}

static void mark_event(const struct call *c, enum event_kind kind, struct span name,
                       struct span detail, bool sub)
{
    struct watch_event e = { .kind = kind,
                             .flags = sub ? EVENT_SUBMODULE : 0,
                             .pid = (uint32_t)c->tid,
                             .number = sub,
                             .subject = name,
                             .detail = detail,
                             .frames = SPAN_EMPTY };

    tell(&c->k->teller, &e);
}

/* What the runner would never say: somebody else says it. */
static void contradicts(const struct call *c, struct span name)
{
    if (c->k->contradicted)
        return;
    c->k->contradicted = true;
    mark_event(c, EVENT_ROUND, SPAN_LITERAL("forged marks"), name, false);
}

static void begins(const struct call *c, struct span name)
{
    struct keeper *k = c->k;
    struct task_module *m = module_named(k, name);

    k->import_until_us = tell_now_us(&k->teller) + (uint64_t)k->plan->options.time_ms * 1000;
    if (!m) /* a start-up module that another one hid: see runner.py */
        return;
    if (!m->listed) {
        contradicts(c, name);
        return;
    }
    if (m->done || !KEEPER_NO_MODULE(k) || k->ending)
        contradicts(c, name);
    m->done = true;
    k->current = (size_t)(m - k->modules);
    mark_event(c, EVENT_IMPORT, name, SPAN_EMPTY, m->sub);
}

static void ends(const struct call *c, struct span name, struct span exception)
{
    struct keeper *k = c->k;
    struct task_module *m = module_named(k, name);

    if (!m)
        return;
    if (KEEPER_NO_MODULE(k) || m != &k->modules[k->current])
        contradicts(c, name);
    if (!m->sub)
        hidden_code(k, c->tid);
    mark_event(c, EVENT_IMPORTED, name, exception, m->sub);
    k->current = k->modules_n;
}

static bool skip_text(struct span *in, const char *head)
{
    return span_starts(*in, span_text(head)) && skip(in, strlen(head));
}

/* What is left running is given its time; the runner goes on when short waits are over. */
static struct outcome is_over(const struct call *c)
{
    struct keeper *k = c->k;

    if (!KEEPER_NO_MODULE(k) || k->ending)
        contradicts(c, SPAN_LITERAL("done"));
    hidden_code(k, c->tid);
    k->ending = true;
    k->import_until_us = tell_now_us(&k->teller) + (uint64_t)k->plan->options.time_ms * 1000;
    if (!delays_stand(k))
        return OUTCOME_RETURNS(0);
    waits_hold(k, c->listener, c->id);
    return OUTCOME_LATER;
}

static struct outcome mark(const struct call *c, struct span record)
{
    struct span rest = record, word = take_text(&rest);
    struct person *p = crowd_meet(c->k, c->tid);

    if (!p || !p->runner)
        return OUTCOME_RETURNS(0);
    if (skip_text(&word, "begin "))
        begins(c, word);
    else if (skip_text(&word, "end "))
        ends(c, word, take_text(&rest));
    else if (span_is(word, "startup"))
        mark_event(c, EVENT_STARTUP, take_text(&rest), SPAN_EMPTY, false);
    else if (span_is(word, "done"))
        return is_over(c);
    return OUTCOME_RETURNS(0);
}

static void hello(const struct call *c)
{
    struct person *p = crowd_meet(c->k, c->tid);

    call_prove(c, true);
    if (p)
        p->hooked = p->python = true;
}

static void native_canary(const struct call *c, struct span token)
{
    if (token.n < CANARY_TOKEN_N || memcmp(token.p, c->k->plan->token, CANARY_TOKEN_N) != 0)
        return;
    call_tell(c, EVENT_CANARY, 0, "native", "", 0);
    c->k->convicted = true;
}

/* Of any program as it starts. */
static void clock_at(const struct call *c, struct span record)
{
    uint64_t address;

    call_prove(c, true);
    if (record.n != sizeof address)
        return;
    memcpy(&address, record.p, sizeof address);
    drift_told(c->k, c->tid, address);
}

struct outcome call_hook(const struct call *c)
{
    char bytes[HOOK_RECORD_MAX];
    size_t n = c->a[3] < sizeof bytes ? (size_t)c->a[3] : sizeof bytes;
    struct span record;

    if ((uint32_t)c->a[0] != HOOK_CALL)
        return OUTCOME_GO_ON;
    if (!target_read(c->tid, c->a[2], bytes, n))
        return OUTCOME_FAILS(EFAULT);
    record = span_of(bytes, n);
    switch (c->a[1]) {
    case HOOK_HELLO:
        hello(c);
        break;
    case HOOK_AUDIT:
        audit(c, record);
        break;
    case HOOK_MARK:
        return mark(c, record);
    case HOOK_CANARY:
        native_canary(c, record);
        break;
    case HOOK_CLOCK:
        clock_at(c, record);
        break;
    default:
        return OUTCOME_FAILS(EINVAL);
    }
    return OUTCOME_RETURNS(0);
}
