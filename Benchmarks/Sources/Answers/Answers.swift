/// What every peer answers, byte for byte alike, so that only the servers differ.
package enum Answers {
    /// `GET /`: 13 bytes.
    package static let text = "Hello, World!"

    /// `GET /json`: 197 bytes, the size of a small API answer.
    package static let json =
        #"{"id":"0190f5c2-7a3e-7c11-9b0e-5d3f2a1c4e88","name":"Desk organiser, 3 parts","state":"printing","#
        + #""parts":[{"sku":"F3D-1042-A","count":2},{"sku":"F3D-1042-B","count":1}],"paid":true,"total":"34.90"}"#
}
