import Kernel

/// A drawer plate was asked for that nobody had asked for before.
package struct GridFlockDesignCreated: DomainEvent {
    package static let name = "gridflock.design-created"
    package let designID: DesignID

    package init(designID: DesignID) {
        self.designID = designID
    }
}

/// The design's files are made, or made again.
package struct GridFlockDesignReady: DomainEvent {
    package static let name = "gridflock.design-ready"
    package let designID: DesignID
    package let fileCount: Int

    package init(designID: DesignID, fileCount: Int) {
        self.designID = designID
        self.fileCount = fileCount
    }
}

/// The design's files could not be made; the design says why.
package struct GridFlockDesignFailed: DomainEvent {
    package static let name = "gridflock.design-failed"
    package let designID: DesignID

    package init(designID: DesignID) {
        self.designID = designID
    }
}
