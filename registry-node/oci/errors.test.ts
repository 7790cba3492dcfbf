// The codes that clients see: "The code field MUST be one of the following" (distribution-spec, "Error Codes").
import { assert, describe } from '../../fixtures/describe.ts';
import { OciError, type OciErrorCode, ociErrors } from './errors.ts';

const ofTheSpecification = [
  'BLOB_UNKNOWN',
  'BLOB_UPLOAD_INVALID',
  'BLOB_UPLOAD_UNKNOWN',
  'DIGEST_INVALID',
  'MANIFEST_BLOB_UNKNOWN',
  'MANIFEST_INVALID',
  'MANIFEST_UNKNOWN',
  'NAME_INVALID',
  'NAME_UNKNOWN',
  'SIZE_INVALID',
  'UNAUTHORIZED',
  'DENIED',
  'UNSUPPORTED',
  'TOOMANYREQUESTS',
];
/** ACR's, some of which it has of the registry that it descends from; and ours, of calls that the specification does not have. */
const added = [
  'TAG_INVALID',
  'TAG_UNKNOWN',
  'PAGINATION_NUMBER_INVALID',
  'REGISTRY_DISALLOWED_OPERATION',
  'ALREADY_ACTIVATED',
  'REQUEST_INVALID',
];
const known = new Set<string>([...ofTheSpecification, ...added]);

describe("the registry's errors", ({ test }) => {
  for (const code of Object.keys(ociErrors) as OciErrorCode[]) {
    const error = new OciError(code);
    if (error.status >= 500) continue;
    test(`call ${code} what clients know`, () => {
      const [told] = error.toBody().errors;
      assert.ok(known.has(told!.code), told!.code);
      if (known.has(code)) assert.equal(told!.code, code);
    });
  }
});
