"""How long it took until the work of killed and frozen servers went on."""

from chaos_world import World

RESCUED = """
    SELECT extract(epoch FROM a.started), extract(epoch FROM a.ended),
        extract(epoch FROM COALESCE(
            (SELECT min(b.started) FROM jobs.run b WHERE b.job_id = a.job_id AND b.fence > a.fence), j.claimed_at))
    FROM jobs.run a JOIN jobs.job j ON j.id = a.job_id
    WHERE a.outcome = 'rescued' AND j.fence > a.fence ORDER BY a.ended
"""


def restarts(world: World, kill_times: list[float]) -> list[float]:
    """Seconds from a kill to the next start of each job that was in hand then."""
    times: list[float] = []
    for row in world.cluster.rows(RESCUED):
        started, rescued, restarted = (float(text) for text in row)
        kills = [kill for kill in kill_times if started <= kill <= rescued]
        if kills:
            # Which server had it is not known: the first kill it can have been makes the time no better than it was.
            times.append(restarted - kills[0])
    return times


def recovery(world: World, kill_times: list[float]) -> str:
    times = restarts(world, kill_times)
    if not times:
        return "no job had to be rescued"
    return (f"jobs rescued: {len(times)}; from the kill to the next start: p50 {percentile(times, 50):.1f} s, "
            f"p99 {percentile(times, 99):.1f} s")


def percentile(values: list[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
