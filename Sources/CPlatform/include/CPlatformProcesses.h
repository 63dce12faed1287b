#ifndef FORMA3D_CPLATFORM_PROCESSES_H
#define FORMA3D_CPLATFORM_PROCESSES_H

// spawn with a session and user of its own, wait status macros, resource limits.

#endif
