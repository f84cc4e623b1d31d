/* See sqlite_pages.h. */
#include "format/table/sqlite_pages.h"

#define HEADER 100

enum page_type { INDEX_INNER = 2, TABLE_INNER = 5, INDEX_LEAF = 10, TABLE_LEAF = 13 };

bool sqlite_take_varint(struct span *in, uint64_t *out)
{
    uint8_t byte = 0;

    *out = 0;
    for (unsigned i = 0; i < 8; i++) {
        if (!take_u8(in, &byte))
            return false;
        *out = *out << 7 | (byte & 0x7F);
        if (!(byte & 0x80))
            return true;
    }
    if (!take_u8(in, &byte))
        return false;
    *out = *out << 8 | byte;
    return true;
}

static uint32_t u32_at(struct span in, uint64_t off)
{
    struct span at = span_from(in, off);
    uint32_t v;

    (void)take_u32be(&at, &v);
    return v;
}

static uint16_t u16_at(struct span in, uint64_t off)
{
    struct span at = span_from(in, off);
    uint16_t v;

    (void)take_u16be(&at, &v);
    return v;
}

static bool is_power_of_two(uint32_t n)
{
    return n && (n & (n - 1)) == 0;
}

/* The fields that every reader insists on; those of pages and texts are kept. */
static enum pratique_status read_header(struct sqlite *db)
{
    struct span in = db->in;
    uint32_t size = u16_at(in, 16);

    if (in.n < HEADER)
        return scan_fail(db->s, PRATIQUE_E_FORMAT, in.n, "SQLite: a header of 100 bytes is cut");
    db->page_size = size == 1 ? 65536 : size;
    if (db->page_size < 512 || !is_power_of_two(db->page_size))
        return scan_fail(db->s, PRATIQUE_E_FORMAT, 16, "SQLite: a page size of %u", size);
    if (in.p[18] > 2 || in.p[19] > 2)
        return scan_fail(db->s, PRATIQUE_E_FORMAT, 18, "SQLite: file format %u", in.p[19]);
    db->usable = db->page_size - in.p[20];
    if (db->usable < 480)
        return scan_fail(db->s, PRATIQUE_E_FORMAT, 20, "SQLite: %u bytes of each page are reserved",
                         in.p[20]);
    db->encoding = u32_at(in, 56);
    if (db->encoding > 3)
        return scan_fail(db->s, PRATIQUE_E_FORMAT, 56, "SQLite: text encoding %u", db->encoding);
    if (in.n / db->page_size > UINT32_MAX - 1)
        return scan_fail(db->s, PRATIQUE_E_LIMIT, 0, "SQLite: more than 2^32 pages");
    db->pages = (uint32_t)(in.n / db->page_size);
    if (db->pages == 0)
        return scan_fail(db->s, PRATIQUE_E_FORMAT, in.n, "SQLite: the first page is cut");
    return PRATIQUE_OK;
}

static size_t seen_bytes(const struct sqlite *db)
{
    return db->pages / 8 + 1;
}

enum pratique_status sqlite_open(struct sqlite *db, struct scan *s, struct span in)
{
    enum pratique_status st;

    *db = (struct sqlite){ .s = s, .in = in };
    st = read_header(db);
    if (st != PRATIQUE_OK)
        return st;
    db->seen = scan_map(s, seen_bytes(db));
    db->todo = scan_map(s, (size_t)db->pages * sizeof *db->todo);
    return db->seen && db->todo ? PRATIQUE_OK : scan_fail_budget(s, 0);
}

void sqlite_close(struct sqlite *db)
{
    scan_unmap(db->s, db->seen, seen_bytes(db));
    scan_unmap(db->s, db->todo, (size_t)db->pages * sizeof *db->todo);
    scan_unmap(db->s, db->payload, db->payload_size);
    db->seen = NULL;
    db->todo = NULL;
    db->payload = NULL;
}

