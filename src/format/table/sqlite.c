/*
 * SQLite 3 databases: vector stores, MLflow's and Optuna's stores, caches. The schema is a program
 * of a kind: triggers and views run SQL, virtual tables are read by modules that are loaded or
 * built in. Values can be files of their own, pickles among them, whatever their column says.
 *
 * Spec: sqlite.org/fileformat2.html; sqlite.org/security.html; sqlite.org/vtablist.html.
 * Left out: the journal and the write-ahead log beside a database, and pages of its free list.
 */
#include "format/table/sqlite.h"

#include <ctype.h>
#include <inttypes.h>
#include <strings.h>

#include "base/compiler.h"
#include "format/model/model.h"
#include "format/rest.h"
#include "format/table/sqlite_pages.h"
#include "format/table/worth.h"

#define MAGIC       "SQLite format 3"
#define COLUMNS_MAX 32767 /* SQLITE_MAX_COLUMN at its most */
#define SQL_MAX     ((size_t)1 << 20)
#define NAME_KEPT   96

struct schema {
    uint32_t *roots; /* of tables and indexes; of scan_map() */
    char (*names)[NAME_KEPT];
    size_t n, size;
    uint64_t tables, triggers;
};

/* ---- records ---- */

struct value {
    uint64_t serial; /* type */
    struct span bytes;
};

static uint64_t size_of_serial(uint64_t serial)
{
    static const uint8_t fixed[] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0 };

    return serial < ARRAY_LEN(fixed) ? fixed[serial] : (serial - 12) / 2;
}

static bool is_blob(const struct value *v)
{
    return v->serial >= 12 && v->serial % 2 == 0;
}

static bool is_text(const struct value *v)
{
    return v->serial >= 13 && v->serial % 2 == 1;
}

/* Cuts the next value of a record off; header and body move on. */
static bool take_value(struct span *header, struct span *body, struct value *v)
{
    return sqlite_take_varint(header, &v->serial) && v->serial != 10 && v->serial != 11 &&
           take(body, size_of_serial(v->serial), &v->bytes);
}

static bool open_record(struct span payload, struct span *header, struct span *body)
{
    struct span all = payload;
    uint64_t n;

    *header = *body = SPAN_EMPTY;
    if (!sqlite_take_varint(&payload, &n) || n < all.n - payload.n)
        return false;
    n -= all.n - payload.n; /* its own length is counted in */
    *body = payload;
    return take(body, n, header);
}

static enum pratique_status fail_record(struct sqlite *db, const struct sqlite_record *r)
{
    return scan_fail(db->s, PRATIQUE_E_FORMAT, r->offset,
                     "SQLite: a record whose columns leave it");
}

static uint32_t number_of(struct span bytes)
{
    uint64_t v = 0;

    for (size_t i = 0; i < bytes.n; i++)
        v = v << 8 | bytes.p[i];
    return v <= UINT32_MAX ? (uint32_t)v : 0;
}

/* Text as ASCII, whatever its encoding; what is none becomes '?'. */
static struct span narrow(struct sqlite *db, struct span text)
{
    bool wide = db->encoding > 1, big = db->encoding == 3;
    char *out;
    size_t n = 0;

    if (!wide || text.n > SQL_MAX)
        return text;
    out = arena_alloc(db->s->arena, text.n / 2 + 1);
    for (size_t i = 0; out && i + 1 < text.n; i += 2)
        out[n++] = text.p[big ? i : i + 1] ? '?' : (char)text.p[big ? i + 1 : i];
    return out ? span_of(out, n) : SPAN_EMPTY;
}

/* ---- the schema ---- */

static bool is_word_byte(uint8_t c)
{
    return isalnum(c) || c == '_' || c >= 0x80;
}

/* Cuts the next word off, or a quoted name without its quotes; strings are passed over. */
static bool next_word(struct span *sql, struct span *word, bool *quoted)
{
    while (sql->n > 0) {
        uint8_t c = sql->p[0];
        size_t n = 0;

        *quoted = c == '"' || c == '`' || c == '[';
        if (*quoted || c == '\'') {
            const uint8_t *end = memchr(sql->p + 1, c == '[' ? ']' : c, sql->n - 1);

            n = end ? (size_t)(end - sql->p) : sql->n - 1;
            (void)skip(sql, 1);
            (void)take(sql, n > 0 ? n - 1 : 0, word);
            (void)skip(sql, 1);
            if (c != '\'')
                return true;
            continue;
        }
        while (n < sql->n && is_word_byte(sql->p[n]))
            n++;
        if (n > 0)
            return take(sql, n, word);
        (void)skip(sql, 1);
    }
    return false;
}

static bool same_word(struct span a, const char *b)
{
    return a.n == strlen(b) && strncasecmp((const char *)a.p, b, a.n) == 0;
}

