#ifndef FORMA3D_CASSETS_H
#define FORMA3D_CASSETS_H

#include <stddef.h>

/// One embedded migration file.
typedef struct {
    const char *name;
    const unsigned char *bytes;
    size_t length;
} forma3d_asset;

/// The embedded files of `migrations/`, in version order; `count` receives how many.
const forma3d_asset *forma3d_migrations(size_t *count);

#endif
