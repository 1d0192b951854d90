/// Words of commands that people are told to type.
enum ShellWord {
    /// A word that every POSIX shell reads as it is.
    static func quoted(_ word: String) -> String {
        let isPlain = { (scalar: Unicode.Scalar) in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                || "-_./:=@%+,".unicodeScalars.contains(scalar)
        }
        if !word.isEmpty, word.unicodeScalars.allSatisfy(isPlain) { return word }
        return "'\(word.replacing("'", with: "'\\''"))'"
    }
}
