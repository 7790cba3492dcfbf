// Which image of a layout is meant: the one that index.json names as the tag asked for, or the only one there is.
import { type Descriptor, parseManifest } from '../../registry-node/oci/manifest.ts';
import { limits } from '../../registry-node/oci/limits.ts';
import { mediaTypes } from '../../registry-node/oci/media-type.ts';
import { failure } from '../errors.ts';
import { type Layout, readWhole } from './layout.ts';

const nameAnnotation = 'org.opencontainers.image.ref.name';

/** @throws CliError that lists the names there are */
export async function chooseImage(layout: Layout, tag: string | undefined): Promise<Descriptor> {
  const place = await layout.locate('index.json');
  if (!place) {
    throw failure(
      `'${layout.path}' is no OCI image layout: it has no index.json.`,
      "One is made with 'skopeo copy docker-daemon:hello-world:latest oci:./hello-world:latest', for example.",
    );
  }
  const { manifests } = parseManifest(
    await readWhole(layout, place, limits.manifestBytesMax),
    mediaTypes.ociIndex,
  );
  const nameOf = (one: Descriptor): string | undefined => one.annotations?.[nameAnnotation];
  const found = tag === undefined ? manifests : manifests.filter((one) => nameOf(one) === tag);
  if (found.length === 1) return found[0]!;
  const names = manifests.map((one) => nameOf(one) ?? one.digest).join(', ') || 'none';
  throw tag === undefined
    ? failure(
        `'${layout.path}' holds ${manifests.length} images; say which one: oci:${layout.path}:<name>.`,
        `There are: ${names}.`,
      )
    : failure(`'${layout.path}' holds no image '${tag}'.`, `There are: ${names}.`);
}
