/*
 * What is to be watched, and how: made by the parent, inherited by the processes of the
 * world through fork(2).
 */
#ifndef PRATIQUE_WATCH_PLAN_H
#define PRATIQUE_WATCH_PLAN_H

#include <pratique/pratique.h>

#include "sandbox/world.h"
#include "watch/bait.h"
#include "watch/python.h"
#include "watch/sink.h"

/* The world as the watched see it. */
#define WORLD_HOME         "/home/alex"
#define WORLD_PROJECT      WORLD_HOME "/project"
#define WORLD_VENV         "/opt/venv"
#define WORLD_RUNNER       WORLD_PROJECT "/main.py"
#define WORLD_LIST         WORLD_PROJECT "/modules.txt"
#define WORLD_WITH         "/opt/packages/" /* and a number: folders of dependencies */
#define WORLD_HOOK         "/opt/lib/libprobe.so"
#define WORLD_HOST         "thinkpad"
#define WORLD_RESOLVER     "192.168.178.1"
#define WORLD_USER_NAME    "alex"
#define WORLD_UID          1000
#define WORLD_CERTIFICATES "/etc/ssl/certs/ca-certificates.crt"

/* A dependency: a wheel that is installed beside, or a folder that is put on sys.path. */
struct plan_with {
    const char *name;  /* file name of a wheel; NULL: a folder */
    struct span bytes; /* of a wheel, mapped */
};

/* A folder that a command may write: where the host's is to be seen, and where its copy goes. */
struct plan_folder {
    const char *from, *to;
};

struct watch_plan {
    struct pratique_watch_options options; /* resolved: no zeroes */
    struct python python;
    const char *wheel;       /* file name; NULL: a command */
    struct span wheel_bytes; /* mapped */
    const struct plan_with *with;
    size_t with_n;
    char *const *command; /* NULL: a wheel */
    const char *program;  /* of the command: its file, found on PATH */
    const char *path;     /* "PATH=..." of the command */
    const char *folder;   /* of the command: its working folder */
    const struct plan_folder *writable;
    size_t writable_n;
    struct bait bait;
    struct sink_config sink;
    struct world_config world;
    char token[CANARY_TOKEN_N + 1];
    uint64_t begun_us; /* CLOCK_MONOTONIC */
    int in, out;    /* events to the parent: the ends of a pipe; the parent alone keeps the first */
    int control[2]; /* keeper, sink: SOCK_SEQPACKET */
    int handover[2]; /* parent, keeper: descriptors of the folders that a command wrote to */
};

/* The sink, and the keeper: see world_body. user is the plan. */
int watch_sink_body(void *user, const struct world_layer *layers);
int watch_keeper_body(void *user, const struct world_layer *layers);

#endif
