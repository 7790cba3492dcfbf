// What an operator may switch off on a repository, a tag or a manifest (Azure Container Registry, "Lock a container
// image"): four switches, each on until it is switched off, and independent on each of the three.

import { sql } from 'kysely';

export const attributeNames = ['deleteEnabled', 'writeEnabled', 'readEnabled', 'listEnabled'] as const;
export type AttributeName = (typeof attributeNames)[number];
export type Attributes = Record<AttributeName, boolean>;

/** What is switched off, as stored: a bit for each name, in the order of `attributeNames`. 0: nothing. */
export type Locks = number & { readonly __brand: 'Locks' };

export const noLocks = 0 as Locks;

/** The bits of what is named. */
export function lockMask(...names: readonly AttributeName[]): Locks {
  return names.reduce((bits, name) => bits | (1 << attributeNames.indexOf(name)), 0) as Locks;
}

export function isLocked(locks: Locks, name: AttributeName): boolean {
  return (locks & lockMask(name)) !== 0;
}

export function toAttributes(locks: Locks): Attributes {
  return Object.fromEntries(attributeNames.map((name) => [name, !isLocked(locks, name)])) as Attributes;
}

/** True for rows with `locks` that lists may show; the text is for prepared statements. */
export const listedCondition = `locks & ${lockMask('listEnabled')} = 0`;
export const isListed = sql<boolean>`${sql.raw(listedCondition)}`;

/** @param changes what is not named stays as it is */
export function changeLocks(locks: Locks, changes: Partial<Attributes>): Locks {
  const named = attributeNames.filter((name) => changes[name] !== undefined);
  const off = named.filter((name) => changes[name] === false);
  return ((locks & ~lockMask(...named)) | lockMask(...off)) as Locks;
}
