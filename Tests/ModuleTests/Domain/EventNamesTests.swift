import Contracts
import Inbox
import Jobs
import Orders
import Testing

/// ADR-008's, ADR-022's and ADR-030's names, and ours beside them: other systems rely on the spelling.
@Test func everyEventNameIsFrozen() {
    #expect(
        EventNames.all.sorted() == [
            "effect.resolved", "fulfillment.created", "fulfillment.failed", "gridflock.design-created",
            "gridflock.design-failed",
            "gridflock.design-ready", "job.discarded", "job.retried",
            "job.retry-exhausted",
            "order.cancelled", "order.created",
            "order.failed",
            "order.fulfilled", "order.line-unmapped", "order.ready-for-fulfillment", "order.status_changed",
            "order.updated",
            "printjob.cancelled", "printjob.completed", "printjob.created", "printjob.failed", "printjob.marked_bad",
            "printjob.retry_requested",
            "printjob.status_changed", "product-mapping.created", "product-mapping.updated", "shipment.created",
            "shipment.status_changed", "shipment.tracking_changed", "simplyprint.job-status-changed",
            "webhook-subscription.created",
            "webhook.replayed", "webhook.retried",
        ])
    #expect(
        EventNames.all.contains(JobRetryExhausted.name) && EventNames.all.contains(JobRetried.name)
            && EventNames.all.contains(JobDiscarded.name) && EventNames.all.contains(WebhookRetried.name)
            && EventNames.all.contains(WebhookReplayed.name) && EventNames.all.contains(EffectResolved.name)
            && EventNames.all.contains(WebhookSubscriptionCreated.name))
}
