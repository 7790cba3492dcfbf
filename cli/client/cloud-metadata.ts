// How the control plane describes itself to az (`/metadata/endpoints`), and that as the cloud that az is told of.
import type { Http } from './http.ts';
import { armError } from './arm-error.ts';

interface CloudMetadata {
  resourceManager: string;
  portal: string;
  gallery: string;
  graphAudience: string;
  microsoftGraphResourceId: string;
  authentication: { loginEndpoint: string; audiences: [string] };
  suffixes: { acrLoginServer: string };
}

/** For `az cloud register --cloud-config`; versions of az differ in how much of it they ask for themselves. */
export async function cloudConfigOf(http: Http, endpoint: string): Promise<object> {
  const url = `${endpoint}/metadata/endpoints?api-version=2022-09-01`;
  const response = await http.send<CloudMetadata>({ method: 'GET', url });
  if (response.status !== 200) throw armError(response);
  const { authentication, suffixes, ...cloud } = response.data;
  const [audience] = authentication.audiences;
  return {
    endpoints: {
      resourceManager: cloud.resourceManager,
      management: cloud.resourceManager,
      portal: cloud.portal,
      gallery: cloud.gallery,
      activeDirectory: authentication.loginEndpoint,
      activeDirectoryResourceId: audience,
      activeDirectoryGraphResourceId: cloud.graphAudience,
      microsoftGraphResourceId: cloud.microsoftGraphResourceId,
    },
    suffixes: { acrLoginServerEndpoint: suffixes.acrLoginServer },
  };
}
