/// Any bytes at all: no crash, and the same events however they are split.
@_cdecl("LLVMFuzzerTestOneInput") public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Outcome.requireEqualForEverySplit(input(data, count)[...])
    return 0
}