static uint64_t offset_of(const struct sqlite *db, uint32_t page)
{
    return (uint64_t)(page - 1) * db->page_size;
}

/* A page for the first time: its usable bytes. */
static enum pratique_status enter(struct sqlite *db, uint32_t page, struct span *out)
{
    *out = SPAN_EMPTY;
    if (page == 0 || page > db->pages)
        return scan_fail(db->s, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                         "SQLite: page %u of %u is asked for", page, db->pages);
    if (db->seen[page / 8] & 1 << page % 8)
        return scan_fail(db->s, PRATIQUE_E_FORMAT, offset_of(db, page),
                         "SQLite: page %u is in use twice", page);
    db->seen[page / 8] |= (uint8_t)(1 << page % 8);
    (void)span_sub(db->in, offset_of(db, page), db->usable, out);
    return PRATIQUE_OK;
}

/* How much of a payload of n bytes lies in its cell. */
static uint64_t local_size(const struct sqlite *db, bool table, uint64_t n)
{
    uint64_t u = db->usable;
    uint64_t most = table ? u - 35 : (u - 12) * 64 / 255 - 23;
    uint64_t least = (u - 12) * 32 / 255 - 23;
    uint64_t k;

    if (n <= most)
        return n;
    k = least + (n - least) % (u - 4);
    return k <= most ? k : least;
}

/* Makes room for a payload of n bytes. */
static enum pratique_status reserve(struct sqlite *db, uint64_t n)
{
    uint8_t *more;

    if (n <= db->payload_size)
        return PRATIQUE_OK;
    if (n > db->in.n)
        return scan_fail(db->s, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                         "SQLite: a record of %llu bytes in a file of %zu", (unsigned long long)n,
                         db->in.n);
    scan_unmap(db->s, db->payload, db->payload_size);
    db->payload_size = 0;
    more = scan_map(db->s, (size_t)n);
    db->payload = more;
    if (!more)
        return scan_fail_budget(db->s, PRATIQUE_NO_OFFSET);
    db->payload_size = (size_t)n;
    return PRATIQUE_OK;
}

/* A payload whose end lies on pages of its own, put together. */
static enum pratique_status gather(struct sqlite *db, struct span local, uint32_t next, uint64_t n,
                                   struct span *out)
{
    enum pratique_status st = reserve(db, n);
    size_t at = local.n;

    if (st != PRATIQUE_OK)
        return st;
    memcpy(db->payload, local.p, local.n);
    while (at < n) {
        struct span page, part;
        uint32_t from = next;

        st = enter(db, from, &page);
        if (st != PRATIQUE_OK)
            return st;
        (void)take_u32be(&page, &next);
        if (!take(&page, n - at < page.n ? n - at : page.n, &part) || part.n == 0)
            return scan_fail(db->s, PRATIQUE_E_FORMAT, offset_of(db, from),
                             "SQLite: an empty page");
        memcpy(db->payload + at, part.p, part.n);
        at += part.n;
    }
    *out = span_of(db->payload, (size_t)n);
    return PRATIQUE_OK;
}

/* The cell at off of a page; out->payload is empty on an inner page of a table. */
static enum pratique_status read_cell(struct sqlite *db, uint32_t page, struct span bytes,
                                      uint16_t off, enum page_type type, uint32_t *child,
                                      struct sqlite_record *out)
{
    bool inner = type == INDEX_INNER || type == TABLE_INNER;
    bool table = type == TABLE_INNER || type == TABLE_LEAF;
    struct span cell = span_from(bytes, off), local;
    uint64_t n = 0, rowid = 0;
    uint32_t next = 0;
    bool ok;

