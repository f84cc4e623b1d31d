/*
 * What the watch knows of programs, command lines, paths and sockets by their names:
 * watch_*.def. Names of system things, never of packages: a wheel is judged by what it does.
 * Pure; the tables are static.
 */
#ifndef PRATIQUE_RULES_WATCHNAMES_H
#define PRATIQUE_RULES_WATCHNAMES_H

#include "input/span.h"

enum program_class {
    PROGRAM_UNKNOWN,
    PROGRAM_SHELL,
    PROGRAM_NETWORK, /* fetches, sends, carries connections */
    PROGRAM_GIT,     /* reads a repository, or fetches one: its arguments tell */
    PROGRAM_INSTALL,
    PROGRAM_PERSISTENCE,
    PROGRAM_CREDENTIAL, /* secrets, clipboard, screen */
    PROGRAM_RECON,
    PROGRAM_ENVIRONMENT, /* env: alone it prints, else it starts another */
    PROGRAM_DESTRUCTIVE,
    PROGRAM_PRIVILEGE,
    PROGRAM_PYTHON,
    PROGRAM_INTERPRETER,
    PROGRAM_COMPILER,
    PROGRAM_COMPILER_PART,
    PROGRAM_LAUNCHER, /* starts another, which is seen itself */
    PROGRAM_READER,   /* prints of what it is piped, or of files */
    PROGRAM_LISTER,   /* prints of files and folders */
};

/* The last part of a path. */
struct span watch_base_name(struct span path);

/*
 * The class of a program by its file's name: "gcc", "x86_64-linux-gnu-gcc-12", "python3.11".
 * *known (may be NULL) is that name without triple and version where the table has it, else name.
 */
enum program_class watch_program_class(struct span name, struct span *known);

/* Whether a program with these words behind its name only asks what the system is. */
bool watch_is_probe(struct span known, const struct span *words, size_t n)
    __attribute__((nonnull(2)));

/*
 * Whether the words ask a program of the class for its version or its help, and nothing else.
 * To a shell or an interpreter "version" is a file to run, and -v and -V may be its modes.
 */
bool watch_asks_version(enum program_class class, const struct span *words, size_t n)
    __attribute__((nonnull(2)));

enum path_class {
    PLACE_UNKNOWN,
    PLACE_PERSISTENT, /* what lies there is run, or trusted, by itself */
    PLACE_BYTECODE,   /* Python's own cache */
    PLACE_KERNEL,     /* memory, devices, settings of the kernel */
    PLACE_SCRATCH,    /* shared memory and folders of known libraries */
    PLACE_CACHE,
    PLACE_OWN,    /* data of one program */
    PLACE_FOLDER, /* in its place a folder is usual, a file is not */
};

/* The class of a path; environment: the root of the wheel's, with its slash, or empty. */
enum path_class watch_path_class(struct span path, struct span environment);

/* What of a path lies in a home: ".config/x"; false elsewhere. */
bool watch_in_home(struct span path, struct span *rest) __attribute__((nonnull(2)));

enum socket_class {
    SOCKET_UNKNOWN,
    SOCKET_INNOCENT, /* asked by the C library, or takes log lines */
    SOCKET_WORKER,   /* a display, sound: does what a program asks */
    SOCKET_POWER,    /* acts for the user, or for root */
};

enum socket_class watch_socket_class(struct span path); /* "/run/x", "@x" */
enum socket_class watch_port_class(unsigned port);

/* Whether text matches the pattern: "*" stands for any bytes. At most text times pattern steps. */
bool watch_matches(struct span text, struct span pattern);

#endif
