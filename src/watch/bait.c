/*
 * See bait.h; what is planted is a table, bait.def. The seed is stretched by ChaCha20
 * (RFC 8439, section 2.3): nobody who reads some of the bait can tell the rest.
 */
#include "watch/bait.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/write.h"

#define SEED_BYTES  32
#define SECRET_MIN  16 /* shorter ones are no secrets */
#define DRAW_MAX    256
#define SECRETS_MAX 256
#define TEXT_MAX    8192
#define PATH_BYTES  256

static const struct {
    const char *path;
    unsigned mode;
    bool honey;
    const char *text;
} files[] = {
#define FILE(path, mode, honey, text) { path, mode, honey, text },
#define VARIABLE(name, text)
#include "watch/bait.def"
#undef FILE
#undef VARIABLE
};

static const struct {
    const char *name, *text;
} variables[] = {
#define FILE(path, mode, honey, text)
#define VARIABLE(name, text) { name, text },
#include "watch/bait.def"
#undef FILE
#undef VARIABLE
};

/* ---- texts ---- */

struct maker {
    struct arena *arena;
    const char *user, *host;
    uint32_t input[16]; /* of ChaCha20: constants, seed, counter, nonce */
    uint32_t pool[16];
    size_t left; /* bytes of the pool */
    struct bait_secret *secrets;
    size_t secrets_n;
};

static uint32_t rotate(uint32_t v, unsigned n)
{
    return v << n | v >> (32 - n);
}

static void quarter_round(uint32_t *x, unsigned a, unsigned b, unsigned c, unsigned d)
{
    x[a] += x[b], x[d] = rotate(x[d] ^ x[a], 16);
    x[c] += x[d], x[b] = rotate(x[b] ^ x[c], 12);
    x[a] += x[b], x[d] = rotate(x[d] ^ x[a], 8);
    x[c] += x[d], x[b] = rotate(x[b] ^ x[c], 7);
}

static void refill(struct maker *m)
{
    memcpy(m->pool, m->input, sizeof m->pool);
    for (unsigned i = 0; i < 10; i++) {
        for (unsigned column = 0; column < 4; column++)
            quarter_round(m->pool, column, 4 + column, 8 + column, 12 + column);
        for (unsigned d = 0; d < 4; d++)
            quarter_round(m->pool, d, 4 + (d + 1) % 4, 8 + (d + 2) % 4, 12 + (d + 3) % 4);
    }
    for (unsigned i = 0; i < 16; i++)
        m->pool[i] += m->input[i];
    m->input[12]++;
    m->left = sizeof m->pool;
}

static void seed_with(struct maker *m, const unsigned char seed[SEED_BYTES])
{
    static const char constant[] = "expand 32-byte k";

    memcpy(m->input, constant, 16);
    memcpy(m->input + 4, seed, SEED_BYTES);
}

static uint8_t random_byte(struct maker *m)
{
    if (m->left == 0)
        refill(m);
    m->left--;
    return (uint8_t)(m->pool[m->left / 4] >> m->left % 4 * 8);
}

static const char *letters_of(char kind)
{
    switch (kind) {
    case 'w':
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    case 'l':
        return "abcdefghijklmnopqrstuvwxyz0123456789";
    case 'u':
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    case 'h':
        return "0123456789abcdef";
    case 'd':
        return "0123456789";
    default:
        return NULL;
    }
}

/* n random letters, each as likely as another. */
static void draw(struct maker *m, const char *letters, char *out, size_t n)
{
    size_t count = strlen(letters), fair = 256 - 256 % count;

    for (size_t i = 0; i < n;) {
        uint8_t b = random_byte(m);

        if (b < fair)
            out[i++] = letters[b % count];
    }
    out[n] = '\0';
}

static bool add_secret(struct maker *m, const char *what, const char *value)
{
    char *copy = arena_copy(m->arena, value, strlen(value));

    if (!copy || m->secrets_n == SECRETS_MAX)
        return false;
    m->secrets[m->secrets_n++] = (struct bait_secret){ what, copy };
    return true;
}

/* "@w40@" at text: its bytes, or 0 when it is none. */
static size_t random_at(const char *text, const char **letters, size_t *n)
{
    char *end;

    *letters = text[0] == '@' && text[1] ? letters_of(text[1]) : NULL;
    if (!*letters || text[2] < '1' || text[2] > '9')
        return 0;
    *n = strtoul(text + 2, &end, 10);
    return *end == '@' && *n < DRAW_MAX ? (size_t)(end + 1 - text) : 0;
}

