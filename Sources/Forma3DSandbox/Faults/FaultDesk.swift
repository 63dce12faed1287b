/// The faults in force, shared by all vendors.
actor FaultDesk {
    private var plan = FaultPlan()
    private var generator = SystemRandomNumberGenerator()

    func replace(_ faults: [Fault]) { plan = FaultPlan(faults) }

    func strike(_ vendor: Vendor, calls: [String], hook: Bool) -> Fault? {
        plan.strike(vendor, calls: calls, hook: hook, using: &generator)
    }

    var faults: [Fault] { plan.faults }
}
