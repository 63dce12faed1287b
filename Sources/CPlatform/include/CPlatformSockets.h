#ifndef FORMA3D_CPLATFORM_SOCKETS_H
#define FORMA3D_CPLATFORM_SOCKETS_H

// epoll, accept4 and friends: what Glibc's overlay hides from Swift (macros, _GNU_SOURCE).

#endif
