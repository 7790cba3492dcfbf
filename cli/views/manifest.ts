// How manifests, and what refers to them, are shown.
import { column, listAt, type View } from '../output/view.ts';

export const manifestView: View = {
  columns: {
    MediaType: column('mediaType'),
    ArtifactType: column('artifactType'),
    SubjectDigest: column('subject.digest'),
  },
};

export const referrersView: View = {
  columns: {
    Digest: column('digest'),
    ArtifactType: column('artifactType'),
    MediaType: column('mediaType'),
    Size: column('size'),
  },
  rows: (result) => listAt(result, 'manifests'),
};
