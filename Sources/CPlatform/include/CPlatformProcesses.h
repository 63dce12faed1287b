#ifndef FORMA3D_CPLATFORM_PROCESSES_H
#define FORMA3D_CPLATFORM_PROCESSES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Spawn with a session and user of its own, wait status macros, resource limits.

/// Where spawning failed; the errno says why.
enum forma3d_spawn_stage {
    FORMA3D_SPAWN_OK = 0,
    FORMA3D_SPAWN_PIPE = 1,
    FORMA3D_SPAWN_FORK = 2,
    FORMA3D_SPAWN_SESSION = 3,
    FORMA3D_SPAWN_DESCRIPTORS = 4,
    FORMA3D_SPAWN_USER = 5,
    FORMA3D_SPAWN_DIRECTORY = 6,
    FORMA3D_SPAWN_EXEC = 7,
};

typedef struct {
    const char *executable;
    /// Ended by NULL, the first is the name the program sees.
    const char *const *arguments;
    /// `NAME=value`, ended by NULL.
    const char *const *environment;
    const char *working_directory;
    /// Not changed when `changes_user` is 0.
    int changes_user;
    uid_t user;
    gid_t group;
    const gid_t *groups;
    size_t group_count;
    /// -1 is /dev/null.
    int standard_input;
    int standard_output;
    int standard_error;
    /// Becomes descriptor 3 of the child; -1 for none. Every other descriptor is closed.
    int kept_descriptor;
} forma3d_spawn_request;

typedef struct {
    int stage;
    int error;
} forma3d_spawn_failure;

/// Starts a program as leader of a session and a process group of its own, with default signal dispositions, no blocked
/// signals and no parent-death signal. Returns its pid, or -1 and the failure.
pid_t forma3d_spawn(const forma3d_spawn_request *request, forma3d_spawn_failure *failure);

/// Waits for a child's end without reaping it. 0, or an errno.
int forma3d_wait_for_end(pid_t process);

/// Reaps an ended child. 0, or an errno; `exit_code` is -1 when a signal ended it, `signal` is 0 when it exited.
int forma3d_reap(pid_t process, int *exit_code, int *signal);

/// The pid of an ended child that nobody has reaped yet, without reaping it; 0 when there is none.
pid_t forma3d_ended_child(void);

/// Raises the soft limit of open descriptors to the hard one; gives the limit in force.
uint64_t forma3d_raise_descriptor_limit(void);

void forma3d_ignore_sigpipe(void);

/// A pipe whose ends no child inherits. 0, or an errno.
int forma3d_pipe(int *reading, int *writing);

/// Runs `body` on a detached thread with every signal blocked. 0, or an errno.
int forma3d_start_blocking_thread(void *(*body)(void *), void *argument, const char *name);

#endif
