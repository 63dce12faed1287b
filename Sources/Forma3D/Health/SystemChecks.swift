import Kernel
import Migrations
import Postgres

/// Every check there is, in the order an operator reads them.
enum SystemChecks {
    static func all(settings: Settings, database: Database, migrator: Migrator, root: CompositionRoot) -> [Check] {
        MachineChecks.all(settings: settings)
            + DatabaseChecks.all(database: database, migrator: migrator, time: .system)
            + VendorChecks.all(settings: settings, root: root)
            + NoticeChecks.all(settings: settings, root: root)
    }
}
