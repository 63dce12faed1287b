/// Guards rule 3 of DESIGN §3: no contract or vendor call while a database transaction is open.
package enum TransactionScope {
    /// True inside `Database.transaction`.
    @TaskLocal package static var isOpen = false

    /// Traps in debug builds: a call outside made with a transaction open holds row locks for as long as the far side
    /// likes, and cannot be rolled back.
    package static func requireClosed(for call: @autoclosure () -> String) {
        assert(!isOpen, "\(call()) was called inside a database transaction")
    }
}
