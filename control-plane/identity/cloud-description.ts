// `/metadata/endpoints` (Azure Resource Manager, "Cloud metadata"): where a cloud's services are, in the shapes that
// clients of different years ask for.
import { graphPath } from './audiences.ts';

export interface Cloud {
  /** e.g. `https://localhost:4430` */
  origin: string;
  tenantId: string;
  /** What follows a registry's name in its login server, with the leading dot. */
  acrSuffix: string;
}

export const cloudName = 'acrc';

/** Since 2019; since 2022 for the one cloud that was asked. */
export function cloudDescription({ origin, tenantId, acrSuffix }: Cloud): object {
  return {
    name: cloudName,
    portal: origin,
    authentication: {
      // As an ADFS: clients believe the address they were given, and ask nobody in the internet about it.
      loginEndpoint: `${origin}/adfs`,
      audiences: [origin],
      tenant: tenantId,
      identityProvider: 'ADFS',
    },
    resourceManager: origin,
    graph: `${origin}${graphPath}`,
    graphAudience: `${origin}${graphPath}`,
    microsoftGraphResourceId: `${origin}${graphPath}`,
    gallery: origin,
    media: origin,
    batch: origin,
    suffixes: { acrLoginServer: acrSuffix, keyVaultDns: '', storage: '' },
  };
}

/** As Azure Stack describes itself to older clients. */
export function oldCloudDescription({ origin }: Cloud): object {
  return {
    galleryEndpoint: origin,
    graphEndpoint: `${origin}${graphPath}`,
    portalEndpoint: origin,
    authentication: { loginEndpoint: `${origin}/adfs`, audiences: [origin] },
  };
}
