import HTTPClient
import HTTPWire
package import Kernel

/// What became of a wish to cancel.
package enum CancelOutcome: Hashable, Sendable {
    /// Cancelled, or never announced and now deleted.
    case cancelled
    /// The carrier decides later, within 14 days: wait for status 2000 or 1998, or 94.
    case queued
    /// In Sendcloud's words.
    case refused(message: String)
}

extension SendcloudClient {
    /// Announces a parcel and asks for its label. The call is never sent twice by itself; after a failure with
    /// `mayHaveHappened`, and after `.conflict`, look it up by `parcels(externalReference:)`.
    /// - Throws: `.rejected` with the carrier's words when the parcel was refused, also where Sendcloud says so with
    ///   HTTP 200.
    package func createParcel(_ new: NewParcel) async throws(VendorFailure) -> Parcel {
        let address = url("parcels?errors=verbose-carrier")
        return try await ask("createParcel", .post, address, body: new.wire, neverResend: true) {
            answer throws(VendorFailure) in
            let body = try answer.decode(ParcelBody.self)
            guard let made = body.parcel else {
                guard let words = body.errorText else {
                    throw answer.failure(.malformed, "an answer without the parcel", mayHaveHappened: true)
                }
                throw answer.failure(.rejected, VendorText.clean(words), mayHaveHappened: false)
            }
            guard made.errorText == nil, made.parcel.status != .failed else {
                throw answer.failure(
                    .rejected, VendorText.clean(made.errorText ?? made.parcel.statusMessage), mayHaveHappened: false)
            }
            return made.parcel
        }
    }

    /// Every parcel with that reference of ours; there should be one at most.
    package func parcels(externalReference: String) async throws(VendorFailure) -> [Parcel] {
        var all: [Parcel] = []
        var next: String? = url("parcels?external_reference=\(PercentEncoding.query(externalReference))")
        var pages = 0
        while let address = next, pages < Self.pagesMaximum {
            pages += 1
            let page = try await ask("parcels", .get, address) { answer throws(VendorFailure) in
                try answer.decode(ParcelsBody.self)
            }
            all += page.parcels
            // A cursor is followed as given, but our credentials go nowhere else.
            next = page.next.flatMap { isOurs($0) ? $0 : nil }
        }
        // A server that ignores the filter must not hand us somebody else's parcel.
        return all.filter { $0.externalReference == nil || $0.externalReference == externalReference }
    }

    /// - Throws: `.notFound` for an id Sendcloud does not know.
    package func parcel(id: Int64) async throws(VendorFailure) -> Parcel {
        try await ask("parcel", .get, url("parcels/\(id)")) { answer throws(VendorFailure) in
            guard let parcel = try answer.decode(ParcelBody.self).parcel?.parcel else {
                throw answer.failure(.malformed, "an answer without the parcel", mayHaveHappened: false)
            }
            return parcel
        }
    }

    /// Cancels a parcel, or asks the carrier to.
    package func cancelParcel(id: Int64) async throws(VendorFailure) -> CancelOutcome {
        try await askWhatever("cancelParcel", .post, url("parcels/\(id)/cancel"), body: [:]) {
            answer throws(VendorFailure) in
            let words = ErrorText.of(answer.response.body) ?? ""
            switch answer.status {
            case 202: return .queued
            case 200..<300: return .cancelled
            // The announcement had failed: there is nothing to cancel.
            case 410: return .cancelled
            case 400 where words.lowercased().contains("already being cancel"): return .queued
            case 400 where !words.isEmpty: return .refused(message: VendorText.clean(words))
            default: throw answer.refusal
            }
        }
    }

    /// The label as a PDF.
    /// - Parameter url: as Sendcloud gave it; one of another host is not asked, since our credentials go with it, and
    ///   the parcel's document is taken instead.
    /// - Throws: `.notFound` while it is not ready; `.broken` when the answer is no PDF.
    package func labelPDF(parcelID: Int64, url labelURL: String?) async throws(VendorFailure) -> [UInt8] {
        let given = labelURL.flatMap { isOurs($0) ? $0 : nil }
        let address = given ?? url("parcels/\(parcelID)/documents/label")
        return try await ask("labelPDF", .get, address, accept: "application/pdf") { answer throws(VendorFailure) in
            guard answer.response.body.starts(with: "%PDF".utf8) else {
                throw answer.failure(.broken, "the label is no PDF", mayHaveHappened: false)
            }
            return answer.response.body
        }
    }

    /// Scheme, host and port are those of the configured address.
    private func isOurs(_ address: String) -> Bool {
        URLOrigin(address).map { $0 == URLOrigin(configuration.apiURL) } ?? false
    }
}

/// `{"parcel": {…}}`, or with `errors=verbose` the forms of a batch.
private struct ParcelBody: Decodable {
    var parcel: WireParcel?
    var errorText: String?

    init(from decoder: any Decoder) throws {
        let object = try decoder.looseObject()
        // Some answers hold a list where one parcel was promised.
        let key: LooseKey = object.has("parcel") ? "parcel" : "parcels"
        parcel = try object.list(key, of: WireParcel.self).first
        let failed = (try? object.list("failed_parcels", of: Failed.self)) ?? []
        errorText = failed.first?.text ?? (object.has("errors") ? ErrorText.words(object, "errors") : nil)
    }

    private struct Failed: Decodable {
        var text: String?

        init(from decoder: any Decoder) throws {
            text = ErrorText.words(try decoder.looseObject(), "errors")
        }
    }
}

private struct ParcelsBody: Decodable {
    var parcels: [Parcel]
    var next: String?

    init(from decoder: any Decoder) throws {
        let object = try decoder.looseObject()
        parcels = try object.list("parcels", of: WireParcel.self).map(\.parcel)
        next = object.filledText("next")
    }
}
