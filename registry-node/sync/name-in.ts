/** A tag, or a manifest by its digest, as a key among all repositories: neither holds a space. */
export const nameIn = (repository: string, tagOrDigest: string): string => `${repository} ${tagOrDigest}`;
