"""What a client in C needs for the two commits between an enqueue and its start: pgbench with the same statements."""

import re

# As `Outbox.enqueue` says it, with its values written in.
ENQUEUE = """INSERT INTO jobs.job AS job
    (kind, payload, subject, priority, run_at, unique_key, conc_key, conc_limit, correlation_id)
VALUES ('bench.job', '{}'::jsonb, NULL, 100, jobs.clock() + make_interval(secs => 0), NULL, NULL, NULL, 'bench')
ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL AND state = 'ready'
DO UPDATE SET priority = LEAST(job.priority, excluded.priority)"""

VALUES = {
    "$1": "'00000000-0000-0000-0000-000000000001'::uuid", "$2": "30", "$3": "'{bench.job}'", "$4": "8",
    "$5": "'{bench.job}'",
}


def script(statements):
    claim = (statements / "claim.sql").read_text()
    for name, value in VALUES.items():
        claim = claim.replace(name, value)
    claim = " ".join(claim.split())
    flights = [
        [ENQUEUE.replace("\n", " ")],
        ["SELECT set_config('statement_timeout', '5s', true)", claim],
    ]
    lines = ["\\sleep 20 ms"]
    for flight in flights:
        lines += ["\\startpipeline", "BEGIN;", *[f"{statement};" for statement in flight], "COMMIT;", "\\endpipeline"]
    return "\n".join(lines) + "\n"


def floor(cluster, statements, samples):
    """Milliseconds on average of the enqueue and of the claim after it, one after the other on one connection."""
    path = cluster.folder / "floor.sql"
    path.write_text(script(statements))
    path.chmod(0o644)
    answer = cluster.run(
        "pgbench", "-n", "-M", "prepared", "-t", samples, "-r", "-f", path, "-h", cluster.folder, "-U", "bench",
        "forma3d")
    return [float(text) for text in re.findall(r"([\d.]+)\s+\d+\s+\\endpipeline", answer)]
