"""How long it took until the work of killed and frozen servers went on."""

from chaos_world import World


def recovery(world: World, kill_times: list[float]) -> str:
    """From each kill to the rescue of each job that was in hand then, and that job's next start."""
    rows = world.cluster.rows(
        "SELECT extract(epoch FROM a.started), extract(epoch FROM a.ended), "
        # The last claim is on the job itself; a run that ended well leaves no attempt.
        "extract(epoch FROM COALESCE((SELECT min(b.started) FROM jobs.attempt b "
        "WHERE b.job_id = a.job_id AND b.fence > a.fence), j.claimed_at)) "
        "FROM jobs.attempt a JOIN jobs.job j ON j.id = a.job_id WHERE a.outcome = 'rescued' ORDER BY a.ended")
    times: list[float] = []
    for started, ended, restarted in rows:
        kills = [kill for kill in kill_times if float(started) <= kill <= float(ended)]
        if kills and restarted:
            # Which server had it is not known: the first kill it can have been makes the time no better than it was.
            times.append(float(restarted) - kills[0])
    if not times:
        return f"jobs rescued: {len(rows)}"
    return (f"jobs rescued: {len(rows)}; from the kill to the next start of {len(times)} of them: "
            f"p50 {percentile(times, 50):.1f} s, p99 {percentile(times, 99):.1f} s")


def percentile(values: list[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