/* Adds the text to b, what stands between '@' filled in. */
static bool fill(struct maker *m, struct buf *b, const char *what, const char *text)
{
    char drawn[DRAW_MAX];
    const char *letters;
    size_t n, used;

    while (*text) {
        if ((used = random_at(text, &letters, &n)) > 0) {
            draw(m, letters, drawn, n);
            (void)buf_puts(b, drawn);
            if (n >= SECRET_MIN && !add_secret(m, what, drawn))
                return false;
        } else if (strncmp(text, "@U@", 3) == 0 || strncmp(text, "@H@", 3) == 0) {
            (void)buf_puts(b, text[1] == 'U' ? m->user : m->host);
            used = 3;
        } else {
            (void)buf_putc(b, *text);
            used = 1;
        }
        text += used;
    }
    return !b->failed;
}

/* The text filled in, behind a beginning, in the arena; NULL without memory. */
static const char *make_text(struct maker *m, const char *begin, const char *what, const char *text)
{
    struct buf b;
    const char *copy = NULL;

    buf_init(&b, TEXT_MAX);
    if (what && buf_puts(&b, begin) && fill(m, &b, what, text))
        copy = arena_copy(m->arena, b.p, b.n);
    buf_free(&b);
    return copy;
}

static bool make_files(struct maker *m, struct bait *out)
{
    struct bait_file *list = arena_array(m->arena, ARRAY_LEN(files), sizeof *list);

    for (size_t i = 0; list && i < ARRAY_LEN(files); i++) {
        const char *what = arena_printf(m->arena, "~/%s", files[i].path);

        list[i] = (struct bait_file){ files[i].path, make_text(m, "", what, files[i].text),
                                      files[i].mode, files[i].honey };
        if (!list[i].text)
            return false;
    }
    out->files = list;
    out->files_n = ARRAY_LEN(files);
    return list != NULL;
}

static bool make_environment(struct maker *m, struct bait *out)
{
    const char **list = arena_array(m->arena, ARRAY_LEN(variables), sizeof *list);

    for (size_t i = 0; list && i < ARRAY_LEN(variables); i++) {
        const char *what = arena_printf(m->arena, "$%s", variables[i].name);
        const char *begin = arena_printf(m->arena, "%s=", variables[i].name);

        list[i] = begin ? make_text(m, begin, what, variables[i].text) : NULL;
        if (!list[i])
            return false;
    }
    out->environment = list;
    out->environment_n = ARRAY_LEN(variables);
    return list != NULL;
}

bool bait_make(struct bait *out, struct arena *arena, const unsigned char seed[32],
               const char *user, const char *host)
{
    struct maker m = { .arena = arena, .user = user, .host = host };

    memset(out, 0, sizeof *out);
    seed_with(&m, seed);
    m.secrets = arena_array(arena, SECRETS_MAX, sizeof *m.secrets);
    if (!m.secrets || !make_files(&m, out) || !make_environment(&m, out))
        return false;
    out->secrets = m.secrets;
    out->secrets_n = m.secrets_n;
    return true;
}

/* ---- the home ---- */

/* Between one and eight months ago, each file at a time of its own. */
static void age(size_t index, struct timespec times[2])
{
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    times[0] = times[1] = (struct timespec){
        .tv_sec =
            now.tv_sec - (time_t)(30 + index * 37 % 211) * 86400 - (time_t)(index * 7919 % 50000),
    };
}

/* Makes the folders above path, or (again) sets their times. */
static bool folders(int home, const char *path, const struct timespec *times)
{
    char folder[PATH_BYTES];

    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        size_t n = (size_t)(slash - path);

        if (n >= sizeof folder)
            return false;
        memcpy(folder, path, n);
        folder[n] = '\0';
        if (times && utimensat(home, folder, times, AT_SYMLINK_NOFOLLOW) != 0)
            return false;
        if (!times && mkdirat(home, folder, path[0] == '.' ? 0700 : 0755) != 0 && errno != EEXIST)
            return false;
    }
    return true;
}

static bool write_file(int home, const struct bait_file *f, size_t index)
{
    struct timespec times[2];
    int fd = openat(home, f->path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, f->mode);
    bool ok;

    if (fd == -1)
        return false;
    age(index, times);
    ok = write_all(fd, f->text, strlen(f->text)) && fchmod(fd, (mode_t)f->mode) == 0 &&
         futimens(fd, times) == 0;
    return close(fd) == 0 && ok;
}

bool bait_write(const struct bait *b, int home)
{
    struct timespec times[2];

    for (size_t i = 0; i < b->files_n; i++)
        if (!folders(home, b->files[i].path, NULL) || !write_file(home, &b->files[i], i))
            return false;
    for (size_t i = 0; i < b->files_n; i++) {
        age(i, times);
        if (!folders(home, b->files[i].path, times))
            return false;
    }
    return true;
}
