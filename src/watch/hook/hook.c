/*
 * The library that the dynamic linker puts into every process of a world (/etc/ld.so.preload):
 * in a Python process it is an audit hook (PEP 578) that says which Python code is about to act;
 * in every process it answers for the clocks, which run ahead of the kernel's by the sleeps that
 * were skipped. Built by itself, without Python's headers and without sanitizers.
 *
 * Python is found by weak references, which the dynamic linker binds as the process starts: to
 * the program or to its libpython, or to nothing. So there is one file for every version, no
 * need of dlsym (its symbol version differs between releases of glibc), and a program without
 * Python pays for some twenty failed look-ups. The hook is in place before Py_Initialize, hence
 * before site; hooks that were added in C cannot be taken away from Python.
 *
 * Left out: a Python that a program loads later by dlopen (a plug-in of an editor); nothing is
 * told of it, the kernel's events remain. Where /etc/ld.so.preload cannot be had, the file
 * works by LD_PRELOAD; the variable then stays in the environment, for all to see, because
 * children inherit the hook through it alone.
 *
 * The same file, with its mark blanked and a token filled in (hooklib.c), is the native canary:
 * loaded from anywhere it tells its token, and is no hook.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/compiler.h"
#include "watch/hook/hook.h"
#include "watch/hook/protocol.h"

/* ---- Python's C interface, as far as it is used; all of it was there in 3.9 ---- */

struct object; /* PyObject: never looked into, its layout differs between builds */

typedef int audit_fn(const char *event, struct object *args, void *user);

#define PYTHON(returns, name, ...) extern returns name(__VA_ARGS__) __attribute__((weak))

PYTHON(int, PySys_AddAuditHook, audit_fn *hook, void *user);
PYTHON(const char *, Py_GetVersion, void);
PYTHON(void *, PyThreadState_GetUnchecked, void);  /* 3.13 */
PYTHON(void *, _PyThreadState_UncheckedGet, void); /* before */
PYTHON(struct object *, PyEval_GetFrame, void);    /* borrowed */
PYTHON(struct object *, PyFrame_GetBack, struct object *frame);
PYTHON(struct object *, PyFrame_GetCode, struct object *frame);
PYTHON(int, PyFrame_GetLineNumber, struct object *frame);
PYTHON(struct object *, PyObject_GetAttrString, struct object *o, const char *name);
PYTHON(struct object *, PyObject_Type, struct object *o);
PYTHON(unsigned long, PyType_GetFlags, struct object *type);
PYTHON(void, Py_IncRef, struct object *o);
PYTHON(void, Py_DecRef, struct object *o);
PYTHON(void, PyErr_Fetch, struct object **type, struct object **value, struct object **trace);
PYTHON(void, PyErr_Restore, struct object *type, struct object *value, struct object *trace);
PYTHON(void, PyErr_Clear, void);
PYTHON(const char *, PyUnicode_AsUTF8AndSize, struct object *o, ptrdiff_t *n);
PYTHON(struct object *, PyUnicode_AsEncodedString, struct object *o, const char *encoding,
       const char *errors);
PYTHON(char *, PyBytes_AsString, struct object *o);
PYTHON(ptrdiff_t, PyBytes_Size, struct object *o);
PYTHON(ptrdiff_t, PyTuple_Size, struct object *o);
PYTHON(struct object *, PyTuple_GetItem, struct object *o, ptrdiff_t i); /* borrowed */
PYTHON(ptrdiff_t, PyList_Size, struct object *o);
PYTHON(struct object *, PyList_GetItem, struct object *o, ptrdiff_t i);    /* borrowed */
PYTHON(struct object *, PyList_GetItemRef, struct object *o, ptrdiff_t i); /* 3.13 */
PYTHON(long long, PyLong_AsLongLong, struct object *o);

struct allocator { /* PyMemAllocatorEx */
    void *ctx;
    void *(*malloc)(void *ctx, size_t n);
    void *(*calloc)(void *ctx, size_t count, size_t n);
    void *(*realloc)(void *ctx, void *p, size_t n);
    void (*free)(void *ctx, void *p);
};

#define RAW 0 /* PYMEM_DOMAIN_RAW */

PYTHON(void, PyMem_GetAllocator, int domain, struct allocator *out);
PYTHON(void, PyMem_SetAllocator, int domain, struct allocator *a);

