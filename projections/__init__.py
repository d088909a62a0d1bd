"""Views of the log: each folder a definition, its tables and its queries; no IO."""