static bool is_one_of(struct span word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (same_word(word, list[i]))
            return true;
    return false;
}

/* Functions that leave the database: of the library, and of the shell's and SpatiaLite's. */
static bool reaches_out(struct span word)
{
    static const char *const functions[] = {
        "load_extension", "writefile",  "readfile",     "edit",      "fts3_tokenizer", "eval",
        "shell",          "system",     "fsdir",        "lsmode",    "sqlar_compress", "ImportXLS",
        "ExportSHP",      "BlobToFile", "BlobFromFile", "ExportDXF", "ImportDXF",      "XB_Create",
        "py_eval",        "lua",        "exec",         "http_get",  "http_request",
    };

    return is_one_of(word, functions, ARRAY_LEN(functions));
}

/* Modules of virtual tables that open what their arguments name. */
static bool module_reads_files(struct span word)
{
    static const char *const modules[] = {
        "csv",         "vsv",       "fsdir",        "zipfile",    "lines",       "fileio",
        "VirtualText", "VirtualXL", "VirtualShape", "VirtualDbf", "VirtualGPKG", "swarmvtab",
        "unionvtab",   "http",      "parquet",      "statement",  "define",      "VirtualOGR",
        "fs_dir",      "exec",      "bash",         "odbc",
    };

    return is_one_of(word, modules, ARRAY_LEN(modules));
}

static bool module_is_ordinary(struct span word)
{
    static const char *const modules[] = {
        "fts1",
        "fts2",
        "fts3",
        "fts4",
        "fts4aux",
        "fts5",
        "fts5vocab",
        "rtree",
        "rtree_i32",
        "geopoly",
        "json_each",
        "json_tree",
        "generate_series",
        "series",
        "vec0",
        "vss0",
        "spellfix1",
        "dbstat",
        "bytecode",
        "sqlite_stmt",
        "closure",
        "transitive_closure",
        "amatch",
        "approximate_match",
        "bm25",
        "hnsw",
        "vectorlite",
        "prefixes",
        "VirtualSpatialIndex",
        "SpatialIndex",
        "VirtualElementary",
        "VirtualKNN",
        "VirtualKNN2",
        "rtreecheck",
        "sqlite_dbpage",
        "completion",
    };

    return is_one_of(word, modules, ARRAY_LEN(modules));
}

static void tell_schema(struct sqlite *db, enum fact_kind kind, const struct sqlite_record *r,
                        struct span subject, struct span sql)
{
    scan_fact(db->s, kind, r->offset, subject, sql);
}

static bool opens_call(struct span rest)
{
    while (rest.n > 0 && isspace(rest.p[0]))
        (void)skip(&rest, 1);
    return rest.n > 0 && rest.p[0] == '(';
}

/*
 * "CREATE TABLE name (", "CREATE INDEX i ON name (": what stands before the first bracket is a
 * table, whatever it is called. before: the word in front of it; a comment could forge that one.
 */
static bool names_table(struct span sql, struct span word, struct span before)
{
    struct span head = span_of(sql.p, (size_t)(word.p - sql.p));

    if (span_find(head, 0, SPAN_LITERAL("(")) != SIZE_MAX ||
        span_find(head, 0, SPAN_LITERAL("--")) != SIZE_MAX ||
        span_find(head, 0, SPAN_LITERAL("/*")) != SIZE_MAX)
        return false;
    return same_word(before, "table") || same_word(before, "exists") || same_word(before, "on");
}

/* What a statement of the schema does beyond the database. */
static void judge_sql(struct sqlite *db, const struct sqlite_record *r, struct span sql)
{
    struct span rest = sql, word, before = SPAN_EMPTY;
    bool quoted, is_virtual = false, using = false, query = false;

    while (next_word(&rest, &word, &quoted)) {
        bool called = opens_call(rest);

        if (using) {
            if (module_reads_files(word))
                tell_schema(db, FACT_SQLITE_REACHES, r, word, sql);
            else if (!module_is_ordinary(word))
                tell_schema(db, FACT_SQLITE_MODULE, r, word, sql);
            using = false;
            continue;
        }
        is_virtual |= !quoted && same_word(word, "virtual");
        using = is_virtual && !quoted && same_word(word, "using");
        if (called && reaches_out(word) && (query || !names_table(sql, word, before)))
            tell_schema(db, FACT_SQLITE_REACHES, r, word, sql);
        is_virtual = is_virtual && !using;
        before = quoted ? SPAN_EMPTY : word;
        query |= same_word(before, "select");
    }
}

static enum pratique_status remember(struct sqlite *db, struct schema *schema, uint32_t root,
                                     struct span name)
{
    size_t i = schema->n;

