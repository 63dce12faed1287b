#ifndef FORMA3D_CPOSTGRES_SHIM_H
#define FORMA3D_CPOSTGRES_SHIM_H

#include <errno.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

// Macros of libpq and of Linux that Swift cannot import, one function each.

static inline const char *forma3d_pq_sqlstate(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_SQLSTATE);
}

/// `ERROR`, `FATAL`, `WARNING` … in English whatever the server's language.
static inline const char *forma3d_pq_severity(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
}

static inline const char *forma3d_pq_constraint(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
}

static inline const char *forma3d_pq_column(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_COLUMN_NAME);
}

static inline const char *forma3d_pq_table(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_TABLE_NAME);
}

static inline const char *forma3d_pq_message(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
}

static inline int forma3d_pq_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

static inline void forma3d_pq_name_thread(const char *name) { prctl(PR_SET_NAME, name); }

/// Starts a detached thread with every signal blocked: signals belong to the program's own threads, and libpq's SIGPIPE
/// stays harmless. Returns 0 or an errno.
static inline int forma3d_pq_start_thread(void *(*body)(void *), void *argument) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    int code = pthread_create(&thread, NULL, body, argument);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (code == 0) pthread_detach(thread);
    return code;
}

#endif
