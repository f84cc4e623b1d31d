/* The members that the directories list, and their order in the file. See parts.h. */
#include <stdlib.h>
#include <sys/auxv.h>

#include "format/zip/parts.h"

/* 2^61 - 1. A polynomial hash modulo a prime, at a secret point, has no foreseeable collisions. */
#define HASH_PRIME ((1ull << 61) - 1)

uint64_t zip_hash(const struct zip *z, uint64_t state, uint64_t v)
{
    unsigned __int128 m = (unsigned __int128)(state + (v & HASH_PRIME) + 1) * z->key;
    uint64_t folded = (uint64_t)(m & HASH_PRIME) + (uint64_t)(m >> 61);

    folded = (folded & HASH_PRIME) + (folded >> 61);
    return folded >= HASH_PRIME ? folded - HASH_PRIME : folded;
}

/* The bytes that the kernel gives every process to seed with; no system call is needed. */
uint64_t zip_secret_key(void)
{
    const void *random = (const void *)getauxval(AT_RANDOM); /* NOLINT: an address by contract */
    uint64_t key = 0x5851f42d4c957f2d;

    if (random)
        memcpy(&key, random, sizeof key);
    return key % (HASH_PRIME - 2) + 2;
}

/* Tells what of an end record is not as it should be. */
static void check_end(struct zip *z, const struct zip_ends_record *r)
{
    const struct zip_end *e = &r->end;
    bool split = (e->disk && e->disk != 0xffff) ||
                 (e->directory_disk && e->directory_disk != 0xffff) || r->disks > 1 ||
                 (e->count_here != e->count && e->count_here != 0xffff);

    if (split)
        zip_tell(z, FACT_ZIP_MULTI_DISK, r->at, SPAN_EMPTY,
                 "disk %u, directory on disk %u, of %u, %llu of %llu members here", e->disk,
                 e->directory_disk, r->disks, (unsigned long long)e->count_here,
                 (unsigned long long)e->count);
    if (r->contradicts)
        zip_tell(z, FACT_ZIP64_CONTRADICTS, r->at, SPAN_EMPTY,
                 "the end record says %llu members, %llu bytes at %llu; the zip64 record %llu, "
                 "%llu at %llu",
                 (unsigned long long)e->count, (unsigned long long)e->size,
                 (unsigned long long)e->offset, (unsigned long long)r->end64.count,
                 (unsigned long long)r->end64.size, (unsigned long long)r->end64.offset);
    if (r->lost)
        zip_tell(z, FACT_ZIP_END_RECORD, r->locator, SPAN_EMPTY,
                 "the locator does not point to the zip64 end record");
    if (e->comment_cut)
        zip_tell(z, FACT_ZIP_END_RECORD, r->at, SPAN_EMPTY,
                 "the comment runs past the end of the file");
    if (r->at64 && r->end64.needed >= 62 && r->end64.extensible)
        zip_tell(z, FACT_ZIP_DIRECTORY_ENCRYPTED, r->at64, SPAN_EMPTY,
                 "zip64 end record of version 2");
}

static void check_ends(struct zip *z)
{
    const struct zip_directory *d = z->ends.directories;

    for (size_t i = 0; i < z->ends.records_n; i++)
        check_end(z, &z->ends.records[i]);
    if (z->ends.directories_n > 1)
        zip_tell(z, FACT_ZIP_DIRECTORIES, d[1].at, SPAN_EMPTY,
                 "%zu of them: at %llu and at %llu (offsets of members from %llu)",
                 z->ends.directories_n, (unsigned long long)d[0].at, (unsigned long long)d[1].at,
                 (unsigned long long)d[1].base);
}

/* Counts the records of a directory, and finds where they end. */
static void measure(struct zip *z, size_t which)
{
    const struct zip_directory *d = &z->ends.directories[which];
    struct zip_central c;
    uint64_t at = d->at;
    size_t n = 0;

    while (zip_central(z->in, at, d->limit, &c)) {
        at = c.end;
        n++;
        if (c.cut)
            zip_tell(z, FACT_ZIP_END_RECORD, at, c.name, "the last record is cut off");
    }
    z->directory_end[which] = at;
    z->directory_count[which] = n;
}

/* A writer without zip64 counts modulo 65,536. */
static bool count_is(const struct zip_directory *d, size_t n)
{
    return d->count == n || (n > 0xffff && d->count == (n & 0xffff));
}

static void check_directory(struct zip *z, size_t which)
{
    const struct zip_directory *d = &z->ends.directories[which];
    uint64_t end = z->directory_end[which];
    struct span tail;
    uint16_t n;

    if (!count_is(d, z->directory_count[which]))
        zip_tell(z, FACT_ZIP_COUNT, d->at, SPAN_EMPTY, "%llu are declared, %zu are there",
                 (unsigned long long)d->count, z->directory_count[which]);
    if (zip_is(z->in, end, SIG_SIGNATURE)) {
        tail = span_from(z->in, end + 4);
        if (take_u16le(&tail, &n) && n <= tail.n && end + 6 + n <= d->limit)
            z->directory_end[which] = end + 6 + n;
    }
    if (d->size != end - d->at && d->size != z->directory_end[which] - d->at)
        zip_tell(z, FACT_ZIP_END_RECORD, d->at, SPAN_EMPTY,
                 "the directory has %llu bytes, the end record says %llu",
                 (unsigned long long)(end - d->at), (unsigned long long)d->size);
}

/*
 * Where the local header is: at the offset moved by base, or, as some readers
 * try next, at the offset as written, or at the one of a redundant zip64 field.
 */
