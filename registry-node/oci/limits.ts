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
  /** Tags that one push of a manifest by digest may set; distribution-spec asks for at least 10. */
  manifestTagsMax: 100,
  /** Referrers in one page, and bytes of them: distribution-spec keeps an index below the bound of a manifest. */
  referrersPageEntriesMax: 1000,
  referrersPageBytesMax: 3 * 1024 * 1024,
  /** Nesting of indexes when a graph is copied. */
  indexDepthMax: 16,
  /** ACR's bound of a layer. Above it: 413. */
  blobBytesMax: 200 * 1024 ** 3,
  /** Requests of one principal that bring bytes of blobs at the same time. Above it: 429. */
  uploadsAtOnceMax: 200,
  /** Upload sessions of one principal that are open, those that nobody goes on with included. Above it: 429. */
  uploadsOpenMax: 10_000,
  /** Repositories looked through for a mount that names none; base layers are in many. Behind it: an upload. */
  mountSourcesMax: 1000,
  /** Sign-ins that may fail from one address within the window. Above it: 429 until the window ends. */
  signInFailuresMax: 100,
  signInFailuresWindowMs: 60_000,
  /** All headers of a request; a token that names a hundred repositories fits. Above it: 431. */
  headerBytesMax: 64 * 1024,
  /** Until the first byte, and until the end of the headers (408); longer, and the connection is closed. */
  firstByteTimeoutMs: 30_000,
  headersTimeoutMs: 60_000,
  /** Without a byte in either direction the connection is closed; above the 55 s that a gateway's round may wait. */
  idleTimeoutMs: 120_000,
  /** Kept for the next request: longer than the usual proxy keeps its side, so that it closes first. */
  keepAliveTimeoutMs: 75_000,
  /** Of one port; a further one is closed as soon as it opens. */
  connectionsMax: 10_000,
} as const;
