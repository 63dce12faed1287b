/// Every event name there is, for the API reference and the test that freezes them.
package enum EventNames {
    package static let all: [String] = [
        OrderCreated.name, OrderUpdated.name, OrderStatusChanged.name, OrderCancelled.name, OrderLineUnmapped.name,
        OrderReadyForFulfillment.name, OrderFulfilled.name, OrderFailed.name, SimplyPrintJobStatusChanged.name,
        PrintJobCreated.name, PrintJobStatusChanged.name, PrintJobCompleted.name, PrintJobFailed.name,
        PrintJobCancelled.name, PrintJobRetryRequested.name, PrintJobMarkedBad.name, ShipmentCreated.name,
        ShipmentStatusChanged.name, ShipmentTrackingChanged.name,
        FulfillmentCreated.name, FulfillmentFailed.name, ProductMappingCreated.name, ProductMappingUpdated.name,
        "job.retry-exhausted", "job.retried", "job.discarded", "webhook.retried", "webhook.replayed",
        "webhook-subscription.created", "effect.resolved", GridFlockDesignCreated.name, GridFlockDesignReady.name,
        GridFlockDesignFailed.name,
    ]
}
