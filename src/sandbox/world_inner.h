/* Between the files of a world: what the stem and the keeper build it from. */
#ifndef PRATIQUE_SANDBOX_WORLD_INNER_H
#define PRATIQUE_SANDBOX_WORLD_INNER_H

#include <pratique/pratique.h>

#include "sandbox/world.h"

/*
 * Users. Inside, the watched are 1000. Root's world maps that to one unprivileged user outside,
 * the keeper (0 inside) to a second, and aside runs as a third, all of them ids that systems
 * leave to nobody. An ordinary user has one id to map: there 1000 is the user, for all.
 */
enum { INNER_USER = 1000, OUTER_USER = 65534, OUTER_KEEPER = 65533, OUTER_ASIDE = 65532 };

struct making {
    const struct world_config *config;
    bool privileged; /* begun by root, with the right to mount */
    uid_t user;      /* the watched, in the numbers of the user namespace that mounts */
    struct world_layer layers[WORLD_LAYERS];
    struct pratique_error err;
    bool forbidden; /* err is because of a right that this machine does not give */
};

void layer_set(struct world_layer *layer, bool active, const char *fmt, ...) NONNULL
    PRINTF_LIKE(3, 4);

/* False, with "what: reason of errno" in m->err. */
bool making_failed(struct making *m, const char *what, const char *path)
    __attribute__((nonnull(1, 2))) MUST_CHECK;

/* In the stem: a tmpfs over "/" (which stays this process's root), all of it but /proc in it.
 * Returns a descriptor of it, or -1. */
int root_build(struct making *m) NONNULL MUST_CHECK;

/* In the keeper, before it gives up anything: /proc, the change of root, read-only. */
bool root_enter(struct making *m, int root) NONNULL MUST_CHECK;

/* In the keeper: a fresh tmpfs over a writable folder, and what the config has inside of it. */
bool root_renew(const struct making *m, const char *folder) NONNULL MUST_CHECK;

/* Makes path's parents, below root, and goes into the last; name is what is left of path. */
#define ROOT_NAME_MAX 256
bool root_parent(int root, const char *path, char name[ROOT_NAME_MAX]) NONNULL MUST_CHECK;
/* Makes the file below root. */
bool root_write(int root, const struct world_file *f) NONNULL MUST_CHECK;
/* 1777 or 0755. */
mode_t root_folder_mode(const char *folder);

/* Mount options of a writable folder. */
#define ROOT_OPTIONS_MAX 96
void root_folder_options(char out[ROOT_OPTIONS_MAX], const char *folder, uint64_t bytes,
                         uid_t owner) NONNULL;

/* Loopback up, every address local. False, with errno: the network leads nowhere. */
bool net_answer_all(void) MUST_CHECK;

/* No capability, now or after execve, whoever runs it; final. False with errno. */
bool caps_none(void) MUST_CHECK;
/* Keeps what the keeper needs inside the user namespace, of what there is. False with errno. */
bool caps_keeper(void) MUST_CHECK;

/* Without namespaces: what place holds; m->user becomes who the watched are. */
bool weak_build(struct making *m) NONNULL MUST_CHECK;
/* The calling process becomes m->user, without a capability. */
bool weak_become(const struct making *m) NONNULL MUST_CHECK;
/* A root that may not mount becomes an ordinary user, where that one can read what is bound:
 * root's own id is no good one to map. False when it fails half-way. */
bool weak_shed_root(const struct making *m) NONNULL MUST_CHECK;
/* Kills and reaps every process that descends from this one, which is their reaper. */
void weak_sweep(void);
/* Kills them without waiting for them. */
void weak_kill(void);
/* Tasks that count for RLIMIT_NPROC of the calling process already, as far as they are seen. */
uint32_t weak_tasks(void);
/* Paths in it that may be read by everybody, ended by NULL; and devices. */
extern const char *const weak_read[], *const weak_written[];

/* Landlock for the calling process: reads everywhere, writes in the folders of the config. False
 * with errno; true where the kernel has none that would do. */
bool world_landlock(const struct world_config *config) NONNULL MUST_CHECK;
/* What world_landlock() will say of itself. */
void world_landlock_foretell(struct world_layer *layer, bool weak) NONNULL;

/* Writes text to a file that exists; false with errno. */
bool write_text(const char *path, const char *text) NONNULL MUST_CHECK;

#endif
