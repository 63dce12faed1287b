#ifndef FORMA3D_CCURL_SHIM_H
#define FORMA3D_CCURL_SHIM_H

#include <curl/curl.h>

#endif
