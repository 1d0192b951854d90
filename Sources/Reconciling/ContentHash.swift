package import Planning

/// SHA-256 (FIPS 180-4) for planning, which knows no way to compute one itself.
package let sha256: ContentHash = { bytes in SHA256.text(SHA256.digest(bytes)) }
