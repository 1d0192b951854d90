/// Sizes for people, as disks are sold: 1 kB has 1,000 bytes.
package enum ByteCount {
    /// `12 bytes`, `1.2 kB`, `34.5 MB`.
    package static func words(_ bytes: Int) -> String {
        guard bytes >= 1_000 else { return bytes == 1 ? "1 byte" : "\(bytes) bytes" }
        var (amount, unit) = (Double(bytes) / 1_000, 0)
        let units = ["kB", "MB", "GB", "TB"]
        while amount >= 999.95, unit < units.count - 1 { (amount, unit) = (amount / 1_000, unit + 1) }
        let tenths = Int((amount * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }

    /// `1 file`, `12 files`.
    package static func files(_ count: Int) -> String {
        "\(count) \(count == 1 ? "file" : "files")"
    }
}