/* Of a type's flags: whose subclass it is. Part of the stable interface since 3.0. */
#define IS_LONG  (1ul << 24)
#define IS_LIST  (1ul << 25)
#define IS_TUPLE (1ul << 26)
#define IS_BYTES (1ul << 27)
#define IS_STR   (1ul << 28)

/* ---- what is known of the process ---- */

#define PATH_BYTES 512

static const volatile struct hook_mark mark = { HOOK_MARK_TEXT, HOOK_MARK_TOKEN };
/* Folders, with a slash at the end; or "": the home, the environment, what it is made of. */
static char home[PATH_BYTES], environment[PATH_BYTES], base[PATH_BYTES];
static bool has_qualname; /* 3.11 and later */
/*
 * Calls of the hook within each other, in this thread. None is known to happen but by the
 * garbage collection of 3.11 and before, which may run finalizers as the hook makes an object;
 * what they do is told as well. The library is loaded at the start: a static slot is to be had.
 */
static __thread unsigned char depth __attribute__((tls_model("initial-exec")));

#define DEPTH 4

/* ---- the record ---- */

#define ARGUMENTS  4
#define ARG_BYTES  512
#define ITEMS      64 /* of a list among the arguments */
#define FRAMES     24
#define FILE_BYTES 256
#define NAME_BYTES 100

struct record {
    size_t n;
    char bytes[HOOK_RECORD_MAX];
};

static void say(enum hook_op op, const void *bytes, size_t n)
{
    (void)syscall(SYS_prctl, HOOK_CALL, op, bytes, n, 0); /* EINVAL: nobody listens */
}

/* Appends at most max bytes; whatever would end a text early is written as other. */
static void put(struct record *r, const char *p, size_t n, size_t max, char control, char other)
{
    size_t left = HOOK_RECORD_MAX - 1 - r->n; /* the NUL's place is kept */

    if (max > left)
        max = left;
    if (n > max)
        for (n = max; n > 0 && ((unsigned char)p[n] & 0xc0) == 0x80;)
            n--; /* not within a character */
    for (size_t i = 0; i < n; i++)
        r->bytes[r->n++] = (unsigned char)p[i] <= (unsigned char)control ? other : p[i];
}

static void put_text(struct record *r, const char *text)
{
    put(r, text, strlen(text), HOOK_RECORD_MAX, '\0', '@');
}

static void put_number(struct record *r, long long number)
{
    char digits[24], *p = digits + sizeof digits;
    unsigned long long n = number < 0 ? 0 - (unsigned long long)number : (unsigned long long)number;

    do
        *--p = (char)('0' + n % 10);
    while (n /= 10);
    if (number < 0)
        *--p = '-';
    put(r, p, (size_t)(digits + sizeof digits - p), sizeof digits, '\0', '@');
}

static void put_end(struct record *r)
{
    if (r->n < HOOK_RECORD_MAX)
        r->bytes[r->n++] = '\0';
}

/* ---- Python's objects as text; no code of the watched runs for it ---- */

static unsigned long kind(struct object *o)
{
    struct object *type = PyObject_Type(o);
    unsigned long flags = PyType_GetFlags(type);

    Py_DecRef(type);
    return flags;
}

struct text {
    const char *p; /* borrowed of the object or of held; NUL-terminated */
    size_t n;
    struct object *held;
};

static bool text_bytes(struct text *out, struct object *o)
{
    out->p = PyBytes_AsString(o);
    out->n = (size_t)PyBytes_Size(o);
    return out->p != NULL;
}

/* What str or bytes hold. Ends with text_end(), also when it is false. */
static bool text_of(struct text *out, struct object *o)
{
    unsigned long flags = kind(o);
    ptrdiff_t n;

    *out = (struct text){ 0 };
    if (flags & IS_BYTES)
        return text_bytes(out, o);
    if (!(flags & IS_STR))
        return false;
    out->p = PyUnicode_AsUTF8AndSize(o, &n);
    out->n = out->p ? (size_t)n : 0;
    if (out->p)
        return true;
    PyErr_Clear(); /* a lone surrogate: a file name that is no UTF-8 */
    out->held = PyUnicode_AsEncodedString(o, "utf-8", "backslashreplace");
    return out->held && text_bytes(out, out->held);
}

