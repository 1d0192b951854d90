import Foundation
import GRDB

/// The bytes of uploaded files, in pieces, so that none is ever whole in memory.
extension ObjectTable {
    /// Bytes per stored piece.
    static let pieceSize = 262_144

    func appendPiece(_ bytes: [UInt8], to fileID: String, number: Int) throws {
        try database.cachedStatement(sql: "INSERT INTO file_piece (file, number, bytes) VALUES (?, ?, ?)")
            .execute(arguments: [fileID, number, Data(bytes)])
    }

    /// One piece of a file; nil after the last.
    func piece(_ number: Int, of fileID: String) throws -> [UInt8]? {
        let statement = try database.cachedStatement(
            sql: "SELECT bytes FROM file_piece WHERE file = ? AND number = ?")
        return try Data.fetchOne(statement, arguments: [fileID, number]).map(Array.init)
    }

    /// The first bytes of a file, at most `limit` and the rest of a piece.
    func head(of fileID: String, limit: Int) throws -> [UInt8] {
        var head: [UInt8] = []
        var number = 0
        while head.count < limit, let piece = try piece(number, of: fileID) {
            head += piece
            number += 1
        }
        return head
    }

    func deletePieces(of fileID: String) throws {
        try database.cachedStatement(sql: "DELETE FROM file_piece WHERE file = ?").execute(arguments: [fileID])
    }

    /// Deletes the pieces of uploads that never came to their end.
    func deleteOrphanedPieces() throws {
        try database.execute(
            sql: "DELETE FROM file_piece WHERE file NOT IN (SELECT id FROM object WHERE kind = 'file')")
    }
}
