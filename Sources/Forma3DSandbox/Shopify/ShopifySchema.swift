/// The part of the Admin API's schema that this stand-in serves, in the schema language (2026-01 SDL).
enum ShopifySchema {
    /// Nil only when the text below is broken, which the suite notices.
    static let schema = try? GraphQLSchema(text)

    static let topics = [
        "APP_UNINSTALLED", "APP_SCOPES_UPDATE", "ORDERS_CREATE", "ORDERS_PAID", "ORDERS_UPDATED", "ORDERS_EDITED",
        "ORDERS_CANCELLED", "ORDERS_FULFILLED", "ORDERS_PARTIALLY_FULFILLED", "ORDERS_DELETE", "REFUNDS_CREATE",
        "FULFILLMENTS_CREATE", "FULFILLMENTS_UPDATE", "FULFILLMENT_ORDERS_ORDER_ROUTING_COMPLETE",
        "FULFILLMENT_ORDERS_PLACED_ON_HOLD", "FULFILLMENT_ORDERS_HOLD_RELEASED", "FULFILLMENT_ORDERS_MOVED",
        "FULFILLMENT_ORDERS_SPLIT", "FULFILLMENT_ORDERS_MERGED", "FULFILLMENT_ORDERS_CANCELLED", "PRODUCTS_CREATE",
        "PRODUCTS_UPDATE", "PRODUCTS_DELETE", "SHOP_UPDATE",
    ]

    /// `orders/create` of `ORDERS_CREATE`: the first word of two-word families stays joined.
    static func slashForm(of topic: String) -> String {
        let lower = topic.lowercased()
        let family = ["fulfillment_orders_", "fulfillments_"].first { lower.hasPrefix($0) }
        let split =
            family.map { $0.count - 1 }
            ?? lower.firstIndex(of: "_").map { lower.distance(from: lower.startIndex, to: $0) }
        guard let split else { return lower }
        return "\(lower.prefix(split))/\(lower.dropFirst(split + 1))"
    }

    static func enumForm(of topic: String) -> String {
        topic.uppercased().split(separator: "/").joined(separator: "_")
    }

    private static let page = "first: Int after: String last: Int before: String reverse: Boolean = false"

    private static func connection(_ type: String) -> String {
        """
        type \(type)Connection { nodes: [\(type)!]! edges: [\(type)Edge!]! pageInfo: PageInfo! }
        type \(type)Edge { cursor: String! node: \(type)! }

        """
    }

    private static let text =
        roots + objects + inputs
        + [
            "Order", "LineItem", "Fulfillment", "FulfillmentOrder", "FulfillmentOrderLineItem",
            "FulfillmentLineItem", "Location", "WebhookSubscription", "FulfillmentEvent", "ShippingLine",
        ].map(connection).joined()