static void text_end(struct text *t)
{
    if (t->held)
        Py_DecRef(t->held);
}

/* Text or a number; false for anything else. */
static bool put_simple(struct record *r, struct object *o, size_t max)
{
    struct text t;
    bool is = text_of(&t, o);

    if (is)
        put(r, t.p, t.n, max, '\0', '@');
    text_end(&t);
    if (!is && (kind(o) & IS_LONG)) {
        put_number(r, PyLong_AsLongLong(o));
        is = true;
    }
    return is;
}

/* A new reference: another thread of a build without the lock may change the list. */
static struct object *item(struct object *o, bool tuple, ptrdiff_t i)
{
    struct object *it;

    if (!tuple && PyList_GetItemRef)
        return PyList_GetItemRef(o, i);
    it = tuple ? PyTuple_GetItem(o, i) : PyList_GetItem(o, i);
    if (it)
        Py_IncRef(it);
    return it;
}

/* ("192.0.2.1", 443): "192.0.2.1:443". */
static bool put_address(struct record *r, struct object *tuple)
{
    struct object *host, *port;
    bool six;

    if (PyTuple_Size(tuple) < 2)
        return false;
    host = PyTuple_GetItem(tuple, 0);
    port = PyTuple_GetItem(tuple, 1);
    if (!(kind(host) & (IS_STR | IS_BYTES)) || !(kind(port) & IS_LONG))
        return false;
    six = PyTuple_Size(tuple) > 2;
    put_text(r, six ? "[" : "");
    (void)put_simple(r, host, ARG_BYTES);
    put_text(r, six ? "]:" : ":");
    put_number(r, PyLong_AsLongLong(port));
    return true;
}

static void put_items(struct record *r, struct object *o, bool tuple)
{
    ptrdiff_t n = tuple ? PyTuple_Size(o) : PyList_Size(o);
    size_t end = r->n + ARG_BYTES;

    for (ptrdiff_t i = 0; i < n && i < ITEMS && r->n < end; i++) {
        struct object *it = item(o, tuple, i);

        if (i)
            put_text(r, " ");
        if (it && !put_simple(r, it, end - r->n))
            put_text(r, "?");
        if (it)
            Py_DecRef(it);
    }
}

static void put_argument(struct record *r, struct object *o)
{
    unsigned long flags = kind(o);

    if (flags & IS_TUPLE) {
        if (!put_address(r, o))
            put_items(r, o, true);
    } else if (flags & IS_LIST) {
        put_items(r, o, false);
    } else {
        (void)put_simple(r, o, ARG_BYTES);
    }
    PyErr_Clear();
}

/* ---- the frames ---- */

static void put_attribute(struct record *r, struct object *code, const char *name, size_t max)
{
    struct object *o = PyObject_GetAttrString(code, name);
    struct text t;

    if (!o) {
        PyErr_Clear();
        return;
    }
    if (text_of(&t, o))
        put(r, t.p, t.n, max, '\x1f', '?'); /* a line each: no control characters */
    text_end(&t);
    Py_DecRef(o);
}

/* "FILE:LINE FUNCTION"; false for the machinery of import, which is not told. */
static bool put_frame(struct record *r, struct object *frame)
{
    static const char machinery[] = "<frozen importlib._bootstrap";
    struct object *code = PyFrame_GetCode(frame);
    size_t begun = r->n;

    put_attribute(r, code, "co_filename", FILE_BYTES);
    if (r->n - begun >= sizeof machinery &&
        memcmp(r->bytes + begun, machinery, sizeof machinery - 1) == 0) {
        r->n = begun;
        Py_DecRef(code);
        return false;
    }
    put_text(r, ":");
    put_number(r, PyFrame_GetLineNumber(frame));
    put_text(r, " ");
    put_attribute(r, code, has_qualname ? "co_qualname" : "co_name", NAME_BYTES);
    put_end(r);
    Py_DecRef(code);
    return true;
}

static void put_frames(struct record *r)
{
    struct object *frame = PyFrame_GetBack && PyFrame_GetCode ? PyEval_GetFrame() : NULL;

    if (frame)
        Py_IncRef(frame);
    for (unsigned n = 0; frame && n < FRAMES && r->n < HOOK_RECORD_MAX - 64;) {
        struct object *back = PyFrame_GetBack(frame);

        if (put_frame(r, frame))
            n++;
        Py_DecRef(frame);
        frame = back;
    }
    if (frame)
        Py_DecRef(frame);
}

