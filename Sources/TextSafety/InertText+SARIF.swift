extension InertText {
    /// A message of SARIF, whose readers make links of `[text](address)` (SARIF 2.1.0, section 3.11.6).
    package static func sarif(_ text: String) -> String {
        visible(text).replacing("](", with: "]<U+0028>")
    }
}