    *child = 0;
    *out = (struct sqlite_record){ .payload = SPAN_EMPTY,
                                   .offset = offset_of(db, page) + off,
                                   .page = page };
    ok = !inner || take_u32be(&cell, child);
    ok = ok && (type == TABLE_INNER || sqlite_take_varint(&cell, &n));
    ok = ok && (!table || sqlite_take_varint(&cell, &rowid));
    out->rowid = (int64_t)rowid;
    if (ok && type == TABLE_INNER)
        return PRATIQUE_OK;
    ok = ok && take(&cell, local_size(db, table, n), &local);
    ok = ok && (local.n == n || take_u32be(&cell, &next));
    if (!ok)
        return scan_fail(db->s, PRATIQUE_E_FORMAT, out->offset, "SQLite: a cell leaves its page");
    out->payload = local;
    return local.n == n ? PRATIQUE_OK : gather(db, local, next, n, &out->payload);
}

/* Adds a page to those that wait; more than there are cannot be all different. */
static enum pratique_status put_off(struct sqlite *db, uint32_t *n, uint32_t page)
{
    if (*n >= db->pages)
        return scan_fail(db->s, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                         "SQLite: a tree has more pages than the file");
    db->todo[(*n)++] = page;
    return PRATIQUE_OK;
}

static bool is_page_type(uint8_t type)
{
    return type == INDEX_INNER || type == TABLE_INNER || type == INDEX_LEAF || type == TABLE_LEAF;
}

/* One page: its children wait, its records are told. */
static enum pratique_status walk_page(struct sqlite *db, uint32_t page, uint32_t *waiting,
                                      sqlite_record_fn *on_record, void *user)
{
    size_t head = page == 1 ? HEADER : 0;
    struct span bytes;
    enum pratique_status st = enter(db, page, &bytes);
    enum page_type type;
    bool inner;
    uint16_t cells;
    uint64_t told = 0;

    if (st != PRATIQUE_OK)
        return st;
    if (!is_page_type(bytes.p[head]))
        return scan_fail(db->s, PRATIQUE_E_FORMAT, offset_of(db, page) + head,
                         "SQLite: page %u is no page of a tree (type %u)", page, bytes.p[head]);
    type = (enum page_type)bytes.p[head];
    inner = type == INDEX_INNER || type == TABLE_INNER;
    cells = u16_at(bytes, head + 3);
    if (inner)
        st = put_off(db, waiting, u32_at(bytes, head + 8));
    if (head + (inner ? 12 : 8) + (size_t)cells * 2 > bytes.n)
        return scan_fail(db->s, PRATIQUE_E_FORMAT, offset_of(db, page) + head + 3,
                         "SQLite: page %u cannot hold %u cells", page, cells);
    for (uint16_t i = 0; i < cells && st == PRATIQUE_OK; i++) {
        uint16_t off = u16_at(bytes, head + (inner ? 12 : 8) + (size_t)i * 2);
        struct sqlite_record record;
        uint32_t child;

        st = read_cell(db, page, bytes, off, type, &child, &record);
        if (st == PRATIQUE_OK && inner)
            st = put_off(db, waiting, child);
        told += local_size(db, type == TABLE_LEAF, record.payload.n);
        if (st == PRATIQUE_OK && told > bytes.n)
            st = scan_fail(db->s, PRATIQUE_E_FORMAT, record.offset,
                           "SQLite: records of page %u lie in one another", page);
        if (st == PRATIQUE_OK && type != TABLE_INNER)
            st = on_record(db, &record, user);
    }
    return st;
}

enum pratique_status sqlite_walk(struct sqlite *db, uint32_t root, sqlite_record_fn *on_record,
                                 void *user)
{
    uint32_t waiting = 0;
    enum pratique_status st = put_off(db, &waiting, root);

    while (st == PRATIQUE_OK && waiting > 0) {
        st = walk_page(db, db->todo[--waiting], &waiting, on_record, user);
        if (st == PRATIQUE_OK && !budget_time(db->s->budget))
            st = scan_fail_budget(db->s, PRATIQUE_NO_OFFSET);
    }
    return st;
}
