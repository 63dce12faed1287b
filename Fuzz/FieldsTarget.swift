/// Any bytes at all as the fields of a request: names, values, lengths, codings, hosts.
@_cdecl("LLVMFuzzerTestOneInput") public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Outcome.requireEqualForEverySplit((Array("POST /a HTTP/1.1\r\nHost: a\r\n".utf8) + input(data, count))[...])
    return 0
}