    private static let roots = """
        scalar DateTime scalar URL scalar Decimal scalar UnsignedInt64 scalar JSON
        interface Node { id: ID! }
        type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
        type Count { count: Int! precision: String! }
        type QueryRoot {
          shop: Shop!
          currentAppInstallation: AppInstallation!
          node(id: ID!): Node
          order(id: ID!): Order
          orders(\(page) sortKey: OrderSortKeys = PROCESSED_AT query: String savedSearchId: ID): OrderConnection!
          ordersCount(query: String limit: Int = 10000 savedSearchId: ID): Count
          fulfillment(id: ID!): Fulfillment
          fulfillmentOrder(id: ID!): FulfillmentOrder
          fulfillmentOrders(\(page) includeClosed: Boolean = false query: String): FulfillmentOrderConnection!
          location(id: ID): Location
          locations(\(page) includeInactive: Boolean = false query: String): LocationConnection!
          job(id: ID!): Job
          webhookSubscription(id: ID!): WebhookSubscription
          webhookSubscriptions(\(page) topics: [WebhookSubscriptionTopic!] format: WebhookSubscriptionFormat
            uri: String callbackUrl: URL query: String): WebhookSubscriptionConnection!
        }
        type Mutation {
          fulfillmentCreate(fulfillment: FulfillmentInput! message: String): FulfillmentCreatePayload
          fulfillmentCreateV2(fulfillment: FulfillmentInput! message: String): FulfillmentCreatePayload
          fulfillmentCancel(id: ID!): FulfillmentCancelPayload
          fulfillmentTrackingInfoUpdate(fulfillmentId: ID! trackingInfoInput: FulfillmentTrackingInput!
            notifyCustomer: Boolean): FulfillmentTrackingInfoUpdatePayload
          fulfillmentTrackingInfoUpdateV2(fulfillmentId: ID! trackingInfoInput: FulfillmentTrackingInput!
            notifyCustomer: Boolean): FulfillmentTrackingInfoUpdatePayload
          fulfillmentEventCreate(fulfillmentEvent: FulfillmentEventInput!): FulfillmentEventCreatePayload
          fulfillmentOrderHold(id: ID! fulfillmentHold: FulfillmentOrderHoldInput!): FulfillmentOrderHoldPayload
          fulfillmentOrderReleaseHold(id: ID! holdIds: [ID!]): FulfillmentOrderReleaseHoldPayload
          orderCancel(orderId: ID! reason: OrderCancelReason! restock: Boolean! notifyCustomer: Boolean = false
            refund: Boolean refundMethod: OrderCancelRefundMethodInput staffNote: String): OrderCancelPayload
          webhookSubscriptionCreate(topic: WebhookSubscriptionTopic!
            webhookSubscription: WebhookSubscriptionInput!): WebhookSubscriptionCreatePayload
          webhookSubscriptionUpdate(id: ID! webhookSubscription: WebhookSubscriptionInput!):
            WebhookSubscriptionUpdatePayload
          webhookSubscriptionDelete(id: ID!): WebhookSubscriptionDeletePayload
        }

        """