    if (i == schema->size)
        return scan_fail(db->s, PRATIQUE_E_FORMAT, 0, "SQLite: more tables than pages");
    schema->roots[i] = root;
    memcpy(schema->names[i], name.p, name.n < NAME_KEPT - 1 ? name.n : NAME_KEPT - 1);
    schema->n++;
    return PRATIQUE_OK;
}

/* A row of the schema: type, name, table, root page, statement. */
static enum pratique_status read_schema_row(struct sqlite *db, const struct sqlite_record *r,
                                            void *user)
{
    struct schema *schema = user;
    struct span header, body, type, name, sql;
    struct value v[5];

    if (!open_record(r->payload, &header, &body))
        return fail_record(db, r);
    for (size_t i = 0; i < ARRAY_LEN(v); i++)
        if (!take_value(&header, &body, &v[i]))
            return fail_record(db, r);
    type = narrow(db, v[0].bytes);
    name = narrow(db, v[1].bytes);
    sql = narrow(db, v[4].bytes);
    schema->tables += span_is(type, "table");
    schema->triggers += span_is(type, "trigger");
    if (span_is(type, "trigger"))
        tell_schema(db, FACT_SQLITE_TRIGGER, r, name, sql);
    if (sql.n > 0 && is_text(&v[4]))
        judge_sql(db, r, sql);
    if (v[3].serial == 8 || v[3].bytes.n == 0 || number_of(v[3].bytes) == 0) /* views, triggers */
        return PRATIQUE_OK;
    return remember(db, schema, number_of(v[3].bytes), name);
}

/* ---- values ---- */

static enum pratique_status read_row(struct sqlite *db, const struct sqlite_record *r, void *user)
{
    const char *table = user;
    struct span header, body;
    unsigned column = 0;
    enum pratique_status st = PRATIQUE_OK;

    db->records++;
    if (!open_record(r->payload, &header, &body))
        return fail_record(db, r);
    while (header.n > 0 && st == PRATIQUE_OK) {
        struct value v;
        char *name;
        bool whole;

        if (++column > COLUMNS_MAX || !take_value(&header, &body, &v))
            return fail_record(db, r);
        if (!(is_blob(&v) || is_text(&v)))
            continue;
        whole = worth_a_look(v.bytes);
        if (!whole && !model_may_be_encoded(v.bytes))
            continue;
        name =
            arena_printf(db->s->arena, "%s, row %" PRId64 ", column %u", table, r->rowid, column);
        st = !name   ? scan_fail(db->s, PRATIQUE_E_NOMEM, r->offset, "while naming a value")
             : whole ? model_embedded(db->s, v.bytes, span_text(name))
                     : model_encoded(db->s, v.bytes, span_text(name));
    }
    return st;
}

static enum pratique_status read_trees(struct sqlite *db, struct schema *schema)
{
    enum pratique_status st = sqlite_walk(db, 1, read_schema_row, schema);

    for (size_t i = 0; i < schema->n && st == PRATIQUE_OK; i++)
        st = sqlite_walk(db, schema->roots[i], read_row, schema->names[i]);
    return st;
}

static enum pratique_status read_database(struct sqlite *db)
{
    size_t roots = (size_t)db->pages * sizeof(uint32_t), names = (size_t)db->pages * NAME_KEPT;
    struct schema schema = { .size = db->pages };
    enum pratique_status st = PRATIQUE_E_LIMIT;

    schema.roots = scan_map(db->s, roots);
    schema.names = scan_map(db->s, names);
    if (schema.roots && schema.names)
        st = read_trees(db, &schema);
    else
        st = scan_fail_budget(db->s, 0);
    scan_unmap(db->s, schema.roots, roots);
    scan_unmap(db->s, schema.names, names);
    if (st == PRATIQUE_OK)
        scan_read(db->s, "SQLite", (uint64_t)db->pages * db->page_size,
                  "%" PRIu64 " tables, %" PRIu64 " records, %u pages", schema.tables, db->records,
                  db->pages);
    return st;
}

static bool looks_like(struct span in)
{
    return in.n >= sizeof MAGIC && memcmp(in.p, MAGIC, sizeof MAGIC) == 0;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct sqlite db;
    enum pratique_status st = sqlite_open(&db, s, in);
    uint64_t end = (uint64_t)db.pages * db.page_size;

    s->recognised = "SQLite database";
    if (st == PRATIQUE_OK)
        st = read_database(&db);
    sqlite_close(&db);
    return st == PRATIQUE_OK ? scan_rest(s, "SQLite", end, span_from(in, end)) : st;
}

const struct format format_sqlite = {
    .name = "sqlite",
    .spec = "sqlite.org/fileformat2.html, SQLite 3",
    .looks_like = looks_like,
    .scan = scan,
};
