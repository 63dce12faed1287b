"""Measures the intake of webhooks against pgbench with the same inserts; called by `scripts/bench intake`.

Both work on one PostgreSQL cluster of its own, with fsync on, and take turns in every round: pgbench with 64 clients,
one webhook to a transaction, all of it in one flight of prepared statements; then `forma3d serve` with 64 connections of
wrk that send signed webhooks. A round's figure is the ratio of the two; what is printed is the median of the rounds and,
in brackets, the lowest and the highest. At the end an open loop sends 200 webhooks a second and measures from the time
each was due.
"""

import argparse
import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import time
import urllib.request

import bench_servers as servers
import bench_wrk
from bench_cluster import Cluster
from bench_servers import Trouble

SECRET = "bench-webhook-secret"
CONNECTIONS = 64
TOPIC = "orders/create"
RATIO_AT_LEAST = 0.8
P99_MILLISECONDS_AT_MOST = 50
RATE_PER_SECOND = 200
RATE_CONNECTIONS = 32
START_SECONDS_MAXIMUM = 30


def body():
    """An order of the size Shopify sends for a few lines: some 2 KiB."""
    lines = [
        {"id": 9000 + n, "sku": f"F3D-10{n}", "title": "Drawer organiser, oak, 3 parts", "quantity": n,
         "price": "34.90", "properties": [{"name": "colour", "value": "graphite"}], "requires_shipping": True}
        for n in range(1, 7)
    ]
    order = {
        "id": 820982911946154508, "name": "#9999", "currency": "EUR", "email": "jon@example.com",
        "created_at": "2026-11-24T10:00:00+01:00", "line_items": lines,
        "shipping_address": {"name": "Jon Doe", "address1": "Keizersgracht 1", "city": "Amsterdam", "zip": "1015 AA",
                             "country_code": "NL", "phone": "+31000000000"},
    }
    return json.dumps(order, separators=(",", ":")).encode()


BODY = body()
SIGNATURE = base64.b64encode(hmac.new(SECRET.encode(), BODY, hashlib.sha256).digest()).decode()

# As in Sources/Inbox/Storage/WebhookStorage.swift and Sources/Jobs/Storage/EnqueueFromRows.swift.
PGBENCH_SCRIPT = """
\\set number random(1, 1000000000000000)
\\startpipeline
BEGIN;
WITH delivery AS MATERIALIZED (
    SELECT md5(:number::text)::uuid AS id, 'shopify'::text AS source, 'orders/create'::text AS topic,
        :number::text AS key, :headers::jsonb AS headers, convert_to(:body::text, 'UTF8') AS body,
        'bench'::text AS correlation_id
), known AS (
    INSERT INTO inbox.processed_webhook AS known (source, dedupe_key, webhook_id, expires_at)
    SELECT source, COALESCE(key, encode(sha256(convert_to(topic, 'UTF8') || '\\x00'::bytea || body), 'hex')),
        id, jobs.clock() + make_interval(hours => 72)
    FROM delivery
    ON CONFLICT (source, dedupe_key) DO UPDATE
        SET webhook_id = excluded.webhook_id, expires_at = excluded.expires_at
        WHERE known.expires_at <= jobs.clock()
    RETURNING dedupe_key
)
INSERT INTO inbox.webhook (id, source, topic, dedupe_key, correlation_id, headers, body)
SELECT id, source, topic, known.dedupe_key, correlation_id, headers, body
FROM delivery CROSS JOIN known;
INSERT INTO jobs.job (kind, payload, correlation_id)
SELECT 'inbox.process'::text, wanted.payload, wanted.correlation_id
FROM (SELECT jsonb_build_object('webhook', id), correlation_id FROM inbox.webhook
      WHERE id = md5(:number::text)::uuid) AS wanted (payload, correlation_id);
COMMIT;
\\endpipeline
"""

LUA = """
local number = 0
local body = %(body)s
function init(args) math.randomseed(os.time()) ; prefix = tostring(math.random(1, 1000000000)) end
function request()
    number = number + 1
    return wrk.format("POST", "/webhooks/shopify", {
        ["Content-Type"] = "application/json", ["X-Shopify-Topic"] = "orders/create",
        ["X-Shopify-Hmac-Sha256"] = "%(signature)s", ["X-Shopify-Shop-Domain"] = "bench.myshopify.com",
        ["X-Shopify-Webhook-Id"] = prefix .. "-" .. number, ["X-Shopify-API-Version"] = "2026-10" }, body)
end
"""


def clear(cluster):
    cluster.sql("TRUNCATE inbox.webhook, inbox.processed_webhook; TRUNCATE jobs.job CASCADE")
    cluster.sql("CHECKPOINT")


def environment(cluster, port):
    return dict(
        os.environ, DATABASE_URL=cluster.url, APP_ENV="development", APP_HOST="127.0.0.1", APP_PORT=str(port),
        SHOPIFY_WEBHOOK_SECRETS=SECRET, LOG_LEVEL="warning", DATA_DIR=str(cluster.folder / "forma3d"))


@contextlib.contextmanager
def forma3d(binary, cluster):
    port = servers.free_port()
    process = subprocess.Popen(
        [binary, "serve"], env=environment(cluster, port), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=open(cluster.folder / "server.log", "a"))
    try:
        deadline = time.monotonic() + START_SECONDS_MAXIMUM
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=1)
                break
            if time.monotonic() > deadline or process.poll() is not None:
                raise Trouble(f"forma3d did not start: {(cluster.folder / 'server.log').read_text()[-800:]}")
            time.sleep(0.05)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / servers.TICKS_PER_SECOND


