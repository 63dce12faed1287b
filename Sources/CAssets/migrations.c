#include "CAssets.h"

const forma3d_asset *forma3d_migrations(size_t *count) {
    *count = 0;
    return NULL;
}
