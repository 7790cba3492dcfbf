// The admin user's passwords. ACR shows them again whenever it is asked, so they cannot be kept as verifiers; instead
// of keeping them at all, they derive from one secret of this control plane, the registry and a count of
// regenerations.
import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  type AdminPasswordName,
  adminPasswordNames,
  type RegistryProperties,
} from '../resources/registries/schema.ts';

export interface AdminPasswords {
  of(registry: RegistryProperties, name: AdminPasswordName): string;
  /** Which of the two `password` is, as a credential (`Principal`). */
  credentialOf(registry: RegistryProperties, password: string): string | undefined;
  /** Is what `credentialOf` found still a password of the admin user? */
  has(registry: RegistryProperties, credential: string | undefined): boolean;
}

/** 52 characters with ACR's marker, as its own passwords have. */
const passwordCharacters = 52;
const marker = '+ACR';
const markerAt = 42;

/** @param secret at least 32 random bytes */
export function adminPasswords(secret: Uint8Array): AdminPasswords {
  const of: AdminPasswords['of'] = ({ uid, adminPasswordGenerations }, name) => {
    const text = createHmac('sha512', secret)
      .update(`admin-password\n${uid}\n${name}\n${adminPasswordGenerations[name]}`)
      .digest('base64')
      .replaceAll(/[+/=]/g, 'x');
    return text.slice(0, markerAt) + marker + text.slice(markerAt, passwordCharacters - marker.length);
  };
  return {
    of,
    credentialOf: (registry, password) => {
      const found = adminPasswordNames.find((name) => sameText(of(registry, name), password));
      return found && generationOf(registry, found);
    },
    has: (registry, credential) =>
      adminPasswordNames.some((name) => generationOf(registry, name) === credential),
  };
}

function generationOf({ adminPasswordGenerations }: RegistryProperties, name: AdminPasswordName): string {
  return `${name}.${adminPasswordGenerations[name]}`;
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
