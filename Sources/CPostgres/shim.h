#ifndef FORMA3D_CPOSTGRES_SHIM_H
#define FORMA3D_CPOSTGRES_SHIM_H

#include <libpq-fe.h>

#endif
