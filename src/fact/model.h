/* Flags of FACT_MODEL_* facts: what readers of models know beside the names. */
#ifndef PRATIQUE_FACT_MODEL_H
#define PRATIQUE_FACT_MODEL_H

/* Of FACT_MODEL_CODE: what the loader does with the name. */
enum model_code_flag {
    MC_CALLS = 1 << 0,   /* calls it, or makes an instance: Hydra's _target_ */
    MC_IMPORTS = 1 << 1, /* imports the module: loader_module */
    MC_NAMES = 1 << 2,   /* looks it up, and only hands it on: a class by name */
    MC_BESIDE = 1 << 3,  /* it is a module beside the model: auto_map, a handler */
    MC_REMOTE = 1 << 4,  /* it lies in another repository ("user/repo--module.Class") */
    MC_ASKED = 1 << 5,   /* the loader does so only when it is told to (trust_remote_code) */
};

/* Of FACT_MODEL_PATH: what is wrong with it. */
enum model_path_flag {
    MP_ABSOLUTE = 1 << 0,  /* "/etc/passwd", "\\server\share" */
    MP_DOTDOT = 1 << 1,    /* leaves the folder, or may */
    MP_NUL = 1 << 2,       /* a NUL or another control character */
    MP_DRIVE = 1 << 3,     /* "C:..." */
    MP_BACKSLASH = 1 << 4, /* separates folders on one system and not on another */
    MP_URL = 1 << 5,       /* "https://...", "file:", "s3:" */
    MP_HOME = 1 << 6,      /* "~/...", "$HOME", "%APPDATA%" */
    MP_DEVICE = 1 << 7,    /* /dev, /proc, NUL, CON */
};

#endif