static uint64_t locate(struct zip *z, const struct zip_directory *d, const struct zip_central *c)
{
    uint64_t moved = c->local + d->base;

    if (zip_is(z->in, moved, SIG_LOCAL))
        return moved;
    if (c->contradicts && zip_is(z->in, c->other.local + d->base, SIG_LOCAL))
        return c->other.local + d->base;
    if (!d->base || !zip_is(z->in, c->local, SIG_LOCAL))
        return NO_LOCAL;
    zip_tell(z, FACT_ZIP_END_RECORD, d->at, c->name,
             "the offset of the directory is off, those of its members are not");
    return c->local;
}

static void fill_one(struct zip *z, size_t i, const struct zip_central *c)
{
    struct entry *e = &z->entries[i];
    struct member *m = &z->members[i];
    struct zip_local l;

    e->local = locate(z, &z->ends.directories[e->directory], c);
    *m = (struct member){
        .name = c->name, .raw = SPAN_EMPTY, .stored = c->method == METHOD_STORED, .size = c->usize
    };
    if (e->local != NO_LOCAL && zip_local(z->in, e->local, &l))
        (void)span_sub(z->in, l.data, c->csize, &m->raw);
    names_check(z, e->central, c->name, c->flags);
    z->order[i] = (uint32_t)i;
}

bool entries_record(const struct zip *z, size_t i, struct zip_central *out)
{
    const struct entry *e = &z->entries[i];

    return zip_central(z->in, e->central, z->ends.directories[e->directory].limit, out);
}

/* Lists up to room members of a directory from entry `from` on; returns how many. */
static size_t fill(struct zip *z, size_t which, size_t from, size_t room)
{
    uint64_t at = z->ends.directories[which].at;
    size_t n = z->directory_count[which] < room ? z->directory_count[which] : room;

    for (size_t i = from; i < from + n; i++) {
        struct zip_central c;

        z->entries[i] = (struct entry){ .central = at, .directory = (uint32_t)which };
        (void)entries_record(z, i, &c); /* it was there when it was counted */
        fill_one(z, i, &c);
        at = c.end;
    }
    return n;
}

/* Merges two sorted neighbours, order[a..b) and order[b..c), through spare. */
static void merge(struct zip *z, size_t a, size_t b, size_t c)
{
    size_t i = a, j = b;

    if (z->entries[z->order[b - 1]].local <= z->entries[z->order[b]].local)
        return; /* already in order, as in every honest file */
    for (size_t k = a; k < c; k++) {
        bool left =
            j == c || (i < b && z->entries[z->order[i]].local <= z->entries[z->order[j]].local);

        z->spare[k] = z->order[left ? i++ : j++];
    }
    memcpy(z->order + a, z->spare + a, (c - a) * sizeof *z->order);
}

/* A stable merge sort, so that no order of members is a slow one. */
static void sort(struct zip *z)
{
    for (size_t width = 1; width < z->n; width *= 2)
        for (size_t a = 0; a + width < z->n; a += 2 * width)
            merge(z, a, a + width, a + 2 * width < z->n ? a + 2 * width : z->n);
}

static enum pratique_status map_lists(struct zip *z, size_t n)
{
    z->n = n;
    z->entries = scan_map(z->s, n * sizeof *z->entries);
    z->members = scan_map(z->s, n * sizeof *z->members);
    z->order = scan_map(z->s, n * sizeof *z->order);
    z->spare = scan_map(z->s, n * sizeof *z->spare);
    if (z->entries && z->members && z->order && z->spare)
        return PRATIQUE_OK;
    return scan_fail_budget(z->s, 0);
}

/* How many of the members the budget lets us list. */
static size_t charge_members(struct zip *z)
{
    struct budget *b = z->s->budget;
    uint64_t n = 0;

    for (size_t i = 0; i < z->ends.directories_n; i++) {
        measure(z, i);
        n += z->directory_count[i];
    }
    if (!budget_members(b, n)) {
        n = b->members_left;
        z->more = true;
        (void)!budget_members(b, n);
    }
    return (size_t)n;
}

enum pratique_status entries_list(struct zip *z)
{
    enum pratique_status st;
    size_t from = 0;

    check_ends(z);
    if ((st = map_lists(z, charge_members(z))) != PRATIQUE_OK)
        return st;
    for (size_t i = 0; i < z->ends.directories_n; i++) {
        check_directory(z, i);
        from += fill(z, i, from, z->n - from);
    }
    sort(z);
    z->archive = (struct archive){ .kind = "zip", .members = z->members, .n = z->n };
    z->layout = layout_of(&z->archive);
    z->s->recognised = layout_name(&z->archive, z->layout);
    layout_report(z->s, &z->archive);
    return names_collide(z);
}

void entries_free(struct zip *z)
{
    scan_unmap(z->s, z->entries, z->n * sizeof *z->entries);
    scan_unmap(z->s, z->members, z->n * sizeof *z->members);
    scan_unmap(z->s, z->order, z->n * sizeof *z->order);
    scan_unmap(z->s, z->spare, z->n * sizeof *z->spare);
    scan_unmap(z->s, z->walked.slots, z->walked.size * sizeof *z->walked.slots);
}

bool entries_has_local(const struct zip *z, uint64_t off)
{
    size_t low = 0, high = z->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (z->entries[z->order[mid]].local < off)
            low = mid + 1;
        else
            high = mid;
    }
    return low < z->n && z->entries[z->order[low]].local == off;
}