def run_pgbench(cluster, seconds):
    script = cluster.folder / "webhook.pgbench"
    script.write_text(PGBENCH_SCRIPT)
    headers = json.dumps([["content-type", "application/json"], ["x-shopify-topic", TOPIC]] * 4)
    output = cluster.run(
        [f"{cluster.bin}/pgbench", "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "2", "-T", str(seconds),
         "-f", str(script), "-D", f"body={BODY.decode()}", "-D", f"headers={headers}", "-h", str(cluster.folder),
         "-p", str(cluster.port), "-U", "postgres", "postgres"])
    for line in output.splitlines():
        if line.startswith("tps = "):
            return float(line.split()[2])
    raise Trouble(f"pgbench said nothing: {output[-400:]}")


def run_wrk(cluster, port, pid, seconds):
    lua = LUA % {"body": "[==[" + BODY.decode() + "]==]", "signature": SIGNATURE}
    before = cpu_seconds(pid)
    result = bench_wrk.run(
        f"http://127.0.0.1:{port}/webhooks/shopify", CONNECTIONS, cluster.folder, seconds, lua=lua)
    used = cpu_seconds(pid) - before
    if result["failed"]:
        raise Trouble(f"webhooks were refused: {result['errors']}")
    stored = int(cluster.sql("SELECT count(*) FROM inbox.webhook"))
    jobs = int(cluster.sql("SELECT count(*) FROM jobs.job WHERE kind = 'inbox.process'"))
    if stored < result["requests"] or jobs != stored:
        raise Trouble(f"{result['requests']} answered 2xx, {stored} stored, {jobs} jobs")
    return result, used * 1e6 / result["requests"]


async def send(port, queue, latencies):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (item := await queue.get()) is not None:
        due, number = item
        writer.write(
            (f"POST /webhooks/shopify HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
             f"X-Shopify-Topic: {TOPIC}\r\nX-Shopify-Hmac-Sha256: {SIGNATURE}\r\n"
             f"X-Shopify-Webhook-Id: open-{due}-{number}\r\nContent-Length: {len(BODY)}\r\n\r\n").encode() + BODY)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise Trouble(f"a webhook was refused: {head[:80]!r}")
        length = next(
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
        await reader.readexactly(length)
        latencies.append((time.monotonic() - due) * 1000)
    writer.close()


async def open_loop(port, seconds):
    latencies = []
    queue = asyncio.Queue()
    senders = [asyncio.create_task(send(port, queue, latencies)) for _ in range(RATE_CONNECTIONS)]
    start = time.monotonic() + 0.1
    for number in range(int(RATE_PER_SECOND * seconds)):
        due = start + number / RATE_PER_SECOND
        await asyncio.sleep(max(0, due - time.monotonic()))
        queue.put_nowait((due, number))
    for _ in senders:
        queue.put_nowait(None)
    await asyncio.gather(*senders)
    latencies.sort()
    return latencies


def spread(values, digits=2):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def measure(binary, options, cluster):
    env = environment(cluster, 0)
    done = subprocess.run([binary, "migrate"], env=env, capture_output=True, text=True)
    if done.returncode != 0:
        raise Trouble(f"migrate failed: {(done.stderr or done.stdout)[-400:]}")
    # Only the intake is measured: both sides put their jobs off until tomorrow.
    cluster.sql("ALTER TABLE jobs.job ALTER run_at SET DEFAULT jobs.clock() + interval '1 day'")
    limits, rates, ratios, costs, p99s = [], [], [], [], []
    with forma3d(binary, cluster) as (port, pid):
        run_wrk(cluster, port, pid, 1)
        for _ in range(options.rounds):
            clear(cluster)
            limits.append(run_pgbench(cluster, options.seconds))
            clear(cluster)
            result, cost = run_wrk(cluster, port, pid, options.seconds)
            rates.append(result["requests"] / result["seconds"])
            ratios.append(rates[-1] / limits[-1])
            costs.append(cost)
            p99s.append(result["p99_us"] / 1000)
        clear(cluster)
        latencies = asyncio.run(open_loop(port, options.rate_seconds))
    ratio = statistics.median(ratios)
    p99 = latencies[len(latencies) * 99 // 100]
    print("| figure | median (range) | target |")
    print("|---|---|---|")
    print(f"| pgbench, {CONNECTIONS} clients, webhooks/s | {spread(limits, 0)} | |")
    print(f"| forma3d, {CONNECTIONS} connections, webhooks/s | {spread(rates, 0)} | |")
    print(f"| ratio | {spread(ratios)} | ≥ {RATIO_AT_LEAST} {'met' if ratio >= RATIO_AT_LEAST else 'MISSED'} |")
    print(f"| p99 under full load, ms | {spread(p99s, 1)} | |")
    print(f"| CPU of forma3d per webhook, µs | {spread(costs, 0)} | |")
    verdict = "met" if p99 <= P99_MILLISECONDS_AT_MOST else "MISSED"
    print(f"| at {RATE_PER_SECOND}/s: p50, ms | {latencies[len(latencies) // 2]:.1f} | |")
    print(f"| at {RATE_PER_SECOND}/s: p99, ms | {p99:.1f} | ≤ {P99_MILLISECONDS_AT_MOST} {verdict} |")


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench intake", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=8, help="of each half of a round")
    parser.add_argument("--rate-seconds", type=int, default=15, help="of the open loop")
    parser.add_argument("--binary", required=True, help="forma3d, built for release")
    options = parser.parse_args()
    with Cluster() as cluster:
        measure(options.binary, options, cluster)


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        sys.exit(f"bench: {trouble}")
