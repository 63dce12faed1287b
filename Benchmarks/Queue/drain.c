// The plain loop `scripts/bench queue` measures the queue against: the same statements as JobRound's flight (completions
// of the last batch, the claim's time limit, the next claim) in one libpq pipeline and one transaction, and nothing else.
// usage: drain URL FOLDER-OF-STATEMENTS BATCH; prints the seconds until the queue was empty.
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void fail(PGconn *connection, const char *what) {
    fprintf(stderr, "drain: %s: %s\n", what, PQerrorMessage(connection));
    exit(1);
}

static char *read_file(const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.sql", folder, name);
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 65536);
    if (!file || !text || !fread(text, 1, 65535, file)) { fprintf(stderr, "drain: cannot read %s\n", path); exit(1); }
    fclose(file);
    return text;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void prepare(PGconn *connection, const char *folder, const char *name) {
    char *sql = read_file(folder, name);
    PGresult *result = PQprepare(connection, name, sql, 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) fail(connection, name);
    PQclear(result);
    free(sql);
}

// The results of one statement; the rows of it, to be cleared by the caller.
static PGresult *receive(PGconn *connection, ExecStatusType wanted) {
    PGresult *result = PQgetResult(connection);
    if (PQresultStatus(result) != wanted) fail(connection, "a statement");
    if (wanted != PGRES_PIPELINE_SYNC) {
        PGresult *end = PQgetResult(connection);
        if (end) fail(connection, "more than one result");
    }
    return result;
}

int main(int count, char **arguments) {
    if (count != 4) return 2;
    PGconn *connection = PQconnectdb(arguments[1]);
    if (PQstatus(connection) != CONNECTION_OK) fail(connection, "connect");
    prepare(connection, arguments[2], "complete");
    prepare(connection, arguments[2], "time");
    prepare(connection, arguments[2], "claim");
    int batch = atoi(arguments[3]), held = 0;
    char *ids = malloc(batch * 24 + 8), *fences = malloc(batch * 24 + 8);
    double start = now();
    if (!PQenterPipelineMode(connection)) fail(connection, "pipeline");
    do {
        const char *completion[] = {ids, fences};
        const char *time[] = {"5s"};
        const char *claim[] = {"6f1c3b52-0000-4000-8000-000000000001", "30", "{bench.job}", arguments[3], "{bench.job}"};
        if (held) PQsendQueryPrepared(connection, "complete", 2, completion, NULL, NULL, 0);
        PQsendQueryPrepared(connection, "time", 1, time, NULL, NULL, 0);
        PQsendQueryPrepared(connection, "claim", 5, claim, NULL, NULL, 0);
        if (!PQpipelineSync(connection)) fail(connection, "sync");
        if (held) PQclear(receive(connection, PGRES_TUPLES_OK));
        PQclear(receive(connection, PGRES_TUPLES_OK));
        PGresult *rows = receive(connection, PGRES_TUPLES_OK);
        PQclear(receive(connection, PGRES_PIPELINE_SYNC));
        int id = PQfnumber(rows, "id"), fence = PQfnumber(rows, "fence");
        char *end_of_ids = ids, *end_of_fences = fences;
        held = 0;
        for (int row = 0; row < PQntuples(rows); row++) {
            if (PQgetisnull(rows, row, id)) continue;
            end_of_ids += sprintf(end_of_ids, "%c%s", held ? ',' : '{', PQgetvalue(rows, row, id));
            end_of_fences += sprintf(end_of_fences, "%c%s", held ? ',' : '{', PQgetvalue(rows, row, fence));
            held++;
        }
        strcpy(end_of_ids, "}");
        strcpy(end_of_fences, "}");
        PQclear(rows);
    } while (held);
    printf("%f\n", now() - start);
    PQfinish(connection);
    return 0;
}