/* ---- which events matter ---- */

/* By their first letter; a star stands for any end. */
static const char *listed_for(char first)
{
    switch (first) {
    case '_':
        return "_posixsubprocess.fork_exec\0";
    case 'c':
        return "ctypes.dlopen\0ctypes.dlsym*\0cpython.run_*\0cpython._PySys_ClearAuditHooks\0";
    case 'e':
        return "ensurepip.bootstrap\0";
    case 'f':
        return "fcntl.ioctl\0ftplib.connect\0";
    case 'h':
        return "http.client.connect\0";
    case 'i':
        return "import\0imaplib.open\0";
    case 'n':
        return "nntplib.connect\0";
    case 'o':
        return "open\0os.system\0os.exec\0os.posix_spawn\0os.spawn\0os.fork*\0os.kill*\0"
               "os.remove*\0os.rename\0os.rmdir\0os.link\0os.symlink\0os.chmod\0os.chown\0"
               "os.truncate\0os.mkdir\0os.utime\0os.setxattr\0os.putenv\0";
    case 'p':
        return "pratique.mark\0pty.spawn\0poplib.connect\0";
    case 's':
        return "subprocess.Popen\0socket.connect\0socket.bind\0socket.sendto\0socket.sendmsg\0"
               "socket.getaddrinfo\0socket.gethostby*\0socket.getnameinfo\0shutil.*\0"
               "smtplib.connect\0sqlite3.connect\0signal.pthread_kill\0sys.addaudithook\0"
               "sys.remote_exec\0";
    case 't':
        return "tempfile.*\0telnetlib.Telnet.open\0";
    case 'u':
        return "urllib.Request\0";
    case 'w':
        return "webbrowser.open\0";
    default:
        return "";
    }
}

static bool fits(const char *pattern, const char *event)
{
    while (*pattern && *pattern == *event)
        pattern++, event++;
    return *pattern == '*' || *pattern == *event;
}

/* Called for every event: thousands in an import, hardly any of which is listed. */
static bool listed(const char *event)
{
    for (const char *p = listed_for(*event); *p; p += strlen(p) + 1)
        if (fits(p, event))
            return true;
    return false;
}

static bool below(const char *path, const char *folder)
{
    return *folder && strncmp(path, folder, strlen(folder)) == 0;
}

/*
 * Reading: in the home, but not the interpreter's own files; where it leads to is not known of
 * a relative path.
 */
static bool reading_matters(const char *path)
{
    if (*path != '/' || strstr(path, "/.."))
        return true;
    return below(path, *home ? home : "/home/") && !below(path, environment) && !below(path, base);
}

/* (path, mode or None, flags). Descriptors are told nothing of. */
static bool open_matters(struct object *args)
{
    struct object *path = PyTuple_GetItem(args, 0), *mode = PyTuple_GetItem(args, 1);
    struct object *flags = PyTuple_GetItem(args, 2);
    struct text t;
    bool matters = false;

    if (!path || !mode || !flags || (kind(path) & IS_LONG))
        return false;
    if (text_of(&t, mode))
        matters = strpbrk(t.p, "wax+") != NULL;
    text_end(&t);
    if (kind(flags) & IS_LONG)
        matters |= (PyLong_AsLongLong(flags) & (O_ACCMODE | O_CREAT | O_TRUNC)) != 0;
    if (text_of(&t, path))
        matters = matters || reading_matters(t.p);
    else
        matters = true; /* an object with __fspath__, which is not for us to call */
    text_end(&t);
    return matters;
}

/* (module, file or None, ...): extension modules, but those of the standard library. */
static bool import_matters(struct object *args)
{
    struct object *file = PyTuple_GetItem(args, 1);
    struct text t;
    bool matters;

    if (!file)
        return false;
    matters = text_of(&t, file) && !strstr(t.p, "/lib-dynload/");
    text_end(&t);
    return matters;
}

/* (name, value): what steers the dynamic linker or an interpreter of a child. */
static bool putenv_matters(struct object *args)
{
    struct object *name = PyTuple_GetItem(args, 0);
    struct text t;
    bool matters;

    if (!name)
        return false;
    matters = text_of(&t, name) && (below(t.p, "LD_") || below(t.p, "PYTHON"));
    text_end(&t);
    return matters;
}

