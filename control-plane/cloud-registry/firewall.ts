// Which addresses may reach a registry (Azure Container Registry, "Configure public IP network rules"): its network
// rules, and the switch that closes it to all. Asked before anything else, for every request to the login server and
// to the data endpoint.
import { BlockList, isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { OciError } from '../../registry-node/oci/errors.ts';
import type { ResourceKey } from '../arm/resource-id.ts';
import { registryKind } from '../resources/registries/schema.ts';
import { type RegistrySettings, settingsOf } from '../resources/registries/settings.ts';
import type { Resources } from '../store/resources.ts';

export interface Firewall {
  /** Whether it is known to let everybody through. */
  isOpen(): boolean;
  /** @throws OciError DENIED */
  admit(address: string): Promise<void>;
  close(): void;
}

type Rule = (address: string) => boolean;

export function createFirewall(resources: Resources, registryKey: ResourceKey): Firewall {
  let open = false;
  let rule: Promise<Rule> | undefined;
  const stopListening = resources.onChange((keys) => {
    if (!keys.has(registryKey)) return;
    open = false;
    rule = undefined;
  });
  const read = async (): Promise<Rule> => {
    const registry = await resources.get(registryKind, registryKey);
    return registry ? ruleOf(settingsOf(registry.properties)) : () => true;
  };
  return {
    isOpen: () => open,
    admit: async (address) => {
      rule ??= read();
      const reading = rule;
      reading.catch(() => {
        if (rule === reading) rule = undefined;
      });
      const admits = await reading;
      if (rule === reading) open = admits === everybody;
      if (admits(address)) return;
      throw new OciError(
        'DENIED',
        `client with IP '${address}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.`,
      );
    },
    close: stopListening,
  };
}

/** Before the routes are registered. */
export function guardByFirewall(app: FastifyInstance, firewall: Firewall): void {
  app.addHook('onRequest', async (request) => {
    if (!firewall.isOpen()) await firewall.admit(plain(request.ip));
  });
}

const everybody: Rule = () => true;

function ruleOf({ publicNetworkAccess, networkRuleSet }: RegistrySettings): Rule {
  if (publicNetworkAccess === 'Disabled') return () => false;
  if (networkRuleSet.defaultAction === 'Allow') return everybody;
  const allowed = new BlockList();
  for (const { value } of networkRuleSet.ipRules) {
    const [address = '', bits] = value.split('/');
    if (bits === undefined) allowed.addAddress(address);
    else allowed.addSubnet(address, Number(bits));
  }
  return (address) => isIP(address) === 4 && allowed.check(address);
}

/** `::ffff:10.0.0.7` is 10.0.0.7. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
