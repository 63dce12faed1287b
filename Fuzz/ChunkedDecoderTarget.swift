/// Any bytes at all as a chunked body, behind a head that is sound.
@_cdecl("LLVMFuzzerTestOneInput") public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let head = Array("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
    Outcome.requireEqualForEverySplit((head + input(data, count))[...])
    return 0
}