static bool matters(const char *event, struct object *args)
{
    if (strcmp(event, "import") == 0)
        return import_matters(args);
    if (strcmp(event, "open") == 0)
        return open_matters(args);
    if (strcmp(event, "os.putenv") == 0)
        return putenv_matters(args);
    return true;
}

/* ---- the end of the interpreter ---- */

/*
 * Python frees its list of hooks with the allocator of that time, which is not the one of the
 * start under -X dev or PYTHONMALLOC=debug: it takes our entry for a broken block and aborts. So
 * the entry, the one block that names our function and this, is left alone.
 */
static const char ours;
static struct allocator at_start, at_end;

static int hook(const char *event, struct object *args, void *user);

static void release(void *ctx, void *p)
{
    const uintptr_t *entry = p; /* next, function, user; no block of malloc is smaller */

    if (!p || entry[1] != (uintptr_t)hook || entry[2] != (uintptr_t)&ours)
        at_end.free(ctx, p);
}

static void spare_entry(void)
{
    struct allocator a;

    PyMem_GetAllocator(RAW, &a);
    if (a.free == at_start.free || a.free == release)
        return;
    at_end = a;
    a.free = release;
    PyMem_SetAllocator(RAW, &a);
}

/* ---- the hook ---- */

static void tell_mark(struct object *args)
{
    struct object *first = PyTuple_GetItem(args, 0);
    struct text t;

    if (!first)
        return;
    if (text_of(&t, first))
        say(HOOK_MARK, t.p, t.n < HOOK_RECORD_MAX ? t.n : HOOK_RECORD_MAX);
    text_end(&t);
}

static void tell(const char *event, struct object *args)
{
    struct record r;
    ptrdiff_t n = PyTuple_Size(args);

    r.n = 0;
    put_text(&r, event);
    put_end(&r);
    for (ptrdiff_t i = 0; i < ARGUMENTS; i++) {
        if (i < n)
            put_argument(&r, PyTuple_GetItem(args, i));
        put_end(&r);
    }
    put_frames(&r);
    say(HOOK_AUDIT, r.bytes, r.n);
}

/* An event may come before there is a thread state: none that is listed, but who knows. */
static bool has_thread(void)
{
    if (PyThreadState_GetUnchecked)
        return PyThreadState_GetUnchecked() != NULL;
    return _PyThreadState_UncheckedGet && _PyThreadState_UncheckedGet() != NULL;
}

static int hook(const char *event, struct object *args, void *user UNUSED)
{
    struct object *type, *value, *trace;
    int number;

    if (LIKELY(!listed(event)) || depth == DEPTH || !args || !has_thread())
        return 0;
    depth++;
    number = errno;
    PyErr_Fetch(&type, &value, &trace);
    if (strcmp(event, "pratique.mark") == 0)
        tell_mark(args);
    else if (strcmp(event, "cpython._PySys_ClearAuditHooks") == 0)
        spare_entry();
    else if (matters(event, args))
        tell(event, args);
    PyErr_Restore(type, value, trace); /* ours, if any, goes */
    errno = number;
    depth--;
    return 0;
}

/* ---- the clocks ---- */

/*
 * clock_gettime(2) and its like come here before libc: the linker looks into this library first.
 * The real clock is the vDSO's, found by hand (vdso(7)), since dlsym would need a symbol version
 * and locks; where there is none, the call. Nothing here allocates, locks or has a state but the
 * pointer found: it is safe in signal handlers, in forked children, and before any constructor.
 * Left out: what asks the vDSO or the kernel by itself (Go, static programs), and a libc that is
 * loaded apart (dlmopen) or asked by its own handle; those see the kernel's clocks.
 */
#define NS 1000000000u

typedef int clock_fn(clockid_t clock, struct timespec *now);

static struct hook_clock ours_of_time = { HOOK_CLOCK_MAGIC, 0 };
static clock_fn *real_clock; /* NULL: not looked for yet */

static int call_clock(clockid_t clock, struct timespec *now)
{
    return syscall(SYS_clock_gettime, clock, now) == 0 ? 0 : -errno;
}

