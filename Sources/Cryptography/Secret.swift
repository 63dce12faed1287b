/// A password, key or token. Every way of printing it shows `[redacted]`; reading it takes a word that can be searched.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// The secret itself: for the wire only, never for a log or an error.
    package var revealed: String { text }

    package var isEmpty: Bool { text.isEmpty }

    package var description: String { "[redacted]" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Takes the same time wherever they differ.
    package func isEqual(_ other: String) -> Bool {
        ConstantTime.isEqual(text, other)
    }
}