    private static let objects = """
        type Shop { id: ID! name: String! email: String! myshopifyDomain: String! url: URL! currencyCode: String!
          ianaTimezone: String! plan: ShopPlan! }
        type ShopPlan { displayName: String! publicDisplayName: String! shopifyPlus: Boolean! partnerDevelopment: Boolean! }
        type AppInstallation { id: ID! accessScopes: [AccessScope!]! app: App! }
        type App { id: ID! title: String! handle: String }
        type AccessScope { handle: String! description: String! }
        type Job { id: ID! done: Boolean! }
        type MoneyV2 { amount: Decimal! currencyCode: String! }
        type MoneyBag { shopMoney: MoneyV2! presentmentMoney: MoneyV2! }
        type Attribute { key: String! value: String }
        type MailingAddress { id: ID! name: String firstName: String lastName: String company: String address1: String
          address2: String city: String province: String provinceCode: String country: String countryCode: String
          countryCodeV2: String zip: String phone: String latitude: Float longitude: Float
          formatted: [String!]! }
        type Customer { id: ID! email: String firstName: String lastName: String displayName: String! phone: String }
        type Product { id: ID! title: String! legacyResourceId: UnsignedInt64! }
        type ProductVariant { id: ID! title: String! sku: String legacyResourceId: UnsignedInt64! }
        type ShippingLine { id: ID title: String! code: String source: String carrierIdentifier: String
          originalPriceSet: MoneyBag! }
        type Order { id: ID! legacyResourceId: UnsignedInt64! name: String! number: Int! email: String phone: String
          note: String tags: [String!]! test: Boolean! closed: Boolean! confirmed: Boolean! createdAt: DateTime!
          updatedAt: DateTime! processedAt: DateTime! cancelledAt: DateTime closedAt: DateTime cancelReason: String
          displayFinancialStatus: String displayFulfillmentStatus: String! currencyCode: String!
          presentmentCurrencyCode: String! fulfillable: Boolean! fullyPaid: Boolean! unpaid: Boolean!
          requiresShipping: Boolean! sourceName: String statusPageUrl: URL! confirmationNumber: String
          totalPriceSet: MoneyBag! currentTotalPriceSet: MoneyBag! subtotalPriceSet: MoneyBag totalTaxSet: MoneyBag
          totalShippingPriceSet: MoneyBag! totalDiscountsSet: MoneyBag totalWeight: UnsignedInt64
          customAttributes: [Attribute!]! shippingAddress: MailingAddress billingAddress: MailingAddress
          shippingLine: ShippingLine shippingLines(\(page)): ShippingLineConnection! customer: Customer
          lineItems(\(page)): LineItemConnection!
          fulfillments(first: Int query: String): [Fulfillment!]!
          fulfillmentsCount(limit: Int): Count
          fulfillmentOrders(\(page) displayable: Boolean = false query: String): FulfillmentOrderConnection! }
        type LineItem { id: ID! title: String! variantTitle: String name: String! sku: String quantity: Int!
          currentQuantity: Int! unfulfilledQuantity: Int! fulfillableQuantity: Int! requiresShipping: Boolean!
          isGiftCard: Boolean! vendor: String product: Product variant: ProductVariant
          customAttributes: [Attribute!]! originalUnitPriceSet: MoneyBag! discountedUnitPriceSet: MoneyBag! }
        type FulfillmentTrackingInfo { company: String number: String url: URL }
        type Fulfillment { id: ID! legacyResourceId: UnsignedInt64! name: String! status: String!
          displayStatus: String createdAt: DateTime! updatedAt: DateTime! deliveredAt: DateTime totalQuantity: Int!
          order: Order! location: Location trackingInfo(first: Int): [FulfillmentTrackingInfo!]!
          fulfillmentLineItems(\(page)): FulfillmentLineItemConnection!
          fulfillmentOrders(\(page)): FulfillmentOrderConnection!
          events(\(page) sortKey: String): FulfillmentEventConnection! }
        type FulfillmentLineItem { id: ID! quantity: Int lineItem: LineItem! }
        type FulfillmentEvent { id: ID! status: String! happenedAt: DateTime! message: String }
        type FulfillmentOrderSupportedAction { action: String! externalUrl: URL }
        type FulfillmentHold { id: ID! reason: String! reasonNotes: String displayReason: String! handle: String
          heldByRequestingApp: Boolean! }
        type FulfillmentOrderAssignedLocation { name: String! address1: String city: String zip: String
          countryCode: String! location: Location }
        type DeliveryMethod { id: ID! methodType: String! presentedName: String }
        type FulfillmentOrderDestination { id: ID! firstName: String lastName: String company: String address1: String
          address2: String city: String province: String zip: String countryCode: String phone: String email: String }
        type FulfillmentOrder { id: ID! status: String! requestStatus: String! createdAt: DateTime!
          updatedAt: DateTime! fulfillAt: DateTime fulfillBy: DateTime orderId: ID! orderName: String! order: Order!
          channelId: ID supportedActions: [FulfillmentOrderSupportedAction!]! fulfillmentHolds: [FulfillmentHold!]!
          assignedLocation: FulfillmentOrderAssignedLocation! deliveryMethod: DeliveryMethod
          destination: FulfillmentOrderDestination lineItems(\(page)): FulfillmentOrderLineItemConnection!
          fulfillments(\(page)): FulfillmentConnection! }
        type FulfillmentOrderLineItem { id: ID! totalQuantity: Int! remainingQuantity: Int! sku: String
          productTitle: String! variantTitle: String requiresShipping: Boolean! lineItem: LineItem! }
        type Location { id: ID! legacyResourceId: UnsignedInt64! name: String! isActive: Boolean!
          fulfillsOnlineOrders: Boolean! isFulfillmentService: Boolean! }
        type ApiVersion { handle: String! displayName: String! supported: Boolean! }
        type WebhookHttpEndpoint { callbackUrl: URL! }
        type WebhookSubscription { id: ID! legacyResourceId: UnsignedInt64! topic: WebhookSubscriptionTopic! uri: String!
          callbackUrl: URL! format: WebhookSubscriptionFormat! includeFields: [String!]! filter: String name: String
          metafieldNamespaces: [String!]! apiVersion: ApiVersion! createdAt: DateTime! updatedAt: DateTime!
          endpoint: WebhookHttpEndpoint! }
        type UserError { field: [String!] message: String! }
        type OrderCancelUserError { field: [String!] message: String! code: String }
        type FulfillmentCreatePayload { fulfillment: Fulfillment userErrors: [UserError!]! }
        type FulfillmentCancelPayload { fulfillment: Fulfillment userErrors: [UserError!]! }
        type FulfillmentTrackingInfoUpdatePayload { fulfillment: Fulfillment userErrors: [UserError!]! }
        type FulfillmentEventCreatePayload { fulfillmentEvent: FulfillmentEvent userErrors: [UserError!]! }
        type FulfillmentOrderHoldPayload { fulfillmentOrder: FulfillmentOrder fulfillmentHold: FulfillmentHold
          remainingFulfillmentOrder: FulfillmentOrder userErrors: [OrderCancelUserError!]! }
        type FulfillmentOrderReleaseHoldPayload { fulfillmentOrder: FulfillmentOrder
          userErrors: [OrderCancelUserError!]! }
        type OrderCancelPayload { job: Job orderCancelUserErrors: [OrderCancelUserError!]! userErrors: [UserError!]! }
        type WebhookSubscriptionCreatePayload { webhookSubscription: WebhookSubscription userErrors: [UserError!]! }
        type WebhookSubscriptionUpdatePayload { webhookSubscription: WebhookSubscription userErrors: [UserError!]! }
        type WebhookSubscriptionDeletePayload { deletedWebhookSubscriptionId: ID userErrors: [UserError!]! }

        """

