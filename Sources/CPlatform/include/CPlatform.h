#ifndef FORMA3D_CPLATFORM_H
#define FORMA3D_CPLATFORM_H

#include "CPlatformSockets.h"
#include "CPlatformProcesses.h"

#endif
