// The bounds of the registry, in one place. Figures with a source name it; the others are ours.
export const limits = {
  /** distribution-spec asks for at least 4 MiB; ACR allows just that. */
  manifestBytesMax: 4 * 1024 * 1024,
  /** distribution's own bound, which clients assume. */
  repositoryNameCharactersMax: 255,
  /** Entries in one answer of a list when the client names no `n`, and the most it may name. */
  pageEntriesDefault: 100,
  pageEntriesMax: 10_000,
  /** Descriptors in one manifest: keeps a 4 MiB manifest from making a million rows. */
  manifestDescriptorsMax: 10_000,
  /** Nesting of indexes when a graph is copied. */
  indexDepthMax: 16,
} as const;
