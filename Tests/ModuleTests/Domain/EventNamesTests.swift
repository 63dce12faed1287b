import Contracts
import Jobs
import Testing

/// ADR-008's, ADR-022's and ADR-030's names, and ours beside them: other systems rely on the spelling.
@Test func everyEventNameIsFrozen() {
    #expect(
        EventNames.all.sorted() == [
            "fulfillment.created", "fulfillment.failed", "job.retry-exhausted", "order.cancelled", "order.created",
            "order.failed",
            "order.fulfilled", "order.line-unmapped", "order.ready-for-fulfillment", "order.status_changed",
            "order.updated",
            "printjob.cancelled", "printjob.completed", "printjob.created", "printjob.failed", "printjob.marked_bad",
            "printjob.retry_requested",
            "printjob.status_changed", "product-mapping.created", "product-mapping.updated", "shipment.created",
            "shipment.status_changed", "simplyprint.job-status-changed",
        ])
    #expect(EventNames.all.contains(JobRetryExhausted.name))
}
