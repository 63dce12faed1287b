package import SimplyPrint

/// Where our reference is kept on a queue item: the custom field `forma3d_reference` where the account has one, else the
/// end of the note.
package actor ReferenceStamp {
    package static let fieldName = "forma3d_reference"

    private let client: SimplyPrintClient
    private var known: String??

    package init(client: SimplyPrintClient) {
        self.client = client
    }

    /// The account's id of the custom field; nil when it has none. Asked once for the life of the process.
    package func customFieldID() async throws -> String? {
        if let known { return known }
        let fields = try await client.customFields()
        let id = fields.first { $0.name == Self.fieldName || $0.id == Self.fieldName }?.id
        known = .some(id)
        return id
    }

    /// The note of a queue item: readable first, the reference last.
    package static func note(orderNumber: String, partName: String, copyNumber: Int, reference: String) -> String {
        "\(orderNumber.prefix(40)) \(partName.prefix(80)) #\(copyNumber) [\(reference)]"
    }

    /// The reference on an item, wherever it is.
    package static func reference(in customFields: [String: String], note: String?, fieldID: String?) -> String? {
        if let fieldID, let value = customFields[fieldID] { return value }
        if let value = customFields[fieldName] { return value }
        guard let note, note.hasSuffix("]"), let start = note.lastIndex(of: "[") else { return nil }
        return String(note[note.index(after: start)...].dropLast())
    }
}
