/* What calls of the language's own functions give; named by intrinsics.def. Private to python/. */
#ifndef PRATIQUE_FORMAT_PYTHON_INTRINSICS_H
#define PRATIQUE_FORMAT_PYTHON_INTRINSICS_H

#include "format/python/known.h"

#define INTRINSIC(name, fn, gives) intrinsic_fn intrinsic_##fn;
#define CONSTANT(name, text)
#define BUILTIN(name)
#define MODULE(name)
#define NAMED(name)
#include "format/python/intrinsics.def"
#undef INTRINSIC
#undef CONSTANT
#undef BUILTIN
#undef MODULE
#undef NAMED

#endif
