/*
 * What the readers of native files share. Private to native/.
 *
 *   elf.c, macho.c, pe.c  the formats
 *   search.c              paths that libraries are looked for at
 *   address.c             URLs and addresses in the bytes
 */
#ifndef PRATIQUE_FORMAT_NATIVE_PARTS_H
#define PRATIQUE_FORMAT_NATIVE_PARTS_H

#include "fact/package.h"
#include "format/native/native.h"

/* Faults of one file that are told; a file with so many is not read on for more. */
#define NATIVE_FAULTS_MAX 8
/* Sections of one file that are told. */
#define NATIVE_WRITABLE_MAX 8
/* Search paths of one file that are told. */
#define NATIVE_PATHS_MAX 32
/* The longest string that is looked for: a path, a library's name. */
#define NATIVE_STRING_MAX 4096

/* Names in a row, "a, b, c and 7 more". */
struct native_names {
    char text[512];
    size_t n;
    unsigned more;
};

/* A file, or one slice of a universal one, as it is read. */
struct native {
    struct scan *s;
    struct span in;
    uint64_t at; /* where in begins in the file */
    const char *format;
    bool big, wide;                           /* byte order; 64 bits */
    unsigned faults, paths, writable, stacks; /* told */
    char kind[96];                            /* "ELF x86-64 shared object" */
    char detail[FACT_DETAIL_MAX];             /* of FACT_NATIVE_FILE, as it grows */
    size_t detail_n;
    struct native_names needs;
};

/* Numbers from a structure, in the file's byte order. Past its end they are 0, and it is short. */
struct fields {
    struct span in;
    bool big, is_short;
};

struct fields native_fields(const struct native *n, struct span in) NONNULL;
uint64_t field(struct fields *f, unsigned bytes) NONNULL;
/* Of four or eight bytes. */
uint64_t field_word(const struct native *n, struct fields *f) NONNULL;

/* The string at off, up to its NUL; false when it does not end within NATIVE_STRING_MAX. */
bool native_string(struct span in, uint64_t off, struct span *out) NONNULL MUST_CHECK;

/* FACT_NATIVE_BROKEN; off is in n->in. */
void native_broken(struct native *n, uint64_t off, const char *fmt, ...) NONNULL PRINTF_LIKE(3, 4);

/* Adds to what FACT_NATIVE_FILE says: "needs libc.so.6". */
void native_note(struct native *n, const char *fmt, ...) NONNULL PRINTF_LIKE(2, 3);
void native_need(struct native_names *list, struct span name) NONNULL;

/* FACT_NATIVE_FILE: all that was noted. */
void native_file(struct native *n) NONNULL;

/* FACT_NATIVE_OVERLAY of n->in from off on, n bytes; nothing for a padding of zeros. */
void native_overlay(struct native *n, uint64_t off, uint64_t size) NONNULL;

/* FACT_NATIVE_EXECSTACK, once. sure: the system grants it. */
void native_execstack(struct native *n, const char *how, bool sure) NONNULL;

/* FACT_NATIVE_WRITABLE_CODE. */
void native_writable_code(struct native *n, uint64_t off, struct span name, uint64_t size) NONNULL;

/* --- search.c: FACT_NATIVE_RPATH of what leads out of the package --- */
/* An entry of DT_RPATH or DT_RUNPATH: paths with colons between them. */
void search_elf(struct native *n, const char *what, struct span paths) NONNULL;
/* LC_RPATH. */
void search_macho(struct native *n, struct span path) NONNULL;
/* A library that is needed, as each format names it. */
void search_needed_elf(struct native *n, const char *what, struct span name) NONNULL;
void search_needed_macho(struct native *n, struct span name) NONNULL;
void search_needed_pe(struct native *n, struct span name) NONNULL;
/* What is told of a path without a look at it, as sure. */
void search_tell(struct native *n, const char *what, struct span path) NONNULL;

/* --- address.c --- */
/* FACT_NATIVE_URL of the whole file. */
enum pratique_status addresses_tell(struct scan *s, struct span in) NONNULL MUST_CHECK;

/* --- the formats: n->s, in, at and format are there --- */
void elf_tell(struct native *n) NONNULL;
void macho_tell(struct native *n) NONNULL; /* one architecture, or a universal file of several */
void pe_tell(struct native *n) NONNULL;

#endif
