package import Kernel

/// Tag of `OrderID`.
package enum OrderTag {}
/// One order of the shop.
package typealias OrderID = ID<OrderTag>

/// Tag of `LineItemID`.
package enum LineItemTag {}
/// One line of an order.
package typealias LineItemID = ID<LineItemTag>

/// Tag of `ProductMappingID`.
package enum ProductMappingTag {}
/// What a product is printed from.
package typealias ProductMappingID = ID<ProductMappingTag>

/// Tag of `PrintJobID`.
package enum PrintJobTag {}
/// One copy of one part of one line, to be printed once.
package typealias PrintJobID = ID<PrintJobTag>

/// Tag of `PrintFileID`.
package enum PrintFileTag {}
/// One file to print, as an operator or the slicer brought it.
package typealias PrintFileID = ID<PrintFileTag>

/// Tag of `ShipmentID`.
package enum ShipmentTag {}
/// One parcel of an order.
package typealias ShipmentID = ID<ShipmentTag>

/// Tag of `FulfilmentID`.
package enum FulfilmentTag {}
/// One Shopify fulfilment of an order: all of it that leaves one location.
package typealias FulfilmentID = ID<FulfilmentTag>

/// Tag of `DesignID`.
package enum DesignTag {}
/// One drawer plate that was asked for: the same wish is the same design.
package typealias DesignID = ID<DesignTag>