struct vdso {
    uintptr_t bias; /* of its addresses; it is linked at some other */
    const ElfW(Sym) * symbols;
    const char *names;
    const uint32_t *hash, *gnu_hash;
};

static void read_dynamic(struct vdso *v, const ElfW(Dyn) * d)
{
    for (; d->d_tag != DT_NULL; d++) {
        uintptr_t at = v->bias + d->d_un.d_ptr;

        if (d->d_tag == DT_SYMTAB)
            v->symbols = (const ElfW(Sym) *)at;
        else if (d->d_tag == DT_STRTAB)
            v->names = (const char *)at;
        else if (d->d_tag == DT_HASH)
            v->hash = (const uint32_t *)at;
        else if (d->d_tag == DT_GNU_HASH)
            v->gnu_hash = (const uint32_t *)at;
    }
}

static bool read_vdso(struct vdso *v)
{
    uintptr_t base_at = (uintptr_t)getauxval(AT_SYSINFO_EHDR);
    const ElfW(Ehdr) *head = (const ElfW(Ehdr) *)base_at;
    const ElfW(Phdr) * p;
    const ElfW(Dyn) *dynamic = NULL;

    if (!base_at)
        return false;
    p = (const ElfW(Phdr) *)(base_at + head->e_phoff);
    for (unsigned i = 0; i < head->e_phnum; i++) {
        if (p[i].p_type == PT_LOAD && p[i].p_flags & PF_X)
            v->bias = base_at + p[i].p_offset - p[i].p_vaddr;
        else if (p[i].p_type == PT_DYNAMIC)
            dynamic = (const ElfW(Dyn) *)(base_at + p[i].p_offset);
    }
    if (dynamic)
        read_dynamic(v, dynamic);
    return v->symbols && v->names;
}

/* How many symbols there are: the GNU table says it by its last chain alone. */
static uint32_t count_symbols(const struct vdso *v)
{
    const uint32_t *buckets, *chains;
    uint32_t last = 0;

    if (v->hash)
        return v->hash[1];
    if (!v->gnu_hash)
        return 0;
    buckets = v->gnu_hash + 4 + v->gnu_hash[2] * (sizeof(ElfW(Addr)) / sizeof *buckets);
    chains = buckets + v->gnu_hash[0];
    for (uint32_t i = 0; i < v->gnu_hash[0]; i++)
        last = buckets[i] > last ? buckets[i] : last;
    if (last < v->gnu_hash[1])
        return 0;
    while (!(chains[last - v->gnu_hash[1]] & 1))
        last++;
    return last + 1;
}

static clock_fn *find_clock(void)
{
    struct vdso v = { 0 };
    uint32_t n = read_vdso(&v) ? count_symbols(&v) : 0;

    for (uint32_t i = 0; i < n; i++) {
        const char *name = v.names + v.symbols[i].st_name;

        if (v.symbols[i].st_shndx != SHN_UNDEF && (strcmp(name, "__vdso_clock_gettime") == 0 ||
                                                   strcmp(name, "__kernel_clock_gettime") == 0))
            return (clock_fn *)(v.bias + v.symbols[i].st_value);
    }
    return call_clock;
}

/* 0 or an error's negative number, as the kernel says it. */
static int read_clock(clockid_t clock, struct timespec *now)
{
    clock_fn *f = __atomic_load_n(&real_clock, __ATOMIC_RELAXED);

    if (UNLIKELY(!f)) {
        f = find_clock();
        __atomic_store_n(&real_clock, f, __ATOMIC_RELAXED);
    }
    return f(clock, now);
}

/* Those that tell of the time of day or since some start; not of the work that was done. */
static bool moves(clockid_t clock)
{
    const unsigned those = 1u << CLOCK_REALTIME | 1u << CLOCK_MONOTONIC |
                           1u << CLOCK_MONOTONIC_RAW | 1u << CLOCK_REALTIME_COARSE |
                           1u << CLOCK_MONOTONIC_COARSE | 1u << CLOCK_BOOTTIME | 1u << CLOCK_TAI;

    return clock >= 0 && clock < 32 && those >> clock & 1;
}

