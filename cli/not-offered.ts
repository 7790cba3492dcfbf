// What `az acr` can do and acrc cannot: said in a sentence, because "unknown command" would make people look for a typing
// error. Words behind `acrc`, in the order of az's reference, and why, or what does it instead.
const building = 'acrc builds nothing: build with docker, buildah or a CI system, and push.';
const azure = 'it is about services that only Azure has.';
const kept = 'what is deleted is gone here, whatever the soft-delete policy says.';
const mirrored = "acrc caches no other registry: copy images with 'acrc import'.";

export const notOffered: Readonly<Record<string, string>> = {
  agentpool: building,
  'artifact-streaming': 'images are pulled as a whole.',
  build: building,
  cache: mirrored,
  'connected-registry upgrade': 'a node is upgraded where it runs.',
  'credential-set': mirrored,
  encryption: 'encrypt the disk that the data folder is on.',
  'export-pipeline': azure,
  helm: 'push charts as OCI artifacts with helm itself.',
  identity: azure,
  'import-pipeline': azure,
  'manifest list-deleted': kept,
  'manifest list-deleted-tags': kept,
  'manifest metadata': "use 'acrc manifest show-metadata', 'list-metadata' and 'update-metadata'.",
  'manifest restore': kept,
  pack: building,
  'pipeline-run': azure,
  'private-endpoint-connection': azure,
  'private-link-resource': azure,
  query: 'nothing indexes the metadata of images here.',
  'repository list-deleted': kept,
  run: building,
  'supply-chain': azure,
  task: building,
  taskrun: building,
};
