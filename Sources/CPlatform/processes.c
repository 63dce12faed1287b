#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// The child of a program with threads may only call what signal-safety(7) lists: system calls, no memory, no locks.

static _Noreturn void give_up(int report, int stage) {
    forma3d_spawn_failure failure = {stage, errno};
    ssize_t written = write(report, &failure, sizeof failure);
    (void)written;
    _exit(127);
}

static void close_from(unsigned first, int spared) {
    unsigned gap = (unsigned)spared;
    if (gap > first) syscall(SYS_close_range, first, gap - 1, 0);
    if (syscall(SYS_close_range, gap + 1, ~0U, 0) == 0) return;
    // A kernel before 5.9.
    struct rlimit limit;
    unsigned last = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536 ? (unsigned)limit.rlim_cur : 65536;
    for (unsigned descriptor = first; descriptor < last; descriptor++) {
        if (descriptor != gap) close((int)descriptor);
    }
}

/// A copy at 10 or above, so that moving one to its place cannot overwrite another.
static int lifted(int descriptor, int flags, int report) {
    int source = descriptor >= 0 ? descriptor : open("/dev/null", flags);
    if (source < 0) give_up(report, FORMA3D_SPAWN_DESCRIPTORS);
    int copy = fcntl(source, F_DUPFD_CLOEXEC, 10);
    if (copy < 0) give_up(report, FORMA3D_SPAWN_DESCRIPTORS);
    return copy;
}

static void restore_signals(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void become(const forma3d_spawn_request *request, int report) {
    if (setsid() < 0) give_up(report, FORMA3D_SPAWN_SESSION);
    int input = lifted(request->standard_input, O_RDONLY, report);
    int output = lifted(request->standard_output, O_WRONLY, report);
    int error = lifted(request->standard_error, O_WRONLY, report);
    int kept = request->kept_descriptor >= 0 ? lifted(request->kept_descriptor, O_RDONLY, report) : -1;
    int safe_report = fcntl(report, F_DUPFD_CLOEXEC, 10);
    if (safe_report < 0) give_up(report, FORMA3D_SPAWN_DESCRIPTORS);
    report = safe_report;
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(error, 2) < 0) give_up(report, FORMA3D_SPAWN_DESCRIPTORS);
    if (kept >= 0 && dup2(kept, 3) < 0) give_up(report, FORMA3D_SPAWN_DESCRIPTORS);
    close_from(kept >= 0 ? 4 : 3, report);
    if (request->changes_user) {
        if (setgroups(request->group_count, request->groups) < 0 || setgid(request->group) < 0
            || setuid(request->user) < 0) {
            give_up(report, FORMA3D_SPAWN_USER);
        }
    }
    if (request->working_directory && chdir(request->working_directory) < 0) {
        give_up(report, FORMA3D_SPAWN_DIRECTORY);
    }
    restore_signals();
    execve(request->executable, (char *const *)request->arguments, (char *const *)request->environment);
    give_up(report, FORMA3D_SPAWN_EXEC);
}

pid_t forma3d_spawn(const forma3d_spawn_request *request, forma3d_spawn_failure *failure) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) < 0) {
        *failure = (forma3d_spawn_failure){FORMA3D_SPAWN_PIPE, errno};
        return -1;
    }
    // No handler of ours may run in the child before the dispositions are restored.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = fork();
    int fork_error = errno;
    if (child == 0) {
        close(report[0]);
        become(request, report[1]);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    if (child < 0) {
        close(report[0]);
        *failure = (forma3d_spawn_failure){FORMA3D_SPAWN_FORK, fork_error};
        return -1;
    }
    ssize_t count;
    do {
        count = read(report[0], failure, sizeof *failure);
    } while (count < 0 && errno == EINTR);
    close(report[0]);
    // The pipe closes unwritten when exec succeeds.
    if (count <= 0) {
        *failure = (forma3d_spawn_failure){FORMA3D_SPAWN_OK, 0};
        return child;
    }
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    return -1;
}

int forma3d_wait_for_end(pid_t process) {
    siginfo_t info;
    while (waitid(P_PID, (id_t)process, &info, WEXITED | WNOWAIT) < 0) {
        if (errno != EINTR) return errno;
    }
    return 0;
}

int forma3d_reap(pid_t process, int *exit_code, int *signal) {
    int status = 0;
    while (waitpid(process, &status, 0) < 0) {
        if (errno != EINTR) return errno;
    }
    *exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    *signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return 0;
}

pid_t forma3d_ended_child(void) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 ? info.si_pid : 0;
}

uint64_t forma3d_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return 0;
    if (limit.rlim_cur < limit.rlim_max) {
        struct rlimit raised = {limit.rlim_max, limit.rlim_max};
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    }
    return limit.rlim_cur;
}

void forma3d_ignore_sigpipe(void) { signal(SIGPIPE, SIG_IGN); }

int forma3d_pipe(int *reading, int *writing) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return errno;
    *reading = ends[0];
    *writing = ends[1];
    return 0;
}

typedef struct {
    void *(*body)(void *);
    void *argument;
    char name[16];
} thread_start;

static void *run_thread(void *argument) {
    thread_start start = *(thread_start *)argument;
    free(argument);
    prctl(PR_SET_NAME, start.name);
    return start.body(start.argument);
}

int forma3d_start_blocking_thread(void *(*body)(void *), void *argument, const char *name) {
    thread_start *start = calloc(1, sizeof *start);
    if (!start) return ENOMEM;
    start->body = body;
    start->argument = argument;
    strncpy(start->name, name, sizeof start->name - 1);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    int code = pthread_create(&thread, NULL, run_thread, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (code != 0) {
        free(start);
        return code;
    }
    pthread_detach(thread);
    return 0;
}