static int shifted_clock(clockid_t clock, struct timespec *now)
{
    int status = read_clock(clock, now);
    uint64_t ahead = __atomic_load_n(&ours_of_time.ahead_ns, __ATOMIC_RELAXED), ns;

    if (LIKELY(!ahead) || status != 0 || !moves(clock))
        return status;
    ns = (uint64_t)now->tv_nsec + ahead % NS;
    now->tv_sec += (time_t)(ahead / NS + ns / NS);
    now->tv_nsec = (long)(ns % NS);
    return 0;
}

#define EXPORTED __attribute__((visibility("default")))

EXPORTED int clock_gettime(clockid_t clock, struct timespec *now)
{
    int status = shifted_clock(clock, now);

    if (LIKELY(status == 0))
        return 0;
    errno = -status;
    return -1;
}

/* Headers declare that the first is never NULL, so the compiler would take the test for it away. */
EXPORTED int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec t;
    void *volatile given = now; /* some programs ask for the zone alone */

    if (zone)
        memset(zone, 0, 2 * sizeof(int));
    if (!given)
        return 0;
    if (clock_gettime(CLOCK_REALTIME, &t) != 0)
        return -1;
    now->tv_sec = t.tv_sec;
    now->tv_usec = t.tv_nsec / 1000;
    return 0;
}

EXPORTED time_t time(time_t *now)
{
    struct timespec t;

    if (clock_gettime(CLOCK_REALTIME_COARSE, &t) != 0)
        return (time_t)-1;
    if (now)
        *now = t.tv_sec;
    return t.tv_sec;
}

EXPORTED int timespec_get(struct timespec *now, int what)
{
    return what == TIME_UTC && clock_gettime(CLOCK_REALTIME, now) == 0 ? what : 0;
}

static void tell_clock(void)
{
    const struct hook_clock *at = &ours_of_time;

    say(HOOK_CLOCK, &at, sizeof at);
}

/* ---- the start of a process ---- */

/* With one slash at the end; "" when it is no absolute path of a fitting length. */
static void set_folder(char out[PATH_BYTES], const char *path, size_t n)
{
    while (n > 1 && path[n - 1] == '/')
        n--;
    if (n < 2 || n > PATH_BYTES - 2 || *path != '/')
        return;
    memcpy(out, path, n);
    out[n] = '/';
    out[n + 1] = '\0';
}

/* The folder whose bin/ the program lies in; never one that the whole home is in. */
static void set_prefix(char out[PATH_BYTES], const char *program)
{
    const char *slash = program ? strrchr(program, '/') : NULL;

    if (slash && slash - program > 4 && memcmp(slash - 4, "/bin", 4) == 0)
        set_folder(out, program, (size_t)(slash - 4 - program));
    if (below(home, out))
        *out = '\0';
}

/*
 * By what the kernel was told to run, be it the interpreter or a script of the environment, and
 * by what it ran: no variable can say otherwise.
 */
static void find_interpreter(void)
{
    char program[PATH_BYTES];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);

    set_prefix(environment, (const char *)getauxval(AT_EXECFN));
    program[n > 0 ? n : 0] = '\0';
    set_prefix(base, program);
}

/* "3.11.7 (main, ...": 11. By hand: newer headers turn atoi into a symbol that older libcs lack. */
static unsigned minor(const char *version)
{
    unsigned n = 0;

    if (version[0] != '3' || version[1] != '.')
        return 0;
    for (const char *p = version + 2; *p >= '0' && *p <= '9'; p++)
        n = n * 10 + (unsigned)(*p - '0');
    return n;
}

static void start(void)
{
    const char *folder = getenv("HOME");
    const char *version = Py_GetVersion();

    if (folder)
        set_folder(home, folder, strlen(folder));
    find_interpreter();
    has_qualname = minor(version) >= 11;
    PyMem_GetAllocator(RAW, &at_start);
    if (PySys_AddAuditHook(hook, (void *)(uintptr_t)&ours) == 0)
        say(HOOK_HELLO, version, strlen(version));
}

__attribute__((constructor)) static void loaded(void)
{
    int number = errno;
    char token[HOOK_TOKEN_N];

    if (mark.text[0] == '\0') {
        for (size_t i = 0; i < sizeof token; i++)
            token[i] = mark.token[i];
        say(HOOK_CANARY, token, sizeof token);
    } else {
        tell_clock();
        if (PySys_AddAuditHook && Py_GetVersion)
            start();
    }
    errno = number;
}
