/*
 * Which of the readers reads a file, and what they tell in common. See native.h, parts.h.
 */
#include <stdarg.h>
#include <stdio.h>

#include "base/compiler.h"
#include "format/native/parts.h"

/* ---- numbers and strings ---- */

struct fields native_fields(const struct native *n, struct span in)
{
    return (struct fields){ .in = in, .big = n->big };
}

uint64_t field(struct fields *f, unsigned bytes)
{
    struct span s;
    uint64_t v = 0;

    if (!take(&f->in, bytes, &s)) {
        f->is_short = true;
        return 0;
    }
    for (unsigned i = 0; i < bytes; i++)
        v = v << 8 | s.p[f->big ? i : bytes - 1 - i];
    return v;
}

uint64_t field_word(const struct native *n, struct fields *f)
{
    return field(f, n->wide ? 8 : 4);
}

bool native_string(struct span in, uint64_t off, struct span *out)
{
    struct span rest = span_from(in, off);
    size_t most = rest.n < NATIVE_STRING_MAX ? rest.n : NATIVE_STRING_MAX;
    const uint8_t *end = most ? memchr(rest.p, 0, most) : NULL;

    *out = end ? (struct span){ rest.p, (size_t)(end - rest.p) } : SPAN_EMPTY;
    return end != NULL;
}

/* ---- what is told ---- */

void native_broken(struct native *n, uint64_t off, const char *fmt, ...)
{
    char why[256];
    va_list ap;

    if (++n->faults > NATIVE_FAULTS_MAX)
        return;
    va_start(ap, fmt);
    (void)vsnprintf(why, sizeof why, fmt, ap);
    va_end(ap);
    scan_fact(n->s, FACT_NATIVE_BROKEN, n->at + off, span_text(n->format), span_text(why));
}

void native_note(struct native *n, const char *fmt, ...)
{
    size_t room = sizeof n->detail - n->detail_n;
    va_list ap;
    int len;

    if (n->detail_n && room > 3) {
        memcpy(n->detail + n->detail_n, "; ", 3);
        n->detail_n += 2, room -= 2;
    }
    va_start(ap, fmt);
    len = vsnprintf(n->detail + n->detail_n, room, fmt, ap);
    va_end(ap);
    if (len > 0)
        n->detail_n += (size_t)len < room ? (size_t)len : room - 1;
}

void native_need(struct native_names *list, struct span name)
{
    size_t comma = list->n ? 2 : 0;

    if (list->more || name.n + comma >= sizeof list->text - list->n) {
        list->more++;
        return;
    }
    memcpy(list->text + list->n, ", ", comma);
    memcpy(list->text + list->n + comma, name.p, name.n);
    list->n += comma + name.n;
    list->text[list->n] = 0;
}

void native_file(struct native *n)
{
    if (n->needs.n && n->needs.more)
        native_note(n, "needs %s and %u more", n->needs.text, n->needs.more);
    else if (n->needs.n)
        native_note(n, "needs %s", n->needs.text);
    scan_fact(n->s, FACT_NATIVE_FILE, n->at, span_text(n->kind), span_of(n->detail, n->detail_n));
}

static bool is_padding(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i])
            return false;
    return true;
}

void native_overlay(struct native *n, uint64_t off, uint64_t size)
{
    struct span rest;
    char bytes[64] = "";
    size_t len = 0;

    if (!span_sub(n->in, off, size, &rest) || rest.n == 0 || (rest.n <= 65536 && is_padding(rest)))
        return;
    for (size_t i = 0; i < rest.n && i < 8; i++)
        len += (size_t)snprintf(bytes + len, sizeof bytes - len, " %02x", rest.p[i]);
    scan_factf(n->s, FACT_NATIVE_OVERLAY, n->at + off, span_text(n->format),
               "%llu bytes behind its end, beginning with%s", (unsigned long long)rest.n, bytes);
}

void native_execstack(struct native *n, const char *how, bool sure)
{
    if (n->stacks++)
        return;
    facts_add(n->s->facts, &(struct fact){ .kind = FACT_NATIVE_EXECSTACK,
                                           .where = n->s->where,
                                           .flags = sure ? PKG_SURE : 0,
                                           .offset = n->at,
                                           .subject = span_text(n->kind),
                                           .detail = span_text(how) });
}

void native_writable_code(struct native *n, uint64_t off, struct span name, uint64_t size)
{
    if (++n->writable > NATIVE_WRITABLE_MAX)
        return;
    scan_factf(n->s, FACT_NATIVE_WRITABLE_CODE, n->at + off, name, "%llu bytes of it, %s",
               (unsigned long long)size, n->kind);
}

/* ---- which it is ---- */

static bool is_macho(struct span in)
{
    static const struct span magics[] = {
        SPAN_LITERAL("\xce\xfa\xed\xfe"), SPAN_LITERAL("\xcf\xfa\xed\xfe"),
        SPAN_LITERAL("\xfe\xed\xfa\xce"), SPAN_LITERAL("\xfe\xed\xfa\xcf"),
        SPAN_LITERAL("\xca\xfe\xba\xbe"), SPAN_LITERAL("\xca\xfe\xba\xbf"),
    };

    for (size_t i = 0; i < ARRAY_LEN(magics); i++)
        if (span_starts(in, magics[i]))
            return true;
    return false;
}

static bool is_pe(struct span in)
{
    struct span at = span_from(in, 0x3c), sign;
    uint32_t off;

    return span_starts(in, SPAN_LITERAL("MZ")) && take_u32le(&at, &off) &&
           span_sub(in, off, 4, &sign) && span_equal(sign, SPAN_LITERAL("PE\0\0"));
}

static void read_file(struct native *n)
{
    if (span_starts(n->in, SPAN_LITERAL("\x7f"
                                        "ELF"))) {
        n->format = "ELF";
        elf_tell(n);
    } else if (is_macho(n->in)) {
        n->format = "Mach-O";
        macho_tell(n);
    } else if (is_pe(n->in)) {
        n->format = "PE";
        pe_tell(n);
    }
}

static bool counts(const struct scan *s)
{
    return s->packages != PACKAGES_NONE &&
           (s->package || (s->packages == PACKAGES_ALL && s->depth == 0));
}

enum pratique_status native_tell(struct scan *s, struct span in)
{
    struct native n = { .s = s, .in = in };

    if (!counts(s))
        return PRATIQUE_OK;
    read_file(&n);
    return n.format ? addresses_tell(s, in) : PRATIQUE_OK;
}