    private static let inputs = """
        input FulfillmentInput { lineItemsByFulfillmentOrder: [FulfillmentOrderLineItemsInput!]!
          notifyCustomer: Boolean = false trackingInfo: FulfillmentTrackingInput
          originAddress: FulfillmentOriginAddressInput }
        input FulfillmentOriginAddressInput { address1: String address2: String city: String zip: String
          provinceCode: String countryCode: String! }
        input FulfillmentOrderLineItemsInput { fulfillmentOrderId: ID!
          fulfillmentOrderLineItems: [FulfillmentOrderLineItemInput!] }
        input FulfillmentOrderLineItemInput { id: ID! quantity: Int! }
        input FulfillmentTrackingInput { company: String number: String numbers: [String!] url: URL urls: [URL!] }
        input FulfillmentEventInput { fulfillmentId: ID! status: FulfillmentEventStatus! message: String
          happenedAt: DateTime estimatedDeliveryAt: DateTime address1: String city: String province: String
          country: String zip: String latitude: Float longitude: Float }
        input FulfillmentOrderHoldInput { reason: FulfillmentHoldReason! reasonNotes: String
          notifyMerchant: Boolean = false externalId: String handle: String
          fulfillmentOrderLineItems: [FulfillmentOrderLineItemInput!] = [] }
        input OrderCancelRefundMethodInput { originalPaymentMethodsRefund: Boolean }
        input WebhookSubscriptionInput { uri: String callbackUrl: URL format: WebhookSubscriptionFormat
          includeFields: [String!] filter: String name: String metafieldNamespaces: [String!] }
        enum OrderSortKeys { CREATED_AT CUSTOMER_NAME DESTINATION FINANCIAL_STATUS FULFILLMENT_STATUS ID ORDER_NUMBER
          PO_NUMBER PROCESSED_AT RELEVANCE TOTAL_PRICE UPDATED_AT TOTAL_ITEMS_QUANTITY }
        enum OrderCancelReason { CUSTOMER DECLINED FRAUD INVENTORY OTHER STAFF }
        enum WebhookSubscriptionFormat { JSON XML }
        enum FulfillmentEventStatus { LABEL_PURCHASED LABEL_PRINTED READY_FOR_PICKUP CONFIRMED CARRIER_PICKED_UP
          IN_TRANSIT OUT_FOR_DELIVERY ATTEMPTED_DELIVERY DELAYED DELIVERED FAILURE }
        enum FulfillmentHoldReason { AWAITING_PAYMENT HIGH_RISK_OF_FRAUD INCORRECT_ADDRESS INVENTORY_OUT_OF_STOCK
          UNKNOWN_DELIVERY_DATE AWAITING_RETURN_ITEMS ONLINE_STORE_POST_PURCHASE_CROSS_SELL OTHER }
        enum WebhookSubscriptionTopic { \(topics.joined(separator: " ")) }

        """
}
