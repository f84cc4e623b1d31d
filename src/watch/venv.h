/* A virtual environment, made by hand: what `python -m venv --without-pip` makes (PEP 405). */
#ifndef PRATIQUE_WATCH_VENV_H
#define PRATIQUE_WATCH_VENV_H

#include "watch/wheel.h"

/*
 * Makes the skeleton of an environment in the empty folder root, which the world knows as
 * path ("/opt/venv"): pyvenv.cfg without system packages, bin/python and its
 * other names as links to py->program, lib/pythonX.Y/site-packages, lib64, include. Fills
 * *out, whose descriptors are the caller's to close (venv_close()); its text lives in the
 * arena, py is borrowed. False with errno, nothing is open then.
 */
bool venv_make(const struct python *py, int root, const char *path, struct arena *arena,
               struct wheel_scheme *out) NONNULL MUST_CHECK;
void venv_close(struct wheel_scheme *scheme) NONNULL;

#endif
