"""The counters of this process in the words of Prometheus. No label is a user, a channel or a text."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0 as CONTENT_TYPE
from prometheus_client.registry import Collector

from handlers.tally import Spread, Tally

if TYPE_CHECKING:
    from handlers.health import Report

__all__ = ["CONTENT_TYPE", "rendered"]
DIGEST = "digest."
SENT = "sent"


def rendered(tally: Tally, report: "Report") -> bytes:
    """Return the page that Prometheus reads."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected(tally, report))
    return generate_latest(registry)


class _Collected(Collector):
    def __init__(self, tally: Tally, report: "Report") -> None:
        self._tally, self._report = tally, report

    def collect(self) -> Iterator[Metric]:
        tally, report = self._tally, self._report
        yield GaugeMetricFamily("oogst_ready", "1 when everything works, else 0", value=float(report.ready))
        acks = CounterMetricFamily("oogst_acks", "What came from Slack", labels=["kind", "answered"])
        for (kind, answered), count in sorted(tally.acks.items()):
            acks.add_metric([kind, "yes" if answered else "no"], count)
        yield acks
        buckets, total = _classes(tally.ack_seconds)
        yield HistogramMetricFamily("oogst_ack_seconds", "Seconds until an ack", buckets=buckets, sum_value=total)
        posts = CounterMetricFamily("oogst_posts", "Attempts to bring a message to Slack", labels=["kind", "outcome"])
        for (kind, outcome), count in sorted(tally.posts.items()):
            posts.add_metric([kind, outcome], count)
        yield posts
        digests = sum(n for (kind, outcome), n in tally.posts.items() if kind.startswith(DIGEST) and outcome == SENT)
        yield CounterMetricFamily("oogst_digests", "Messages of digests that arrived", value=digests)
        refused = CounterMetricFamily("oogst_refused_requests", "Requests that reached no listener", labels=["reason"])
        for reason, count in sorted(tally.refused.items()):
            refused.add_metric([reason], count)
        yield refused
        yield CounterMetricFamily("oogst_ticks", "Rounds of the clock", value=tally.ticks)
        errors = CounterMetricFamily("oogst_errors", "Failures that were caught", labels=["place"])
        for place, count in sorted(tally.errors.items()):
            errors.add_metric([place], count)
        yield errors
        if report.backlog is not None:
            outbox = GaugeMetricFamily("oogst_outbox", "Messages per state", labels=["state"])
            for state, count in sorted(report.backlog.states.items()):
                outbox.add_metric([state], count)
            yield outbox
            late = "Seconds that the oldest message waits that is due"
            yield GaugeMetricFamily("oogst_oldest_unsent_seconds", late, value=report.late)


def _classes(spread: Spread) -> tuple[list[tuple[str, float]], float]:
    """Add up the classes from the fastest on, as Prometheus wants them."""
    found: list[tuple[str, float]] = []
    so_far = 0
    for edge, count in zip((*map(str, spread.edges), "+Inf"), spread.counts, strict=True):
        so_far += count
        found.append((edge, so_far))
    return found, spread.total
