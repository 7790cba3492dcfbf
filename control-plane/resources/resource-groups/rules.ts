// What a resource group may be called, and how places are spelled.
import { ArmError } from '../../arm/errors.ts';
import type { Resource } from '../../store/resource.ts';

const namePattern = /^[-\w.()]{0,89}[-\w()]$/;

/** @throws ArmError InvalidResourceName */
export function checkResourceGroupName(name: string): void {
  if (namePattern.test(name)) return;
  throw new ArmError(
    'InvalidResourceName',
    `The provided resource group name '${name}' is invalid: up to 90 letters, digits, '-', '_', '.', '(' and ')', not ending in '.'.`,
  );
}

/** `West Europe` is `westeurope`. Any name is a location: what it means is up to whoever runs the control plane. */
export function normaliseLocation(text: string): string {
  const location = text.replaceAll(/\s/g, '').toLowerCase();
  if (/^[a-z0-9-]{1,63}$/.test(location)) return location;
  throw new ArmError(
    'InvalidResourceLocation',
    `The location '${text}' is not valid: use letters, digits and '-', like westeurope.`,
    'location',
  );
}

/** @throws ArmError InvalidResourceLocation: a group does not move */
export function checkSameGroupLocation(group: Resource<unknown>, location: string): void {
  if (group.location === location) return;
  throw new ArmError(
    'InvalidResourceLocation',
    `Invalid resource group location '${location}'. The Resource group already exists in location '${group.location}'.`,
    'location',
  );
}
